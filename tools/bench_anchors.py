"""Do quotations stay in place? Measured on the history of prose in git checkouts.

    python tools/bench_anchors.py [--phrases N] [--seed N] [--without-old] CHECKOUT…

Phrases are taken at random from old revisions and followed by git's own comparison, step by step,
through the revisions after; what docs/explanation/quotes-that-stay.md says of "right" and "wrong"
is written here. The last line that is printed is JSON.
"""

import argparse
import json
import random
import re
import subprocess
import tempfile
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median

from broadsheet.kit.anchors import (
    Anchor,
    AnchorError,
    Found,
    PlainText,
    Resolution,
    make_anchor,
    plain,
    resolve,
)

PROSE = ("*.md", "*.rst", "*.txt")
STEPS = frozenset({1, 2, 3, 5, 8, 13, 21, 34})
LEAST_BYTES, MOST_BYTES = 800, 200_000
PER_START = 12
LEAST_RUN = 5  # tokens that stayed in one piece; git's word may be chance below
LEAST_MOVED = 6
LEAST_LINE = 40
HALF, QUARTER = 0.5, 0.25
ALIKE = 2 / 3
# A Han or kana letter, a word with the marks on it, or a sign.
SIGNS = r"\s!-/:-@\[-`{-~¡«·»¿\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
TOKEN = re.compile(rf"[\u3040-\u30ff\u3400-\u9fff]|[^{SIGNS}\u3040-\u30ff\u3400-\u9fff]+|\S")
NOT_PROSE = re.compile(r"\s{4}|\s*([|<{#:`~]|---|\.\.|import |\[.*\]:)")
# What readers do not see: targets of links, comments, tags.
MARKUP = re.compile(
    r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|<!--.*?-->|</?[a-zA-Z][^<>\n]*>|\{:[^}\n]*\}"
)
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
HELD = ("stayed", "line edited", "moved")

type Span = tuple[int, int]
type Hunk = tuple[int, int, int, int]  # lines low:high of the old are lines low:high of the new


@dataclass(frozen=True)
class Fate:
    """What git says became of a phrase: of which class, and where, in code points of the file."""

    kind: str
    span: Span


class Checkout:
    """A git directory, read through git alone."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.reader = subprocess.Popen(
            ["git", "-C", path, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def git(self, *args: str) -> str:
        done = subprocess.run(["git", "-C", self.path, *args], capture_output=True, check=False)
        return done.stdout.decode(errors="replace")

    def histories(self) -> dict[str, list[str]]:
        """Return for each file of prose the blobs it was, the oldest first."""
        log = self.git(
            "-c", "core.quotePath=off", "log", "--first-parent", "-m", "--format=", "--raw",
            "--no-abbrev", "--no-renames", "--reverse", "--diff-filter=AM", "--", *PROSE,
        )  # fmt: skip
        found = defaultdict(list)
        for line in log.splitlines():
            head, _, path = line.partition("\t")
            found[path].append(head.split()[3])
        return found

    @lru_cache(maxsize=256)  # noqa: B019 - one checkout at a time
    def blob(self, name: str) -> str:
        assert self.reader.stdin  # noqa: S101
        assert self.reader.stdout  # noqa: S101
        self.reader.stdin.write(name.encode() + b"\n")
        self.reader.stdin.flush()
        size = int(self.reader.stdout.readline().split()[2])
        body = self.reader.stdout.read(size + 1)[:-1]
        text = body.decode(errors="replace").replace("\r\n", "\n")
        return MARKUP.sub("", text)

    @lru_cache(maxsize=256)  # noqa: B019
    def hunks(self, old: str, new: str) -> list[Hunk]:
        return git_hunks(self.blob(old), self.blob(new))


def git_hunks(old: str, new: str) -> list[Hunk]:
    """Return which lines of one text git takes for which of the other."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "old"), Path(folder, "new")
        one.write_text(old, encoding="utf-8")
        other.write_text(new, encoding="utf-8")
        command = ["git", "diff", "--no-index", "-U0", "--minimal", "--text", str(one), str(other)]
        diff = subprocess.run(command, capture_output=True, check=False).stdout
    found = []
    for match in HUNK.finditer(diff.decode(errors="replace")):
        a, b, c, d = (int(part) if part else 1 for part in match.groups())
        low, new_low = a - (b > 0), c - (d > 0)
        found.append((low, low + b, new_low, new_low + d))
    return found


