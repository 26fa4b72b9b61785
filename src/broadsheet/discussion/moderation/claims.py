"""Telling colleagues that one is at a comment, or wants one of them to look at it."""

from datetime import datetime

from django.db import transaction

from broadsheet.discussion.models import Claim, Waiting
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.rules import waiting as rules
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused, require


def take(*, actor: Actor, comment_id: int, now: datetime) -> None:
    """Say that the actor is at a comment that waits, for a quarter of an hour.

    Refused while somebody else is; what a colleague was asked, whoever takes it answers. Raises
    RefusalError, UnknownCommentError.
    """
    _claim(actor=actor, comment_id=comment_id, now=now, asks=False, words="")


def ask_colleague(*, actor: Actor, comment_id: int, words: str, now: datetime) -> None:
    """Leave a comment that waits to somebody else, with a few words. Raises as `take` does."""
    said = words.strip()
    limit = (("limit", rules.WORDS_LIMIT),)
    if len(said) > rules.WORDS_LIMIT:
        raise RefusalError(Refused("reason_too_long", facts=limit, field="reason"))
    _claim(actor=actor, comment_id=comment_id, now=now, asks=True, words=said)


def release(*, actor: Actor, comment_id: int) -> None:
    """Take back one's own claim; whoever has none changes nothing. Raises RefusalError."""
    require(deciding.may_moderate(actor=actor))
    Claim.objects.filter(comment=comment_id, actor_id=actor.id).delete()


def _claim(*, actor: Actor, comment_id: int, now: datetime, asks: bool, words: str) -> None:
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        lock_thread_of(comment_id)
        if not asks:
            # Who may not decide about it can still ask somebody who may.
            require_no_concern(actor=actor, numbers=[comment_id], alone=False)
        if not Waiting.objects.filter(comment=comment_id).exists():
            raise RefusalError(Refused("already_decided"))
        there = Claim.objects.filter(comment=comment_id).first()
        others = there is not None and there.actor_id != actor.id and not there.asks
        if there and others and rules.is_open(at=there.at, asks=False, now=now):
            raise RefusalError(Refused("taken"))
        Claim.objects.update_or_create(
            comment_id=comment_id,
            defaults={"actor_id": actor.id, "at": now, "asks": asks, "words": words},
        )
