"""The assistant on decisions of real moderators: how well it orders, what it may approve, the cost.

    python tools/bench_assistant.py              the One Million Posts corpus
    python tools/bench_assistant.py FILE.csv …   others: id,text,removed[,writer,thread,parent]

The corpus is looked for in BROADSHEET_TEST_DATA (moderation/omp/posts_labeled.csv). Each comment is
scored before its decision is learned. The rows of a file are taken in their order; `removed` is 1
or 0. The last line that is printed is JSON.
"""

import csv
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.discussion.rules.assistant.examples import example_of
from broadsheet.discussion.rules.assistant.explaining import reasons_of
from broadsheet.discussion.rules.assistant.history import Known, Tally
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.record import auc
from broadsheet.discussion.rules.assistant.trial import FROM, Approvals, Judged, approvals, trial
from broadsheet.discussion.rules.assistant.words import read

OMP = Path("moderation/omp/posts_labeled.csv")
WINDOWS = ((200, 1_000), (1_000, 2_000), (1_000, 5_000), (5_000, None))
BOUND = 0.015
MEGABYTE = 1 << 20


class NoCorpusError(Exception):
    """The corpus is not there; the message says where it was looked for."""


@dataclass(frozen=True)
class Set:
    """Decisions in their order; `stratum` are the numbers of comments to be looked at apart."""

    name: str
    decisions: tuple[Judged, ...]
    stratum: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Figures:
    """What came of a set: the AUC in each of WINDOWS, inside and outside the stratum."""

    windows: tuple[float | None, ...]
    stratum: float | None
    approved: Approvals
    milliseconds: float
    megabytes: float
    bound: float = field(default=BOUND)


def main(files: Sequence[str]) -> None:
    """Measure the files or the corpus, print a table, and JSON at the end."""
    sets = [from_file(Path(name)) for name in files] if files else list(of_corpus(corpus()))
    print(f"{'':28}  {'n':>6} {'removed':>7}  {'AUC in decisions':^31} {'stratum':>7}", end="  ")
    print(f"approved at {BOUND:.1%}: share, right")
    names = [f"{low}-{high or ''}" for low, high in WINDOWS]
    print(f"{'':28}  {'':>6} {'':>7}  " + " ".join(f"{name:>9}" for name in names))
    result = {}
    for one in sets:
        found = figures(one)
        shown = " ".join(f"{_said(value):>9}" for value in found.windows)
        rate = sum(item.removed for item in one.decisions) / len(one.decisions)
        approved = f"{found.approved.share:.1%}  {found.approved.right:.4f}"
        print(
            f"{one.name[:28]:28}  {len(one.decisions):>6} {rate:>7.1%}  {shown} "
            f"{_said(found.stratum):>7}  {approved}",
            flush=True,
        )
        result[one.name] = {
            "auc": found.windows,
            "stratum": found.stratum,
            "approved": found.approved.share,
            "right": found.approved.right,
            "ms_per_comment": found.milliseconds,
            "megabytes": found.megabytes,
        }
    worst = max(one["ms_per_comment"] for one in result.values())
    print(f"\nscore, reasons and learning together: at most {worst:.2f} ms of one core a comment")
    print(json.dumps(result))


def figures(one: Set) -> Figures:
    """Return what comes of a set."""
    done = trial(one.decisions)
    apart = [
        (score, gone)
        for at, (score, gone) in enumerate(zip(done.scores, done.removed, strict=True))
        if at >= FROM and one.decisions[at].number in one.stratum
    ]
    return Figures(
        windows=tuple(_auc(done.scores[low:high], done.removed[low:high]) for low, high in WINDOWS),
        stratum=_auc([score for score, _ in apart], [gone for _, gone in apart]),
        approved=approvals(scores=done.scores, removed=done.removed, bound=BOUND),
        milliseconds=cost(one.decisions[-2_000:]),
        megabytes=len(done.model.to_bytes()) / MEGABYTE,
    )