def follow(checkout: Checkout, old: str, new: str, span: Span) -> Fate:
    """Say by git's comparison of lines, then of words, where a phrase went in one step."""
    before, after = checkout.blob(old), checkout.blob(new)
    old_lines, new_lines = line_starts(before), line_starts(after)
    first = bisect_right(old_lines, span[0]) - 1
    last = bisect_right(old_lines, span[1] - 1) - 1
    hunks = checkout.hunks(old, new)
    touching = [
        hunk
        for hunk in hunks
        if (hunk[0] <= last and hunk[1] > first) or (hunk[0] == hunk[1] and first < hunk[0] <= last)
    ]
    if not touching:
        shift = sum((h[3] - h[2]) - (h[1] - h[0]) for h in hunks if h[1] <= first)
        moved = new_lines[first + shift] - old_lines[first]
        return Fate("stayed", (span[0] + moved, span[1] + moved))
    low, high = min(first, touching[0][0]), max(last + 1, touching[-1][1])
    new_low = low - touching[0][0] + touching[0][2]
    new_high = high - touching[-1][1] + touching[-1][3]
    return by_words(
        before,
        after,
        span,
        (old_lines[low], old_lines[high]),
        (new_lines[new_low], new_lines[new_high]),
    )


def by_words(before: str, after: str, span: Span, old: Span, new: Span) -> Fate:
    olds = [(m[0], *m.span()) for m in TOKEN.finditer(before, *old)]
    news = [(m[0], *m.span()) for m in TOKEN.finditer(after, *new)]
    pairs = word_pairs([one[0] for one in olds], [one[0] for one in news])
    inside = [n for n, one in enumerate(olds) if one[2] > span[0] and one[1] < span[1]]
    first, last = inside[0], inside[-1]
    stayed = [n for n in inside if n in pairs]
    left = max((n for n in pairs if n < first), default=None)
    right = min((n for n in pairs if n > last), default=None)
    hull = (
        news[pairs[left]][2] if left is not None else new[0],
        news[pairs[right]][1] if right is not None else new[1],
    )
    if len(stayed) == len(inside) and pairs[last] - pairs[first] == last - first:
        place = (news[pairs[first]][1], news[pairs[last]][2])
        return Fate("line edited" if run(pairs, first, last) >= LEAST_RUN else "unclear", place)
    return lost(before, after, span, hull, len(stayed) / len(inside))


def lost(before: str, after: str, span: Span, hull: Span, share: float) -> Fate:
    """Say what became of words that do not stand where they stood."""
    words = [m[0] for m in TOKEN.finditer(before, *span)]
    # As anywhere in the file, whatever the spaces and line ends between them.
    pattern = re.compile(
        r"(?<!\w)" * words[0].isalnum()
        + r"\s*".join(map(re.escape, words))
        + r"(?!\w)" * words[-1].isalnum()
    )
    were = sum(1 for _ in pattern.finditer(before))
    now = list(pattern.finditer(after))
    if were == 1 and len(now) == 1 and len(words) >= LEAST_MOVED:
        return Fate("moved", now[0].span())
    if not now:
        return Fate("reworded" if share >= HALF else "deleted", hull)
    line = before[before.rfind("\n", 0, span[0]) + 1 : before.find("\n", span[1])]
    # Of two equal paragraphs nobody can say which one went.
    same_line = len(line) >= LEAST_LINE and before.count(line) > 1 and line in after
    return Fate("twin left" if len(now) < were and not same_line else "unclear", hull)


def word_pairs(old: list[str], new: list[str]) -> dict[int, int]:
    """Return which word is which, as git compares two files of one word a line."""
    hunks = git_hunks("\n".join(old) + "\n", "\n".join(new) + "\n")
    pairs, at, new_at = {}, 0, 0
    for low, high, new_low, new_high in [*hunks, (len(old), 0, len(new), 0)]:
        while at < low and new_at < new_low:
            pairs[at] = new_at
            at, new_at = at + 1, new_at + 1
        at, new_at = high, new_high
    return pairs


def run(pairs: dict[int, int], first: int, last: int) -> int:
    low, high = first, last
    while pairs.get(low - 1) == pairs[low] - 1:
        low -= 1
    while pairs.get(high + 1) == pairs[high] + 1:
        high += 1
    return high - low + 1


