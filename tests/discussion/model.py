"""What a thread is by a plain model: dictionaries, and the rules said once more in few words."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from broadsheet.kit.actor import Actor

MOST_PINNED = 3
LEADS = {
    "publish": ("held", "published"),
    "hold": ("published", "held"),
    "remove": ("held published", "removed"),
    "restore": ("removed", "published"),
}


def sentence(serial: int) -> str:
    """Return eight words that no other sentence has."""
    letters = [chr(97 + byte % 26) for byte in sha256(str(serial).encode()).digest() * 2]
    return " ".join("".join(letters[at : at + 6]) for at in range(0, 48, 6))


@dataclass
class Quoted:
    source: int
    exact: str
    revision: int
    matched: bool
    blank: bool = False


@dataclass
class Said:
    number: int
    parent: int | None
    by: Actor
    words: str
    state: str
    placed: bool
    at: datetime
    withdrawn: bool = False
    revision: int = 1
    marks: set[str] = field(default_factory=set)
    votes: dict[str, int] = field(default_factory=dict)
    # None: open. Else the revision about which a moderator answered.
    reports: dict[str, int | None] = field(default_factory=dict)
    reported: bool = False
    quotes: list[Quoted] = field(default_factory=list)
    # The words that it had, by revision; those that a moderator took away are None.
    earlier: dict[int, str | None] = field(default_factory=dict)
    # A word of each of those.
    taken: set[str] = field(default_factory=set)

    @property
    def public(self) -> bool:
        return self.state == "published"

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many found it useful, and how many did not."""
        values = list(self.votes.values())
        return values.count(1), values.count(-1)

    @property
    def score(self) -> int:
        return self.counts[0] - self.counts[1]

    def settle(self) -> None:
        self.reports = {
            who: self.revision if answered is None else answered
            for who, answered in self.reports.items()
        }


@dataclass
class Judged:
    """What a moderator decided. `was` has the state that each comment had, `to` the one it got.

    `words` is what the comment said that it was about.
    """

    sequence: int
    verb: str
    number: int
    to: str
    was: dict[int, str]
    # Whose reports it answered, by comment.
    answered: dict[int, set[str]]
    words: str
    undone: bool = False


