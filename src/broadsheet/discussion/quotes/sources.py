"""What the story under discussion says; the room of stories knows, and whoever calls names it."""

from typing import Protocol

from broadsheet.discussion.models import Thread
from broadsheet.kit.anchors import PlainText, plain


class StoryText(Protocol):
    """Gives the words of one edition of the story by a thread's key, paragraphs apart.

    None where there is no such edition. One query.
    """

    def __call__(self, *, key: str, edition: int) -> str | None: ...


def story_of(thread: Thread, story_text: StoryText | None) -> PlainText | None:
    """Return the words of the story as it is discussed now, or None where nobody has them."""
    if story_text is None or not thread.edition:
        return None
    text = story_text(key=thread.key, edition=thread.edition)
    return plain(text) if text else None
