"""What holds by the log alone: its entries read from the first one on, and nothing else known.

`Log` takes the entries in their order, and says in what state each comment is, which marks it has,
what holds for whom, what is on where, and which filters and rules are in force. Of comments it
knows when they were written and what they answer. Which comments the undoing of a raid was about,
and its being taken back (what concerns whoever does is left), stands beside the log (Moved), as it
does for the program.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from broadsheet.discussion import chain
from broadsheet.discussion.models import Comment, Decision, Moved
from broadsheet.discussion.models.decisions import OF_PERSON, OF_SITE
from broadsheet.discussion.rules.marking import MARKS, SETS

TO = {
    "publish": "published",
    "hold": "held",
    "remove": "removed",
    "restore": "published",
    "withdraw": "removed",
}
SWEEPS = {"remove_raid": "removed", "publish_raid": "published"}
ON = {"slow": "slow", "close": "closed", "raid": "raid"}
OFF = {"unslow": "slow", "reopen": "closed", "end_raid": "raid"}
LIMITS = ("warn", "hold_author", "mute", "slow_author", "suspend", "ban")

type Place = tuple[str, int | None, int | None]


@dataclass
class Move:
    """Decision `by` brought a comment from one state to another."""

    by: int
    was: str
    to: str


@dataclass
class Log:
    """`stands` has the last of what moved each comment and was not undone."""

    written: Mapping[int, tuple[datetime, int | None]]
    swept: Mapping[int, list[int]]
    left: Mapping[int, list[int]]
    states: dict[int, str] = field(default_factory=dict)
    stands: dict[int, list[Move]] = field(default_factory=dict)
    marks: set[tuple[int, str]] = field(default_factory=set)
    limits: dict[int, bool] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    on: dict[Place, int] = field(default_factory=dict)
    before: dict[int, int | None] = field(default_factory=dict)
    until: dict[int, str | None] = field(default_factory=dict)
    asked: dict[int, int | None] = field(default_factory=dict)
    filters: str = ""
    rules: int = 1
    assistant: tuple[str, bool] = ("", False)
    entries: dict[int, Decision] = field(default_factory=dict)

    def read(self, entries: Iterable[Decision]) -> None:
        for entry in entries:
            self.entries[entry.sequence] = entry
            self._read(entry, facts(entry))

    def state(self, number: int) -> str:
        return self.states.get(number, "published")

    def cites(self, number: int) -> int:
        """Return the entry that hid a comment, or 0: what waits since it was posted cites none."""
        moves = self.stands.get(number, [])
        hidden = moves and self.state(number) != "published" and moves[-1].was
        return moves[-1].by if hidden else 0

    def _read(self, entry: Decision, facts: Mapping[str, Any]) -> None:
        verb, number, at = entry.verb, entry.comment_id or 0, entry.sequence
        if verb in {*ON, *OFF}:
            self._switch(entry, facts)
        elif verb in MARKS:
            self._mark(verb, number)
        elif verb in TO:
            first = verb == "hold" and entry.at == self.written[number][0]  # a rule, on posting
            self._move(at, [number], TO[verb], was="" if first else None)
        elif verb == "remove_branch":
            self._move(at, self._below(number, entry.at), "removed")
        elif verb in SWEEPS:
            self._move(at, self.swept.get(at, []), SWEEPS[verb])
        elif verb in OF_PERSON:
            self._limit(entry)
        elif verb in {"appeal", "uphold"}:
            self._look_again(entry)
        elif verb == "undo":
            self._undo(self.entries[entry.refers or 0], entry.at)
        elif verb in OF_SITE:
            self._change(verb, facts)

    def _limit(self, entry: Decision) -> None:
        about = entry.refers or 0
        if entry.verb in LIMITS:
            self.limits[entry.sequence] = True
        elif entry.verb == "confirm":
            self.confirmed.add(about)
        else:
            self.limits[about] = False

    def _change(self, verb: str, facts: Mapping[str, Any]) -> None:
        if verb == "change_filters":
            self.filters = str(facts["digest"])
        elif verb == "change_rules":
            self.rules += 1
        elif verb == "change_assistant":
            self.assistant = (str(facts["percent"]), bool(facts["asks"]))

    def _move(self, by: int, numbers: Iterable[int], to: str, *, was: str | None = None) -> None:
        for number in numbers:
            stood = self.state(number) if was is None else was
            self.stands.setdefault(number, []).append(Move(by, stood, to))
            self.states[number] = to

    def _below(self, top: int, now: datetime) -> list[int]:
        """Return what stood below a comment then, and itself, without what was removed already."""

        def is_below(number: int | None) -> bool:
            return number == top or (number is not None and is_below(self.written[number][1]))

        there = (one for one, (at, _) in self.written.items() if at <= now and is_below(one))
        return [number for number in there if self.state(number) != "removed"]

    def _mark(self, verb: str, number: int) -> None:
        mark = (number, MARKS[verb])
        self.marks = self.marks | {mark} if verb in SETS else self.marks - {mark}

    def _switch(self, entry: Decision, facts: Mapping[str, Any]) -> None:
        place = _place(entry)
        self.before[entry.sequence] = self.on.pop(place, None)
        if entry.verb in ON:
            self.on[place] = entry.sequence
            self.until[entry.sequence] = facts.get("until")

    def _look_again(self, entry: Decision) -> None:
        """Ask, or answer the one that was asked first of those that are open."""
        if entry.verb == "appeal":
            self.asked[entry.sequence] = None
            return
        for at, answer in sorted(self.asked.items()):
            asking = self.entries[at]
            if answer is None and asking.comment_id == entry.comment_id:
                if asking.refers == entry.refers:
                    self.asked[at] = entry.sequence
                return

    def _undo(self, undone: Decision, now: datetime) -> None:
        verb, number = undone.verb, undone.sequence
        if verb in LIMITS:
            self.limits[number] = False
        elif verb in {"lift", "free_author"}:
            self.limits[undone.refers or 0] = True
        elif verb in {*ON, *OFF}:
            self._switch_back(undone, now)
        elif verb == "uphold":
            self.asked = {at: None if by == number else by for at, by in self.asked.items()}
        for one, moves in self.stands.items():
            # What was decided about since stays.
            if moves and moves[-1].by == number and one not in self.left.get(number, ()):
                self.states[one] = moves.pop().was

    def _switch_back(self, undone: Decision, now: datetime) -> None:
        place, before = _place(undone), self.before[undone.sequence]
        self.on.pop(place, None)
        until = self.until.get(before or 0)
        if before is not None and (until is None or datetime.fromisoformat(until) > now):
            self.on[place] = before


def replayed() -> Log:
    """Return what the log of the discussion says."""
    rows = Comment.objects.values_list("pk", "created_at", "parent")
    swept: dict[int, list[int]] = {}
    left: dict[int, list[int]] = {}
    by_sweep = Moved.objects.filter(decision__verb__in=SWEEPS)
    for by, number, undone in by_sweep.values_list("decision__sequence", "comment", "undone"):
        swept.setdefault(by, []).append(number)
        if not undone:
            left.setdefault(by, []).append(number)
    log = Log({pk: (at, parent) for pk, at, parent in rows}, swept, left)
    log.read(Decision.objects.select_related("reason").order_by("sequence"))
    return log


def _place(entry: Decision) -> Place:
    return ((ON | OFF)[entry.verb], entry.thread_id, entry.comment_id)


def facts(entry: Decision) -> Mapping[str, Any]:
    """Return the facts of an entry; none where they are erased."""
    reason = getattr(entry, "reason", None)
    return chain.facts_of(reason) if reason else {}
