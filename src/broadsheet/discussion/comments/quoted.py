"""What becomes of quotations when what they quote is taken back."""

from datetime import datetime

from broadsheet.discussion.models import Comment, Quote


def blank_quotes_of(comment: Comment, *, now: datetime) -> None:
    """Blank the words that others quote from a comment. The caller holds the thread's lock."""
    Quote.objects.filter(source=comment, blanked_at=None).update(
        exact="", prefix="", suffix="", sentence="", blanked_at=now
    )
