"""What is said of notices, and of statements of reasons to whom they are about."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.rules import reasons
from broadsheet.discussion.rules.reasons import Value

REFUSALS: Final[Mapping[str, Promise]] = {
    "notice_address": _(
        "This is no address of a comment here. Open the comment by its time, and copy the address."
    ),
    "notice_gone": _("This comment is not public at present, or never was."),
    "notice_words": _("Say why this is against the law: which words, and what they do."),
    "notice_name": _("Write your name or that of your authority. It is not shown to the public."),
    "notice_email": _("Write an e-mail address at which you can be answered."),
    "notice_faith": _("Confirm that what you say is right as far as you know."),
}
_VALUES: Final[Mapping[str, Promise]] = {
    "DECISION_VISIBILITY_CONTENT_REMOVED": _("The comment is removed"),
    "DECISION_VISIBILITY_CONTENT_DISABLED": _("The comment is held back"),
    "DECISION_PROVISION_PARTIAL_SUSPENSION": _("What you can do here is limited"),
    "DECISION_ACCOUNT_SUSPENDED": _("You are suspended"),
    "DECISION_ACCOUNT_TERMINATED": _("You are excluded"),
    reasons.ILLEGAL: _("It is held to be illegal"),
    reasons.INCOMPATIBLE: _("It is not compatible with the rules of this site"),
    reasons.NOTICE: _("a notice under Art. 16 of the Digital Services Act"),
    reasons.REPORT: _("a report by readers"),
    reasons.VOLUNTARY: _("the newsroom’s own reading"),
    "AUTOMATED_DECISION_FULLY": _("decided automatically, by a setting of this site"),
    "AUTOMATED_DECISION_NOT_AUTOMATED": _("decided by a person"),
}
_LABELS: Final[Mapping[str, Promise]] = {
    "decision_visibility": _("What was decided"),
    "decision_provision": _("What was decided"),
    "decision_account": _("What was decided"),
    "decision_ground": _("Ground"),
    "illegal_content_legal_ground": _("Law"),
    "illegal_content_explanation": _("What that means"),
    "incompatible_content_ground": _("Rule"),
    "incompatible_content_explanation": _("What that means"),
    "decision_facts": _("Facts"),
    "source_type": _("How it was noticed"),
    "automated_decision": _("By whom"),
    "content_date": _("Written on"),
    "application_date": _("In force since"),
    "end_date": _("Until"),
}


_DAYS: Final = frozenset({"content_date", "application_date", "end_date"})


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")


def statement_lines(
    statement: Mapping[str, Value], *, why: Callable[[str], str]
) -> Iterator[tuple[Promise, str]]:
    """Yield what a statement of reasons says, each with its label.

    `why` says in words what is no rule of the house.
    """
    for name, label in _LABELS.items():
        value = statement.get(name)
        if value:
            said = _day(str(value)) if name in _DAYS else str(value)
            yield label, str(_VALUES.get(said, "")) or why(said) or said
