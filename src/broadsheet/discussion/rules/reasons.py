"""Statements of reasons as Art. 17 of the EU's Digital Services Act asks for them.

Fields and values are called as in the schema of the Commission's transparency database, so that an
export can be sent there by whoever has to. What does not apply is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# What each verb that restricts somebody is, in which field. Without an end it ends nowhere.
_MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "remove": ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED"),
    "remove_branch": ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED"),
    "remove_raid": ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED"),
    "hold": ("decision_visibility", "DECISION_VISIBILITY_CONTENT_DISABLED"),
    "hold_author": ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
    "mute": ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
    "slow_author": ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
    "suspend": ("decision_account", "DECISION_ACCOUNT_SUSPENDED"),
    "ban": ("decision_account", "DECISION_ACCOUNT_TERMINATED"),
}
RESTRICTING: Final = tuple(_MEASURES)
# Ways to have it looked at again; the addresses are the page's.
REDRESS: Final = ("INTERNAL_COMPLAINT", "JUDICIAL")

ILLEGAL: Final = "DECISION_GROUND_ILLEGAL_CONTENT"
INCOMPATIBLE: Final = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
NOTICE: Final = "SOURCE_ARTICLE_16"
REPORT: Final = "SOURCE_TYPE_OTHER_NOTIFICATION"
VOLUNTARY: Final = "SOURCE_VOLUNTARY"

type Value = str | int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What is known of a decision that restricts somebody.

    `title` and `sentence` are those of the house rule in force then, or of the general reason.
    `facts` are the moderator's words. `reported` by readers, `noticed` under Art. 16.
    """

    number: int
    verb: str
    rule: str
    title: str
    sentence: str
    law: bool
    facts: str
    automatic: bool
    reported: bool
    noticed: bool
    language: str
    has_image: bool
    written_at: datetime | None
    at: datetime
    until: datetime | None = None
    version: int = 0


def statement(one: Restriction) -> dict[str, Value]:
    """Return the statement of reasons of a decision, by the names of the schema's fields."""
    field, measure = _MEASURES[one.verb]
    ground = "illegal_content" if one.law else "incompatible_content"
    found: dict[str, Value] = {
        "puid": one.number,
        field: measure,
        "decision_ground": ILLEGAL if one.law else INCOMPATIBLE,
        f"{ground}_{'legal_ground' if one.law else 'ground'}": one.title,
        f"{ground}_explanation": one.sentence or one.title,
        "decision_facts": one.facts,
        "source_type": NOTICE if one.noticed else REPORT if one.reported else VOLUNTARY,
        "automated_detection": "Yes" if one.automatic else "No",
        "automated_decision": (
            "AUTOMATED_DECISION_FULLY" if one.automatic else "AUTOMATED_DECISION_NOT_AUTOMATED"
        ),
        "content_type": ("CONTENT_TYPE_TEXT", *(("CONTENT_TYPE_IMAGE",) if one.has_image else ())),
        "content_language": one.language.partition("-")[0].upper(),
        "content_date": one.written_at.date().isoformat() if one.written_at else None,
        "application_date": one.at.date().isoformat(),
        "end_date": one.until.date().isoformat() if one.until else None,
        # Everywhere: nothing here is shown in one country and hidden in another.
        "territorial_scope": None,
        "redress": REDRESS,
        "house_rules_version": one.version or None,
    }
    return {name: value for name, value in found.items() if value not in {None, ""}}
