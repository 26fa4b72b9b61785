"""Erasing what is known of decisions beside the log: their keys, the words of their reasons."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import batched
from typing import Final

from broadsheet.discussion import chain
from broadsheet.discussion.models import Decision, DecisionReason
from broadsheet.discussion.rules.undoing import reference
from broadsheet.kit.actor import Actor
from broadsheet.kit.chain import canonical

ERASE: Final = "erase"
_TOGETHER: Final = 500


def erase_decisions(*, actor: Actor, numbers: Collection[int], now: datetime) -> int:
    """Take keys, words and facts of decisions away for good; return of how many.

    Their commitments say nothing any more, the chain is as whole as before. An entry of its own
    says so, and holds fast what remains. What was erased before stays as it is. The caller is in a
    transaction, and holds the locks of threads that it needs.
    """
    found = Decision.objects.filter(sequence__in=numbers, key__isnull=False).exclude(verb=ERASE)
    erased = list(found.order_by("sequence"))
    for part in batched(erased, _TOGETHER):
        DecisionReason.objects.filter(decision__in=part).delete()
        Decision.objects.filter(pk__in=[one.pk for one in part]).update(key=None)
        chain.append(
            verb=ERASE,
            rule=reference(part[0].sequence) if len(part) == 1 else "",
            actor=actor,
            now=now,
            facts={
                "erased": " ".join(str(one.sequence) for one in part),
                "remains": _digest(part),
            },
        )
    return len(erased)


def check_erased() -> Iterator[str]:
    """Every decision without a key was erased, as an entry says, and remains what it was then."""
    keyless = Decision.objects.filter(key__isnull=True).values_list("sequence", flat=True)
    left = set(keyless.order_by("sequence").iterator())
    for facts in DecisionReason.objects.filter(decision__verb=ERASE).order_by("decision"):
        said = _read(facts.facts)
        numbers = [int(number) for number in said.get("erased", "").split()]
        part = list(Decision.objects.filter(sequence__in=numbers).order_by("sequence"))
        if _digest(part) != said.get("remains"):
            yield f"what remained of decisions {said.get('erased')} was changed since"
        left -= set(numbers)
    for number in sorted(left):
        yield f"decision {number} has no key, and no entry of the log says that it was erased"


def _read(facts: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(facts) if facts else {}
    return found


def _digest(part: Sequence[Decision]) -> str:
    digest = sha256()
    for decision in part:
        digest.update(canonical(chain.private_of(decision, reason="", facts="")).encode())
    return digest.hexdigest()
