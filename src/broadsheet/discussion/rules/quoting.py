"""What may be quoted, how much of it, and who may take a quotation back that was found."""

from dataclasses import dataclass
from typing import Final

from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

MAX_QUOTES: Final = 3
MATCHING: Final = "matching"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words that somebody wants to quote, as a browser saw them.

    From the comment `source`, or from the story where that is None. `whole` asks for all of it, or
    for as many of its first sentences as a quotation takes; then there are no words to find.
    """

    source: int | None
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    whole: bool = False


def are_few(*, count: int) -> Verdict:
    """Say whether one comment may carry so many quotes."""
    if count <= MAX_QUOTES:
        return ALLOWED
    return Refused("quote_too_many", facts=(("limit", MAX_QUOTES),), field="quote")


def is_there(*, there: bool) -> Verdict:
    """Say whether what is quoted can be read here: public, and of the same thread."""
    return ALLOWED if there else Refused("quote_gone", field="quote")


def may_undo(*, actor: Actor, owner: str, origin: str, undone: bool) -> Verdict:
    """Say whether the actor may undo a quotation: its comment's author and moderators may.

    Only one that was found by matching; what somebody chose to quote belongs to what they said.
    """
    if actor.id != owner and not may_moderate(actor=actor):
        return Refused("not_yours")
    if origin != MATCHING:
        return Refused("quote_chosen")
    return Refused("quote_undone") if undone else ALLOWED
