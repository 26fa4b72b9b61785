"""Who may vote on what."""

from broadsheet.discussion.rules.posting import may_write
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

VALUES = (-1, 0, 1)


def may_vote(*, actor: Actor, owner: str, published: bool, closed: bool, value: int) -> Verdict:
    """Say whether the actor may set their vote to `value`; 0 takes it back.

    `owner` is the id of the actor who wrote the comment.
    """
    if value not in VALUES:
        return Refused("vote_value")
    if not (allowed := may_write(actor=actor)):
        return allowed
    if not published:
        return Refused("comment_gone")
    if closed:
        return Refused("closed")
    return Refused("own_comment") if owner == actor.id else ALLOWED