@lru_cache(maxsize=64)
def line_starts(text: str) -> list[int]:
    starts = list(
        accumulate((len(line) for line in text.split("\n")), lambda a, b: a + b + 1, initial=0)
    )
    starts[-1] = len(text)
    return [*starts, len(text)]


def phrases(text: str, edited: list[Span], random_: random.Random) -> Iterator[Span]:
    """Yield phrases of prose without end: a few words, more, a sentence.

    Half of them are of paragraphs that the next revision edits: most others never change, and would
    prove little.
    """
    paragraphs = list(prose(text))
    touched = [p for p in paragraphs if any(a < p[1] and b > p[0] for a, b in edited)]
    while paragraphs:
        low, high = random_.choice(touched if touched and random_.random() < HALF else paragraphs)
        tokens = [m.span() for m in TOKEN.finditer(text, low, high)]
        if random_.random() < QUARTER:
            ends = [m.end() - 1 for m in re.finditer(r"[.!?。]\s", text[low:high])]
            bounds = [low, *(end + low for end in ends), high]
            place = random_.randrange(len(bounds) - 1)
            start, end = bounds[place], bounds[place + 1]
        else:
            size = random_.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30))
            if size >= len(tokens):
                continue
            first = random_.randrange(len(tokens) - size)
            start, end = tokens[first][0], tokens[first + size - 1][1]
        inside = [token for token in tokens if token[0] >= start and token[1] <= end]
        if inside and any(c.isalnum() for c in text[inside[0][0] : inside[-1][1]]):
            yield inside[0][0], inside[-1][1]


def prose(text: str) -> Iterator[Span]:
    """Yield paragraphs of prose: no code, tables, headings, markup or front matter."""
    text = re.sub(r"\A---\n.*?\n---\n", lambda m: "|" * len(m[0]), text, flags=re.DOTALL)
    text = re.sub(
        r"^(```|~~~).*?^\1", lambda m: "|" * len(m[0]), text, flags=re.DOTALL | re.MULTILINE
    )
    for match in re.finditer(r"(?:[^\n]+\n?)+", text):
        body = match[0]
        if not NOT_PROSE.match(body) and len(TOKEN.findall(body)) >= LEAST_RUN:
            yield match.start(), match.start() + len(body.rstrip())


class Bench:
    """Counts of outcomes by class, and the cases that went wrong."""

    def __init__(self, *, with_old: bool) -> None:
        self.with_old = with_old
        self.counts: Counter[tuple[str, str]] = Counter()
        self.seconds: list[float] = []
        self.pairs: set[tuple[str, str]] = set()
        self.wrong: list[str] = []

    def test(
        self, anchor: Anchor, texts: tuple[PlainText, PlainText], fate: Fate, blobs: Span
    ) -> None:
        old, new = texts
        begin = time.perf_counter()
        answer = resolve(anchor=anchor, text=new, old=old if self.with_old else None)
        self.seconds.append(time.perf_counter() - begin)
        place = anchor.position
        rest = old.text[: place.start] + " \0 " + old.text[place.end :]
        outcome = judge(answer, fate, new, (anchor.quote.exact, rest))
        self.counts[fate.kind, outcome] += 1
        self.pairs.add(blobs)
        if outcome in {"wrong", "missed", "not as git"}:
            span = new.from_source(start=fate.span[0], end=fate.span[1])
            there = new.text[answer.start : answer.end] if isinstance(answer, Found) else ""
            truth = new.text[span[0] : span[1] + 40][:300]
            self.wrong.append(
                f"{outcome}, {fate.kind}, {blobs}: {answer}, {there!r}\n"
                f"  {anchor.quote}\n"
                f"  git says {span}: {new.text[max(0, span[0] - 60) : span[0]]!r} >> {truth!r}"
            )

    def figures(self) -> dict[str, float]:
        counts = self.counts
        held = sum(n for (kind, _), n in counts.items() if kind in HELD)
        clear = sum(n for (kind, _), n in counts.items() if kind != "unclear")
        right = sum(n for (kind, how), n in counts.items() if kind in HELD and how == "right")
        wrong = sum(n for (kind, how), n in counts.items() if kind != "unclear" and how == "wrong")
        return {
            "revision_pairs": len(self.pairs),
            "cases": clear,
            "unclear": sum(n for (kind, _), n in counts.items() if kind == "unclear"),
            "right_percent": 100 * right / max(1, held),
            "wrong_percent": 100 * wrong / max(1, clear),
            "median_ms": 1000 * median(self.seconds or [0]),
            "most_ms": 1000 * max(self.seconds or [0]),
        }


