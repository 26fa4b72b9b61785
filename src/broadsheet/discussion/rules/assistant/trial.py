"""What the assistant would have done with a history of decisions, as if it had been there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from broadsheet.discussion.rules.assistant.approving import limit_of
from broadsheet.discussion.rules.assistant.examples import example_of
from broadsheet.discussion.rules.assistant.history import Known, Tally
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.words import read

# Between two looks at what may be approved.
EVERY: Final = 50
FROM: Final = 1_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment that people decided about; `parent` is the number of what it answers, or 0."""

    number: int
    text: str
    removed: bool
    writer: str = ""
    thread: str = ""
    parent: int = 0


@dataclass(frozen=True, slots=True)
class Approvals:
    """Of `decided` comments after the first FROM, `approved` without people, `errors` wrongly."""

    decided: int
    approved: int
    errors: int

    @property
    def share(self) -> float:
        return self.approved / self.decided if self.decided else 0.0

    @property
    def right(self) -> float:
        """Return the share of approved comments that people did not remove."""
        return 1 - self.errors / self.approved if self.approved else 1.0


@dataclass
class Trial:
    """The score of each comment before its decision was learned, and what became of it."""

    model: Model = field(default_factory=Model)
    scores: list[float] = field(default_factory=list)
    removed: list[bool] = field(default_factory=list)


def trial(decisions: Iterable[Judged]) -> Trial:
    """Score each comment, then learn what was decided about it, in the order given."""
    done = Trial()
    writers: defaultdict[str, Tally] = defaultdict(Tally)
    threads: defaultdict[str, Tally] = defaultdict(Tally)
    gone: set[int] = set()
    for one in decisions:
        known = Known(
            writers[one.writer] if one.writer else Tally(),
            threads[one.thread] if one.thread else Tally(),
            is_answer=bool(one.parent),
            answers_removed=one.parent in gone,
        )
        example = example_of(text=read(one.text), known=known)
        done.scores.append(done.model.score(example))
        done.removed.append(one.removed)
        done.model.learn(example, removed=one.removed, comment=one.number)
        writers[one.writer] = writers[one.writer].with_one(removed=one.removed)
        threads[one.thread] = threads[one.thread].with_one(removed=one.removed)
        if one.removed:
            gone.add(one.number)
    return done


def approvals(*, scores: Sequence[float], removed: Sequence[bool], bound: float) -> Approvals:
    """Return what would have been approved under a bound, the limit drawn anew every EVERY."""
    approved = errors = 0
    for start in range(FROM, len(scores), EVERY):
        limit = limit_of(scores=scores[:start], removed=removed[:start], bound=bound)
        if limit is None:
            continue
        for at in range(start, min(start + EVERY, len(scores))):
            if scores[at] <= limit:
                approved += 1
                errors += removed[at]
    return Approvals(max(0, len(scores) - FROM), approved, errors)
