"""Who may bring comments over from another system, and what such a comment may claim."""

from typing import Final

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

STATES: Final = ("published", "held", "removed")
MARKUPS: Final = ("markdown", "html")


def may_import(*, actor: Actor) -> Verdict:
    """Say whether the actor may import: the importer itself, or the owner."""
    return ALLOWED if actor.has(Role.SYSTEM, Role.OWNER) else Refused("not_yours")
