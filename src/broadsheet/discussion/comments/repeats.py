"""Knowing a post that was sent twice: by the sender's key, or by the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from broadsheet.discussion.images.shown import KeptImage
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.rules import posting, texts
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.statements import first
from broadsheet.kit.actor import Actor
from broadsheet.kit.ids import new_token

_SAME = "SELECT id FROM discussion_comment WHERE thread_id = %s AND idempotency_key = %s"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the same post has again: its `key`.

    One that failed at a time before it was given a key may stand under its `words`; of others with
    a key these are empty.
    """

    key: str
    words: str
    failed_at: datetime | None


def key_after_failure(*, now: datetime) -> str:
    """Return a key for a form that failed without one, which says when that was."""
    return _signer().sign(f"{(now - _EPOCH) // _MICROSECOND}.{new_token()}")


def persona_of(actor: Actor, name: str) -> str:
    """Return under which name of theirs somebody posts."""
    shown = texts.clean_name(name) if actor.is_guest else ""
    return texts.persona_key(owner="", name=shown)


def beside_of(
    quotes: Sequence[Chosen], at_words: Phrase | int | None, image: KeptImage | None
) -> list[str]:
    """Return what a post has beside its words: another image is another comment."""
    beside = [f"{one.source}:{one.exact}" for one in quotes]
    if at_words:
        beside.append(f"note:{at_words.exact if isinstance(at_words, Phrase) else at_words}")
    if image:
        beside.append(f"image:{image.digest}")
    return beside


def sent_of(
    actor: Actor, given: str, parent_id: int | None, persona: str, text: str, beside: Sequence[str]
) -> Sent:
    """Return what the same post has again, keyed with the house's secret.

    For the words are public, and from a plain digest of both the network could be found by trying.
    """
    by_network = actor.newcomer and actor.network
    sender = f"network:{actor.network}" if by_network else actor.id
    failed_at, words = _failed_at(given), ""
    if failed_at or not given:
        words = _keyed(sender, "text", str(parent_id or ""), persona, text, *beside)
    return Sent(_keyed(sender, "given", given) if given else words, words, failed_at)


def earlier_of(thread: Thread, sent: Sent) -> Comment | None:
    """Return what the same post became. Nearly always there is none: its number is asked first."""
    found = _under(thread, sent.key)
    if found or not sent.failed_at:
        return found
    found = _under(thread, sent.words)
    lost = found and posting.may_be_lost(written=found.created_at, failed=sent.failed_at)
    return found if lost else None


def _under(thread: Thread, key: str) -> Comment | None:
    found = first(_SAME, thread.pk, key)
    return Comment.objects.select_related("author").get(pk=found[0]) if found else None


def _signer() -> Signer:
    return Signer(salt="broadsheet.discussion.failed")


def _failed_at(key: str) -> datetime | None:
    """Return when a form failed that had no key; a signed one, for by it words are told apart."""
    try:
        moment, _, _ = _signer().unsign(key).partition(".")
    except BadSignature:
        return None
    return _EPOCH + int(moment) * _MICROSECOND


def _keyed(*parts: str) -> str:
    digest = texts.digest_of(*parts)
    return salted_hmac("broadsheet.discussion.repeat", digest, algorithm="sha256").hexdigest()
