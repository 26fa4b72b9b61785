"""What the public log says of a decision: nothing of who, of whom, or in which words."""

from datetime import UTC, datetime
from typing import Final

from broadsheet.discussion.rules.deciding import REMOVAL_RULES
from broadsheet.kit.actor import Role
from broadsheet.kit.chain import Scalar

DECISION: Final = "decision"
VERSION: Final = 1


def entry_of(
    *,
    number: int,
    at: datetime,
    verb: str,
    rule: str,
    rules: int | None,
    role: str,
    commitment: bytes,
) -> dict[str, Scalar]:
    """Return the public entry of a decision, as it is hashed and exported.

    The time is cut to the minute. A rule that points at something ("note:17") is its kind alone,
    but for another decision, whose number is in `refers`. By whom it was: a moderator, whoever of
    the staff that is; the system, which is automatic; or the author of the comment.
    """
    kind, _, pointed = rule.partition(":")
    refers = int(pointed) if kind == DECISION and pointed.isdecimal() else None
    return {
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "by": by_whom(role),
        "commitment": commitment.hex(),
        "number": number,
        "refers": refers,
        "rule": "" if refers else kind,
        "rules": rules,
        "verb": verb,
    }


def by_whom(role: str) -> str:
    """Return who decides in this role: "moderator", "system" or "author"."""
    if role == Role.SYSTEM:
        return "system"
    return "moderator" if role else "author"


def rules_version(rule: str) -> int | None:
    """Return the version of the house rules in which `rule` is one, None for all other reasons."""
    return VERSION if rule in REMOVAL_RULES else None
