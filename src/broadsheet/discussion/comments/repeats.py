"""Knowing a post that was sent twice: by the sender's key, or by the same words."""

from collections.abc import Iterator, Sequence

from django.utils.crypto import salted_hmac

from broadsheet.discussion.images.shown import KeptImage
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.rules import texts
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.statements import first
from broadsheet.kit.actor import Actor
from broadsheet.kit.ids import RESENT

_SAME = "SELECT id FROM discussion_comment WHERE thread_id = %s AND idempotency_key = %s"


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


def keys_of(
    actor: Actor, given: str, parent_id: int | None, persona: str, text: str, beside: Sequence[str]
) -> Iterator[str]:
    """Yield what the same post has again, keyed with the house's secret: first that of this one.

    For the words are public, and from a plain digest of both the network could be found by trying.
    A post that failed before it was given a key may stand under its words.
    """
    by_network = actor.newcomer and actor.network
    sender = f"network:{actor.network}" if by_network else actor.id
    if given:
        yield _keyed(sender, "given", given)
    if not given or given.startswith(RESENT):
        yield _keyed(sender, "text", str(parent_id or ""), persona, text, *beside)


def earlier_of(thread: Thread, keys: Sequence[str]) -> Comment | None:
    """Return what the same post became. Nearly always there is none: its number is asked first."""
    for key in keys:
        if found := first(_SAME, thread.pk, key):
            return Comment.objects.select_related("author").get(pk=found[0])
    return None


def _keyed(*parts: str) -> str:
    digest = texts.digest_of(*parts)
    return salted_hmac("broadsheet.discussion.repeat", digest, algorithm="sha256").hexdigest()
