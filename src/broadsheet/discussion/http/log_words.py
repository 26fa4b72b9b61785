"""How the public log says what was decided: an action, a reason, and by what kind of somebody."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.http.wording import rule_sentence
from broadsheet.discussion.log.queries import Follow, LogEntry

ACTIONS: Final[Mapping[str, Promise]] = {
    "publish": _("Comment published"),
    "hold": _("Comment held back to be read"),
    "remove": _("Comment removed"),
    "restore": _("Comment restored"),
    "withdraw": _("Comment taken back by its author"),
    "blank": _("Earlier words or an image taken away for good"),
    "dismiss": _("Comment left standing after reports"),
    "remove_branch": _("Comment removed with all below it"),
    "hold_author": _("From now on somebody’s comments are read first"),
    "free_author": _("Somebody’s comments are no longer read first"),
    "warn": _("Somebody warned"),
    "mute": _("Somebody may not write in a discussion"),
    "slow_author": _("Somebody slowed down"),
    "suspend": _("Somebody suspended"),
    "ban": _("Somebody excluded"),
    "lift": _("What held for somebody lifted: entry %(number)s"),
    "confirm": _("Entry %(number)s confirmed by a second moderator"),
    "appeal": _("Second look asked for at entry %(number)s"),
    "uphold": _("Entry %(number)s looked at again, and left standing"),
    "pin": _("Comment pinned"),
    "unpin": _("Comment no longer pinned"),
    "feature": _("Comment chosen by the newsroom"),
    "unfeature": _("Comment no longer chosen by the newsroom"),
    "mark_answer": _("Comment marked as the newsroom’s answer"),
    "unmark_answer": _("Comment no longer marked as the newsroom’s answer"),
    "close": _("Discussion or branch closed"),
    "reopen": _("Discussion or branch opened again"),
    "slow": _("Slow mode on"),
    "unslow": _("Slow mode off"),
    "raid": _("Raid mode on"),
    "end_raid": _("Raid mode off"),
    "remove_raid": _("Comments of a raid removed"),
    "publish_raid": _("Comments of a raid published"),
    "ask": _("Question asked about words of a story"),
    "close_note": _("No more answers taken to a question"),
    "reopen_note": _("Answers taken to a question again"),
    "remove_note": _("Question taken away"),
    "restore_note": _("Question brought back"),
    "undo": _("Entry %(number)s undone"),
    "change_rules": _("House rules changed"),
    "change_filters": _("Filters changed"),
    "change_assistant": _("What the assistant may do changed"),
    "erase": _("What was known beside entries of this log was erased"),
}
_BY: Final[Mapping[str, Promise]] = {
    "moderator": _("by a moderator"),
    "system": _("automatic"),
    "author": _("by its author"),
}
# What became of an entry later.
_FOLLOWED: Final[Mapping[str, Promise]] = {
    "undo": _("undone by entry"),
    "appeal": _("second look asked for, entry"),
    "uphold": _("looked at again and left standing, entry"),
    "lift": _("lifted by entry"),
    "confirm": _("confirmed by entry"),
}
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def action_words(entry: LogEntry) -> str:
    return str(ACTIONS.get(entry.verb, entry.verb)) % {"number": entry.refers}


def reason_words(entry: LogEntry) -> str:
    """Return the reason in general, where it is no house rule; "" for none."""
    return rule_sentence(entry.rule)


def by_words(entry: LogEntry) -> str:
    return str(_BY[entry.by])


def followed_words(follow: Follow) -> str:
    return str(_FOLLOWED.get(follow.verb, gettext("see entry")))


def waited_words(wait: timedelta | None) -> str:
    """Return about how long that is."""
    if wait is None:
        return "–"
    seconds = int(wait.total_seconds())
    if seconds < _HOUR:
        count = max(1, round(seconds / _MINUTE))
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < 2 * _DAY:
        count = round(seconds / _HOUR)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = round(seconds / _DAY)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
