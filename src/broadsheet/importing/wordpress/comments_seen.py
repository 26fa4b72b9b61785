"""The comments of the first pass: which are carried over, as what, and who answers whom."""

from typing import Final

from broadsheet.formats.api import Comment, comment_text, is_closed, is_pinned, plain_text, votes
from broadsheet.importing import rules
from broadsheet.importing.report import Place, Report
from broadsheet.importing.rules import Becomes, Shown
from broadsheet.importing.wordpress import mapping
from broadsheet.importing.wordpress.scratch import Scratch
from broadsheet.importing.wordpress.threads import ThreadPlan

# Longer comments than the discussion takes; see its own bound.
COMMENT_LENGTH: Final = 100_000


class CommentsSeen:
    """Takes the comments of one item after the other, in the order of the file."""

    def __init__(self, scratch: Scratch, report: Report) -> None:
        self._report = report
        self._threads = ThreadPlan(scratch, report)

    def take(self, comment: Comment, *, on: rules.Fate, title: str) -> None:
        """Judge a comment; `on` is what becomes of its item, `title` what that is called."""
        self._report.found("comment")
        at = Place(comment.line, title)
        fate = rules.comment_fate(comment, on=on.becomes)
        why = fate.why
        if fate.state:
            text = comment_text(comment.content)
            if not text.strip():
                fate, why = rules.CommentFate(""), "comment_empty"
            elif len(text) > COMMENT_LENGTH:
                fate, why = rules.CommentFate(""), "comment_long"
        if why:
            if why == "pingback":
                at = Place(comment.line, plain_text(comment.author) or comment.url)
            self._report.note(why, at, detail=comment.type if why == "comment_type" else "")
        self._threads.add(comment, carried=bool(fate.state))
        if fate.state:
            self._carried(comment, fate.state, on=on, at=at)

    def close(self, item: int) -> None:
        """Settle who answers whom when the item's last comment had come."""
        self._threads.close(item)

    def _carried(self, comment: Comment, state: str, *, on: rules.Fate, at: Place) -> None:
        self._report.came("comment", state if on.shown is Shown.LIVE else "held")
        if on.shown is not Shown.LIVE:
            self._report.note("comment_hidden", at)
        elif on.becomes is Becomes.PAGE:
            self._report.note("comment_on_page", at)
        if rules.moment(comment.date_utc, comment.date_local, zone=mapping.zone()) is None:
            self._report.note("comment_date", at)
        tally = votes(comment)
        if tally is not None:
            self._report.found("votes")
            if not tally.exact:
                self._report.note("votes_net", at)
        if is_pinned(comment):
            self._report.found("pinned")
        if is_closed(comment):
            self._report.note("comment_closed", at)
