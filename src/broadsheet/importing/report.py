"""What an import tells the publisher: what came in, what was changed, what could not be carried.

It is bounded, however large the export: everything is counted, and of each kind of thing some
places are named. The words are in `wording`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from broadsheet.importing import wording
from broadsheet.importing.wording import PARTS, Part

PLACES_KEPT: Final = 200
PLACES_SHOWN: Final = 8
KINDS_KEPT: Final = 400
LONGEST_DETAIL: Final = 100
MORE: Final = "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something was noticed: the line (0: nowhere), and what stands there."""

    line: int
    title: str

    def __str__(self) -> str:
        title = " ".join(self.title.split())
        if len(title) > wording.LONGEST_TITLE:
            title = title[: wording.LONGEST_TITLE - 1] + "…"
        if not self.line:
            return title
        return f"line {self.line} ({title})" if title else f"line {self.line}"


@dataclass(slots=True)
class Noticed:
    """Something that occurred `count` times; the first places of it are kept."""

    count: int = 0
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Of one kind of thing: how many the file has, and what became of them here."""

    found: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Report:
    """`dry` says that nothing was written; `title` and `site` are the foreign site's."""

    title: str = ""
    site: str = ""
    file: str = ""
    dry: bool = True
    tallies: dict[str, Tally] = field(default_factory=dict)
    noticed: dict[tuple[str, str], Noticed] = field(default_factory=dict)

    def found(self, kind: str, count: int = 1) -> None:
        """Count things of a kind that the file has."""
        self.tallies.setdefault(kind, Tally()).found += count

    def came(self, kind: str, outcome: str, count: int = 1) -> None:
        """Count what became of them: an outcome of `wording.OUTCOMES`."""
        self.tallies.setdefault(kind, Tally()).outcomes[outcome] += count

    def note(self, code: str, place: Place, *, detail: str = "", count: int = 1) -> None:
        """Count something noticed, a code of `wording.NOTES`, and remember where."""
        detail = " ".join(detail.split())[:LONGEST_DETAIL]
        if len(self.noticed) >= KINDS_KEPT and (code, detail) not in self.noticed:
            detail = MORE
        found = self.noticed.setdefault((code, detail), Noticed())
        found.count += count
        is_new = place not in found.places[-1:] and (place.line or place.title)
        if is_new and len(found.places) < PLACES_KEPT:
            found.places.append(place)

    def count(self, code: str) -> int:
        """Return how often something was noticed, whatever its detail."""
        return sum(found.count for (name, _), found in self.noticed.items() if name == code)

    def outcome(self, kind: str, outcome: str) -> int:
        """Return how many things of a kind had an outcome."""
        return self.tallies.get(kind, Tally()).outcomes[outcome]

    def markdown(self, *, places: int = PLACES_SHOWN) -> str:
        """Return the report as Markdown, naming at most `places` places of each thing."""
        return "\n".join(self._lines(places)) + "\n"

    def _lines(self, places: int) -> Iterator[str]:
        yield f"# WordPress import: {_plain(self.title) or self.site or self.file}"
        yield ""
        yield f"From the file {_plain(self.file)}" + (
            f", exported from {self.site}." if self.site else "."
        )
        if self.dry:
            yield "This was a trial: nothing was written."
        yield ""
        yield "## What would come in" if self.dry else "## What came in"
        yield ""
        yield from self._table()
        for part in Part:
            rows = list(self._part(part, places))
            if rows:
                yield ""
                yield f"## {PARTS[part]}"
                yield ""
                yield from rows

    def _table(self) -> Iterable[str]:
        rows = [
            (name, self.tallies[kind])
            for kind, name in wording.KINDS.items()
            if kind in self.tallies
        ]
        if not rows:
            yield "Nothing: the file holds no stories, pages, pictures or comments."
            return
        for name, tally in rows:
            said = [
                f"{tally.outcomes[outcome]} {words}"
                for outcome, words in wording.OUTCOMES.items()
                if tally.outcomes[outcome]
            ]
            found = [f"{tally.found} in the file"] if tally.found else []
            yield f"- {name}: {', '.join(found + said)}"

    def _part(self, part: Part, places: int) -> Iterator[str]:
        for code, (its_part, sentence) in wording.NOTES.items():
            if its_part is not part:
                continue
            for (name, detail), found in self.noticed.items():
                if name == code:
                    said = sentence.format(detail=_plain(detail))
                    yield f"- {found.count} × {said}{_where(found, places)}"


def _where(found: Noticed, places: int) -> str:
    named = [_plain(str(place)) for place in found.places[:places]]
    if not named:
        return ""
    more = len(found.places) > places or len(found.places) == PLACES_KEPT
    return ": " + ", ".join(named) + (", …" if more else "")


def _plain(text: str) -> str:
    """Return foreign text so that neither a terminal nor Markdown takes it for an order."""
    seen = "".join(char if char.isprintable() else " " for char in text)
    return seen.replace("<", "‹").replace(">", "›").replace("`", "'")
