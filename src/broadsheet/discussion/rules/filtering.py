"""What a newsroom lets wait or refuses by words, patterns, links, repetition and removals.

`Filters` is the whole of it, as one document: it is tried, switched on and kept as one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from broadsheet.discussion.rules import patterns
from broadsheet.kit.folding import normal, readable, words_of
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

MOST_WORDS: Final = 2_000
MOST_PATTERNS: Final = 20
MOST_HOSTS: Final = 500
LONGEST_WORD: Final = 64
LONGEST_HOST: Final = 253
MOST_NUMBERS: Final = {
    "most_links": 50, "repeat_hours": 168, "repeat_people": 50, "removals": 50, "removal_days": 365,
}  # fmt: skip
_HOST: Final = re.compile(r"[^\s/?#@:]+\.[^\s/?#@:.]{2,}")


@dataclass(frozen=True, slots=True)
class Filters:
    """All filters of a newsroom. Each list is in the order in which it was typed.

    A word may end in "*" for all that begin with it, and be several words. `most_links` None: as
    many as anybody likes. In `repeat_hours` the same words are taken once of a person, and of fewer
    than `repeat_people`; 0 for never. Of whom so many comments were removed in `removal_days`, all
    waits; 0 `removals` for nobody. What is listed is suspected to break the `house_rule` of this
    key; "" for none.
    """

    hold_words: tuple[str, ...] = ()
    refuse_words: tuple[str, ...] = ()
    hold_patterns: tuple[str, ...] = ()
    refuse_patterns: tuple[str, ...] = ()
    hold_hosts: tuple[str, ...] = ()
    refuse_hosts: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    most_links: int | None = None
    repeat_hours: int = 0
    repeat_people: int = 3
    removals: int = 0
    removal_days: int = 30
    house_rule: str = ""


def written(filters: Filters) -> str:
    """Return filters as they are kept, and as their digest is made of."""
    said = asdict(filters)
    if not filters.house_rule:
        # As it was written before there was one.
        del said["house_rule"]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(content: str) -> str:
    """Return by what filters are known: what they say."""
    return sha256(content.encode()).hexdigest()[:32]


def read(content: str) -> Filters:
    """Return the filters that were `written`."""
    found: Mapping[str, Any] = json.loads(content)
    known = {field.name for field in fields(Filters)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in found.items()
        if name in known
    }
    return Filters(**given)


def are_fit(filters: Filters) -> Verdict:
    """Say whether these can be filters: few and short enough, and each of them understood."""
    return (
        _words_fit(filters)
        and _patterns_fit((*filters.hold_patterns, *filters.refuse_patterns))
        and _hosts_fit((*filters.hold_hosts, *filters.refuse_hosts, *filters.allow_hosts))
        and _numbers_fit(filters)
    )


def lines_of(text: str) -> tuple[str, ...]:
    """Return what stands on the lines of a text, each once, in their order."""
    return tuple(dict.fromkeys(line for raw in text.splitlines() if (line := raw.strip())))


def host_of(text: str) -> str:
    """Return the host of what somebody listed: "https://www.a.example/b" is "a.example"."""
    bare = text.strip().lower()
    try:
        found = urlsplit(bare if "//" in bare else f"//{bare}").hostname or ""
    except ValueError:
        return ""
    return found.removeprefix("www.")


def _words_fit(filters: Filters) -> Verdict:
    words = (*filters.hold_words, *filters.refuse_words)
    if len(words) > MOST_WORDS:
        return Refused("filter_many", facts=(("limit", MOST_WORDS),), field="words")
    for word in words:
        if len(word) > LONGEST_WORD:
            facts = (("entry", word[:40]), ("limit", LONGEST_WORD))
            return Refused("filter_entry_long", facts=facts, field="words")
        bare = word.removesuffix("*")
        if "*" in bare or not words_of(readable(bare)):
            return Refused("filter_entry_empty", facts=(("entry", word[:40]),), field="words")
        if word != bare and (" " in bare or len(normal(bare)) < 3):  # noqa: PLR2004 - "a*" is all
            return Refused("filter_entry_star", facts=(("entry", word[:40]),), field="words")
    return ALLOWED


def _patterns_fit(sources: Sequence[str]) -> Verdict:
    if len(sources) > MOST_PATTERNS:
        return Refused("filter_many", facts=(("limit", MOST_PATTERNS),), field="patterns")
    return _first_refusal(map(patterns.may_be, sources))


def _hosts_fit(hosts: Sequence[str]) -> Verdict:
    if len(hosts) > MOST_HOSTS:
        return Refused("filter_many", facts=(("limit", MOST_HOSTS),), field="hosts")
    for host in hosts:
        if len(host) > LONGEST_HOST or not _HOST.fullmatch(host):
            return Refused("filter_host_bad", facts=(("entry", host[:40]),), field="hosts")
    return ALLOWED


def _numbers_fit(filters: Filters) -> Verdict:
    for name, most in MOST_NUMBERS.items():
        value = getattr(filters, name)
        least = 2 if name == "repeat_people" else 1 if name == "removal_days" else 0
        if value is not None and not least <= value <= most:
            facts = (("least", least), ("limit", most))
            return Refused("filter_number", facts=facts, field=name)
    return ALLOWED


def _first_refusal(verdicts: Iterable[Verdict]) -> Verdict:
    return next((one for one in verdicts if isinstance(one, Refused)), ALLOWED)