def judge(answer: Resolution, fate: Fate, new: PlainText, was: tuple[str, str]) -> str:
    start, end = new.from_source(start=fate.span[0], end=fate.span[1])
    found = isinstance(answer, Found)
    if fate.kind in HELD:
        if not found:
            return "missed"
        return "right" if (answer.start, answer.end) == (start, end) else "wrong"
    if not found:
        return "said so"
    if fate.kind == "unclear":
        return "as git" if (answer.start, answer.end) == (start, end) else "not as git"
    return "right" if is_new_wording(new.text[answer.start : answer.end], *was) else "wrong"


def is_new_wording(found: str, exact: str, rest: str) -> bool:
    """Say whether this is the quotation, reworded: much like it, and not in the rest of the old.

    Something much like it that stood elsewhere before is another passage: a lookalike.
    """
    one, other = TOKEN.findall(found), TOKEN.findall(exact)
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return alike >= ALIKE and " ".join(one) not in " ".join(TOKEN.findall(rest))


def measure(checkout: Checkout, benches: list[Bench], phrases_wanted: int, seed: int) -> None:
    random_ = random.Random(seed)  # noqa: S311 - a sample, and a repeatable one
    histories = [h for h in checkout.histories().values() if len(h) > 2]  # noqa: PLR2004
    done = tries = 0
    while histories and done < phrases_wanted and tries < 4 * phrases_wanted:
        tries += 1
        history = random_.choices(histories, [min(len(h), 40) for h in histories])[0]
        begin = random_.randrange(len(history) - 1)
        source = checkout.blob(history[begin])
        if not LEAST_BYTES <= len(source) <= MOST_BYTES:
            continue
        old = plain(source)
        lines = line_starts(source)
        hunks = checkout.hunks(history[begin], history[begin + 1])
        edited = [(lines[hunk[0]], lines[hunk[1]]) for hunk in hunks]
        picked = phrases(source, edited, random_)
        for _ in range(PER_START):
            span = next(picked, None)
            if span is None:
                break
            start, end = old.from_source(start=span[0], end=span[1])
            try:
                anchor = make_anchor(text=old, start=start, end=end, revision=begin)
            except AnchorError:  # longer than a quotation may be
                continue
            done += 1
            walk(checkout, benches, history[begin:], (anchor, old, span))


def walk(
    checkout: Checkout,
    benches: list[Bench],
    history: list[str],
    case: tuple[Anchor, PlainText, Span],
) -> None:
    anchor, old, span = case
    for step, (before, after) in enumerate(pairwise(history), 1):
        if before == after or not checkout.blob(after).strip():
            return
        fate = follow(checkout, before, after, span)
        is_end = fate.kind not in HELD
        if is_end or step in STEPS:
            new = normalised(checkout.blob(after))
            for bench in benches:
                bench.test(anchor, (old, new), fate, (history[0][:8], after[:8]))
        if is_end or step >= max(STEPS):
            return
        span = fate.span


@lru_cache(maxsize=128)
def normalised(source: str) -> PlainText:
    return plain(source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", nargs="+")
    parser.add_argument("--phrases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--show", type=int, default=0, help="print so many cases that went wrong")
    args = parser.parse_args()
    values = {}
    for path in args.checkouts:
        benches = [Bench(with_old=True), Bench(with_old=False)]
        measure(Checkout(path), benches, args.phrases, args.seed)
        for bench in benches:
            way = "with the old text" if bench.with_old else "without it"
            print(f"\n{path}, {way}")
            for kind in (*HELD, "reworded", "deleted", "twin left", "unclear"):
                row = {how: n for (of, how), n in bench.counts.items() if of == kind}
                print(f"  {kind:12} {sum(row.values()):6}  {row}")
            values[f"{path} {way}"] = bench.figures()
            print(" ", {name: round(value, 2) for name, value in bench.figures().items()})
            print("\n".join(bench.wrong[: args.show]))
    print(json.dumps(values))


if __name__ == "__main__":
    main()
