"""What the newsroom says of comments beside their words, as the list of comments draws it."""

from collections.abc import Sequence
from html import escape
from itertools import compress

from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from broadsheet.discussion.comments.shown import ShownComment
from broadsheet.discussion.rules import paths


class Marks:
    """The marks of the comments on one page. Nothing of them is asked of the database."""

    def __init__(self, comments: Sequence[ShownComment]) -> None:
        self.closed = _closed(comments)
        self.answers = {
            comment.parent: comment.number
            for comment in comments
            if comment.answer and comment.is_public and comment.parent is not None
        }
        words = {
            "pinned": gettext("Pinned"),
            "featured": gettext("Chosen by the newsroom"),
            "answer": gettext("Answer of the newsroom"),
            "closed": gettext("No more replies"),
        }
        self.labels = tuple(
            f'<span class="mark" data-mark="{mark}">{shown}</span>' for mark, shown in words.items()
        )
        self.answered = gettext("Answered by the newsroom")

    def takes_replies(self, comment: ShownComment) -> bool:
        """Say whether it can be answered, as far as what stands above it is on the page."""
        return comment.number not in self.closed

    def drawn(self, comment: ShownComment) -> str:
        """Return the labels of a comment, and the way to its answer where that is on the page."""
        has = (
            comment.pinned and comment.parent is None,
            comment.featured,
            comment.answer,
            comment.closed and comment.closed_until is None,
        )
        labels = "".join(compress(self.labels, has)) + self._until(comment)
        answer = self.answers.get(comment.number)
        if answer is None:
            return labels
        return f'{labels}<a class="edition answered" href="#c{answer}">{self.answered}</a>'

    @staticmethod
    def _until(comment: ShownComment) -> str:
        if not comment.closed or comment.closed_until is None:
            return ""
        # No `time`: a script says of those how long ago they were.
        until = format_date(localtime(comment.closed_until), get_format("DATETIME_FORMAT"))
        words = escape(gettext("No more replies until %(time)s") % {"time": until})
        return f'<span class="mark" data-mark="closed">{words}</span>'


def _closed(comments: Sequence[ShownComment]) -> set[int]:
    """Return the comments on the page that are closed, or stand below one on it that is."""
    if not any(comment.closed for comment in comments):
        return set()
    closed: set[int] = set()
    for comment in sorted(comments, key=lambda one: one.depth):
        above = {comment.parent, comment.root, *paths.ids_of(comment.path)}
        if comment.closed or not closed.isdisjoint(above):
            closed.add(comment.number)
    return closed
