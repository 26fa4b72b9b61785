"""Who may vote on what."""

from typing import Final

from broadsheet.discussion.rules.posting import may_write
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

VALUES: Final = (-1, 0, 1)
NEW_GUEST: Final = 0.15
HALFWAY: Final = 5
# More than so many earlier votes change a weight by less than a hundredth.
COUNTED: Final = 400


def may_vote(
    *,
    actor: Actor,
    owner: str,
    published: bool,
    closed: bool,
    value: int,
    up_only: bool = False,
    in_raid: bool = False,
) -> Verdict:
    """Say whether the actor may set their vote to `value`; 0 takes it back.

    `owner` is the id of the actor who wrote the comment. With `up_only` none is voted down.
    `in_raid`: many come at once, and this one was not here before: their votes are not taken.
    """
    if value not in VALUES:
        return Refused("vote_value")
    if up_only and value < 0:
        return Refused("votes_up_only")
    if not (allowed := may_write(actor=actor)):
        return allowed
    against = (
        ("comment_gone", not published),
        ("closed", closed),
        ("raid_vote", in_raid and value != 0),
        ("own_comment", owner == actor.id),
    )
    return next((Refused(code) for code, holds in against if holds), ALLOWED)


def weight_of(*, actor: Actor, earlier: int) -> float:
    """Return how much a vote counts in an order that weighs voters, between 0.15 and 1.

    An account is behind an address that was confirmed, and counts in full. A device costs nothing:
    a guest's grows with the votes they cast before, `earlier`, by half of the rest at five of them.
    """
    if not actor.is_guest:
        return 1.0
    return NEW_GUEST + (1 - NEW_GUEST) * earlier / (earlier + HALFWAY)