def cost(decisions: Sequence[Judged]) -> float:
    """Return the milliseconds that a comment costs: looked at, scored, explained and learned."""
    model, known = Model(), Known(Tally(5, 3), Tally(40, 4), is_answer=True)
    begun = time.process_time()
    for one in decisions:
        text = read(one.text)
        example = example_of(text=text, known=known)
        model.score(example)
        reasons_of(model=model, text=text, known=known, example=example)
        model.learn(example, removed=one.removed)
    return (time.process_time() - begun) / max(len(decisions), 1) * 1_000


def of_corpus(omp: Set) -> Iterator[Set]:
    """Return the corpus, and what was made of it to see whether it is more than this one corpus."""
    chance = random.Random(5)  # noqa: S311 - the same each time
    yield omp
    kept = [one for one in omp.decisions if not one.removed]
    gone = [one for one in omp.decisions if one.removed]
    place = {one.number: at for at, one in enumerate(omp.decisions)}
    for rate in (0.06, 0.03):
        some = chance.sample(gone, int(len(kept) * rate / (1 - rate)))
        thinned = sorted([*kept, *some], key=lambda one: place[one.number])
        yield Set(f"thinned to {rate:.0%}", tuple(thinned), omp.stratum)
    yield Set("backwards", omp.decisions[::-1], omp.stratum)
    mixed = list(omp.decisions)
    chance.shuffle(mixed)
    yield Set("in any order", tuple(mixed), omp.stratum)
    said = [one.removed for one in omp.decisions]
    chance.shuffle(said)
    senseless = (
        Judged(one.number, one.text, removed, one.writer, one.thread, one.parent)
        for one, removed in zip(omp.decisions, said, strict=True)
    )
    yield Set("decided by lot", tuple(senseless), omp.stratum)
    other = str.maketrans("abcdefghijklmnopqrstuvwxyzäöü", "абцдефгхийклмнопярстувжщызэюё")
    half = (
        Judged(
            one.number,
            one.text.lower().translate(other) if one.number % 2 else one.text,
            one.removed,
            one.writer,
            one.thread,
            one.parent,
        )
        for one in omp.decisions
    )
    yield Set("half in other letters", tuple(half), omp.stratum)
    plain = (Judged(one.number, one.text, one.removed) for one in omp.decisions)
    yield Set("words alone, no history", tuple(plain), omp.stratum)


def corpus() -> Set:
    """Return the One Million Posts corpus in the order of its time. Raises NoCorpusError."""
    folder = os.environ.get("BROADSHEET_TEST_DATA", "")
    path = Path(folder) / OMP
    if not folder or not path.is_file():
        raise NoCorpusError(f"BROADSHEET_TEST_DATA names no folder with {OMP}")
    return from_corpus(path)


def from_corpus(path: Path) -> Set:
    """Read the labelled posts: a row for each post and category, so each post once."""
    posts: dict[str, dict[str, str]] = {}
    annotated = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["Category"] == "Inappropriate":
                annotated.add(int(row["ID_Post"]))
            posts.setdefault(row["ID_Post"], row)
    ordered = sorted(posts.values(), key=lambda row: (row["CreatedAt"], int(row["ID_Post"])))
    found = (
        Judged(
            number=int(row["ID_Post"]),
            text=f"{row['Headline']} {row['Body']}".strip(),
            removed=row["Status"] == "deleted",
            writer=row["ID_User"],
            thread=row["ID_Article"],
            parent=int(row["ID_Parent_Post"] or 0),
        )
        for row in ordered
    )
    decisions = tuple(one for one in found if one.text)
    return Set("One Million Posts", decisions, frozenset(annotated))


def from_file(path: Path) -> Set:
    """Read any decisions: id, text and removed, and if there are, writer, thread and parent."""
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = (
        Judged(
            number=int(row.get("id") or at),
            text=row["text"],
            removed=row["removed"].strip().lower() in {"1", "true", "yes"},
            writer=row.get("writer") or "",
            thread=row.get("thread") or "",
            parent=int(row.get("parent") or 0),
        )
        for at, row in enumerate(rows, 1)
    )
    return Set(path.stem, tuple(found))


def _auc(scores: Sequence[float], removed: Sequence[bool]) -> float | None:
    return auc(scores=scores, removed=removed) if len(set(removed)) > 1 else None


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NoCorpusError as error:
        sys.exit(str(error))
