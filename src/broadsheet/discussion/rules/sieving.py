"""Filters made ready: what of a text they find. Asks nothing of anybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

from broadsheet.discussion.rules import patterns
from broadsheet.discussion.rules.filtering import Filters, host_of
from broadsheet.kit.folding import forms, is_without_spaces, normal, readable, words_of

HOLD: Final = "hold"
REFUSE: Final = "refuse"
WORD: Final = "filter_word"
PATTERN: Final = "filter_pattern"
HOST: Final = "filter_host"
LINKS: Final = "filter_links"
REPEAT: Final = "filter_repeat"
REMOVALS: Final = "filter_removals"
RULES: Final = (WORD, PATTERN, HOST, LINKS, REPEAT, REMOVALS)

# Fewer letters are said by many, and mean nothing by it: "Thank you very much!"
SHORT: Final = 30
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Match:
    """What stopped a text: `found` as it stands there, by which `entry` of which list.

    `house` is the key of the house rule that it is suspected to break, or "".
    """

    action: str
    rule: str
    entry: str = ""
    found: str = ""
    house: str = ""


class Sieve:
    """Filters made ready. What a word comes to is kept, for most words come again."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters
        self._entries: list[tuple[str, str]] = []
        self._whole: dict[str, int] = {}
        self._begins: dict[int, dict[str, int]] = {}
        self._first: dict[str, list[tuple[tuple[frozenset[str], ...], int]]] = {}
        self._inside: list[tuple[str, int]] = []
        # What is refused comes first: of two words the graver one counts.
        for action, words in ((REFUSE, filters.refuse_words), (HOLD, filters.hold_words)):
            for word in words:
                self._add(word, action)
        self._patterns = [
            (action, source, patterns.made(source))
            for action, sources in (
                (REFUSE, filters.refuse_patterns),
                (HOLD, filters.hold_patterns),
            )
            for source in sources
            if patterns.is_there()
        ]
        self._known = lru_cache(maxsize=8_000)(self._of_word)

    def find(self, *, text: str, links: Sequence[str] = ()) -> Match | None:
        """Return what stops a text, the gravest first; None where nothing does."""
        plain = readable(text)
        found = [self._word(plain), self._pattern(plain), self._link(links)]
        there = [one for one in found if one is not None]
        gravest = min(there, key=lambda one: one.action != REFUSE, default=None)
        if gravest is None or gravest.rule == LINKS:
            return gravest
        return replace(gravest, house=self.filters.house_rule)

    def all_in(self, *, text: str, links: Sequence[str] = ()) -> frozenset[tuple[str, str]]:
        """Return rule and entry of all that a text has, but for how many links and how often."""
        plain = readable(text)
        words, none = words_of(plain), len(self._entries)
        numbers = {self._known(word)[0] for word in words}
        numbers |= {self._several(words, at)[0] for at in range(len(words)) if self._first}
        shown = normal(plain) if self._inside else ""
        numbers |= {number for entry, number in self._inside if entry in shown}
        there = {(WORD, self._entries[number][0]) for number in numbers if number < none}
        there |= {(PATTERN, source) for _, source, one in self._patterns if one.search(plain)}
        hosts = (*self.filters.refuse_hosts, *self.filters.hold_hosts)
        there |= {(HOST, entry) for link in links if (entry := _listed(link, hosts))}
        return frozenset(there)

    def allows(self, links: Sequence[str]) -> bool:
        """Say whether all of these links lead to hosts that are allowed; there is at least one."""
        return bool(links) and all(_listed(link, self.filters.allow_hosts) for link in links)

    def _add(self, entry: str, action: str) -> None:
        at, begins = len(self._entries), entry.endswith("*")
        self._entries.append((entry, action))
        plain = readable(entry.rstrip("*"))
        if any(map(is_without_spaces, plain)):
            self._inside.append((normal(plain), at))
            return
        words = [_of_entry(word) for word in words_of(plain)]
        if len(words) > 1:
            for form in words[0]:
                self._first.setdefault(form, []).append((tuple(words), at))
        elif begins:
            for form in words[0]:
                self._begins.setdefault(len(form), {}).setdefault(form, at)
        else:
            for form in words[0]:
                self._whole.setdefault(form, at)

    def _word(self, plain: str) -> Match | None:
        if not self._entries:
            return None
        words, known = words_of(plain), self._known
        best, found = len(self._entries), ""
        for at, word in enumerate(words):
            number, may_begin = known(word)
            if number < best:
                best, found = number, word
            if may_begin:
                number, several = self._several(words, at)
                if number < best:
                    best, found = number, several
        if self._inside:
            best, found = self._within(plain, best, found)
        if best == len(self._entries):
            return None
        entry, action = self._entries[best]
        return Match(action, WORD, entry, found[:_SHOWN])

    def _of_word(self, word: str) -> tuple[int, bool]:
        """Return the first entry that a word is, or begins as; and if several may begin with it."""
        none = len(self._entries)
        number = none
        looks = forms(word)
        for form in looks:
            number = min(number, self._whole.get(form, none))
            for length, entries in self._begins.items():
                number = min(number, entries.get(form[:length], none))
        return number, not looks.isdisjoint(self._first)

    def _several(self, words: Sequence[str], at: int) -> tuple[int, str]:
        best = (len(self._entries), "")
        for form in forms(words[at]):
            for parts, number in self._first.get(form, ()):
                there = words[at : at + len(parts)]
                if len(there) == len(parts) and all(
                    not forms(word).isdisjoint(part)
                    for word, part in zip(there, parts, strict=True)
                ):
                    best = min(best, (number, " ".join(there)))
        return best

    def _within(self, plain: str, best: int, found: str) -> tuple[int, str]:
        shown = normal(plain)
        for entry, number in self._inside:
            if number < best and entry in shown:
                best, found = number, entry
        return best, found

    def _pattern(self, plain: str) -> Match | None:
        for action, source, pattern in self._patterns:
            if (hit := pattern.search(plain)) is not None:
                return Match(action, PATTERN, source, str(hit.group(0))[:_SHOWN])
        return None

    def _link(self, links: Sequence[str]) -> Match | None:
        if not links:
            return None
        chosen = self.filters
        for action, hosts in ((REFUSE, chosen.refuse_hosts), (HOLD, chosen.hold_hosts)):
            for link in links:
                if entry := _listed(link, hosts):
                    return Match(action, HOST, entry, host_of(link)[:_SHOWN])
        counted = [link for link in links if not _listed(link, chosen.allow_hosts)]
        if chosen.most_links is not None and len(counted) > chosen.most_links:
            return Match(HOLD, LINKS, str(chosen.most_links), str(len(counted)))
        return None


def likeness(text: str) -> int | None:
    """Return what two texts have in common that say the same, as a signed number of 64 bits.

    None for those that are too short.
    """
    said = "".join(normal(word) for word in words_of(readable(text)))
    if len(said) < SHORT:
        return None
    return int.from_bytes(sha256(said.encode("utf-8", "replace")).digest()[:8], signed=True)


def _of_entry(word: str) -> frozenset[str]:
    """Return the forms of a listed word. Of three letters in a row two are meant, and not one."""
    looks = normal(word)
    long = max(map(len, forms(word)))
    short = len(looks) > long
    return frozenset(form for form in forms(word) if not short or len(form) == long)


def _listed(link: str, hosts: Collection[str]) -> str:
    """Return the listed host that a link leads to, or to a part of; "" for none."""
    host = host_of(link)
    return next((one for one in hosts if host == one or host.endswith(f".{one}")), "")
