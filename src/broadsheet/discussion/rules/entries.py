"""What the public log says of a decision: nothing of who, of whom, or in which words."""

from datetime import UTC, datetime
from typing import Final

from broadsheet.kit.actor import Role
from broadsheet.kit.chain import Scalar

DECISION: Final = "decision"


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
    refers = refers_to(rule)
    return {
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "by": by_whom(role),
        "commitment": commitment.hex(),
        "number": number,
        "refers": refers,
        "rule": "" if refers else rule.partition(":")[0],
        "rules": rules,
        "verb": verb,
    }


def refers_to(rule: str) -> int | None:
    """Return the number of the decision that a rule points at, None where it does not."""
    kind, _, pointed = rule.partition(":")
    return int(pointed) if kind == DECISION and pointed.isdecimal() else None


def by_whom(role: str) -> str:
    """Return who decides in this role: "moderator", "system" or "author"."""
    if role == Role.SYSTEM:
        return "system"
    return "moderator" if role else "author"


def may_be_of_house(rule: str) -> bool:
    """Say whether a rule can be one of the house's, whose version then has to be known."""
    return bool(rule) and ":" not in rule