@dataclass
class Model:
    comments: dict[int, Said] = field(default_factory=dict)
    closed: bool = False
    judged: list[Judged] = field(default_factory=list)

    def judge(self, sequence: int, verb: str, number: int, to: str, moved: list[int]) -> None:
        """Bring comments to where a decision leads, and answer what was reported of them."""
        those = [self.comments[one] for one in moved]
        answered = {one.number: {who for who, at in one.reports.items() if at is None}
                    for one in those}  # fmt: skip
        was = {one.number: one.state for one in those}
        words = self.comments[number].words
        self.judged.append(Judged(sequence, verb, number, to, was, answered, words))
        for one in those:
            one.state, one.placed = to, one.placed or to == "published"
            one.settle()

    def left_below(self, number: int) -> list[int]:
        """Return what is not removed of a comment and all below it."""
        below = (one for one in self.comments.values() if number in self.way_up(one.number))
        return [one.number for one in below if one.state != "removed"]

    def in_force(self, judged: Judged) -> list[int]:
        """Return the comments that are as this decision left them, and were not decided since."""
        if judged.undone:
            return []
        if judged.verb == "dismiss":
            one = self.comments[judged.number]
            return [one.number] if one.state == judged.to else []
        found = []
        for number in judged.was:
            movers = [d for d in self.judged
                      if number in d.was and not d.undone and d.verb != "dismiss"]  # fmt: skip
            one = self.comments[number]
            if movers[-1] is judged and one.state == judged.to and not one.withdrawn:
                found.append(number)
        return found

    def refuses_undo(self, judged: Judged) -> str:
        if judged.undone:
            return "already_undone"
        if not self.in_force(judged):
            return "decided_since"
        changed = judged.verb == "hold" and self.comments[judged.number].words != judged.words
        return "changed_meanwhile" * changed

    def undo(self, judged: Judged) -> None:
        for number in self.in_force(judged):
            one = self.comments[number]
            one.state = judged.was[number]
            for who in judged.answered[number]:
                one.reports[who] = None
            if one.state == "removed":
                one.settle()
        judged.undone = True

    def way_up(self, number: int) -> list[int]:
        """Return the comment and all above it, the root last."""
        parent = self.comments[number].parent
        return [number, *(self.way_up(parent) if parent else ())]

    def refuses_post(self, to: int | None, quoted: int | None = None) -> str:
        if self.closed:
            return "closed"
        if to and not self.comments[to].public:
            return "parent_gone"
        if to and any("closed" in self.comments[one].marks for one in self.way_up(to)):
            return "branch_closed"
        return "quote_gone" if quoted and not self.comments[quoted].public else ""

    def refuses_vote(self, one: Said, by: Actor) -> str:
        if not one.public:
            return "comment_gone"
        return "closed" if self.closed else "own_comment" * (one.by == by)

    def refuses_edit(self, one: Said, *, late: bool) -> str:
        if one.state == "removed":
            return "edit_gone"
        return "closed" if self.closed else "edit_over" * late

    def refuses_report(self, one: Said, by: Actor) -> str:
        if not one.public:
            return "report_gone"
        if one.by == by:
            return "own_report"
        return "report_answered" if one.reports.get(by.id) == one.revision else ""

    def refuses_mark(self, one: Said, verb: str) -> str:
        if verb in {"unpin", "unfeature", "unmark_answer", "reopen"}:
            return ""
        if not one.public:
            return "mark_gone"
        if verb == "pin":
            beside = [o for o in self.comments.values() if "pinned" in o.marks and o.public]
            full = len([o for o in beside if o is not one]) >= MOST_PINNED
            return "pin_reply" if one.parent else "pinned_enough" * full
        staff_reply = one.parent and one.by.is_staff
        return "answer_by_staff" if verb == "mark_answer" and not staff_reply else ""

    def noticed(self, one: Said) -> bool:
        """Say whether an edit of it leaves a trace."""
        # An answer that waits was written to these words, too.
        answered = any(o.parent == one.number for o in self.comments.values())
        quoted = any(q.source == one.number for o in self.comments.values() for q in o.quotes)
        return one.revision > 1 or answered or quoted or one.reported or any(one.votes.values())

    def standing(self, quote: Quoted) -> str:
        """Return how a quote stands: "stands" and "edited" show its words."""
        source = self.comments[quote.source]
        if quote.blank or not source.public:
            return "blanked" if quote.blank else source.state
        return "stands" if quote.revision == source.revision else "edited"

    def drawn(self) -> dict[int, object]:
        """Return what readers see of each comment that has a place; None of its stub."""
        return {
            number: (one.words, *sorted(one.marks), *map(self.standing, one.quotes))
            if one.public
            else None
            for number, one in self.comments.items()
            if one.placed
        }

    def news(self, before: dict[int, object]) -> tuple[set[int], set[int]]:
        """Return what appeared since a page was drawn, and what else it shows wrongly by now."""
        now = self.drawn()
        new = {number for number, seen in now.items() if seen and number not in before}
        return new, {number for number, seen in before.items() if seen != now[number]}

    def blank(self, source: int, revision: int | None = None) -> None:
        for one in self.comments.values():
            for quote in one.quotes:
                if quote.source == source and revision in {None, quote.revision}:
                    quote.blank = True

    def roots(self, sort: str) -> list[int]:
        """Return the roots as they are read: pinned ones first, the newest of them first."""
        roots = [one for one in self.comments.values() if one.parent is None and one.placed]
        orders = {
            "newest": lambda one: -one.number,
            "oldest": lambda one: one.number,
            "votes": lambda one: (-one.score, -one.number),
        }
        pinned = [one for one in roots if "pinned" in one.marks and one.public]
        # One more may be restored.
        first = sorted(pinned, key=orders["newest"])[:MOST_PINNED]
        rest = sorted((one for one in roots if one not in first), key=orders[sort])
        return [one.number for one in [*first, *rest]]

    def below(self, root: int) -> list[int]:
        """Return what is below a root as it is read: each branch by time, flat from level 8 on."""
        keys = {}
        for one in self.comments.values():
            way = self.way_up(one.number)[::-1]
            if way[0] == root and len(way) > 1 and one.placed:
                keys[one.number] = (*way[1:8], one.number)
        return sorted(keys, key=lambda number: keys[number])
