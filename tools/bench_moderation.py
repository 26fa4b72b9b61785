"""What moderation promises: its log, a raid, the assistant; bench.py calls each by itself.

Each returns name → value, or raises NotMeasuredError with the reason why there is no figure.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bench_assistant
from bench_processes import NotMeasuredError
from broadsheet.discussion.rules.entries import entry_of
from broadsheet.kit import verify_log
from broadsheet.kit.chain import GENESIS, canonical, link

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import raiding
from homes import homes_in

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
MILLION = 1_000_000
A_MINUTE, SMALL = 10_000, 1_000
VERBS = ("publish", "hold", "remove", "undo", "remove_branch", "restore")

# What each may be at most …
BOUNDS = {
    "log.verify_1m_s": (30.0, "s"),
    # What is not the same afterwards, and how many decisions it took to undo all of it.
    "raid.state_differs": (0.0, "states"),
    "raid.decisions_to_undo": (1.0, "decisions"),
    "assistant.ms_per_comment": (1.0, "ms"),
    "assistant.model_mb": (16.0, "MB"),
}
# … and what has to be at least so much.
FLOORS = {
    # It is a raid of that size only while the server takes it at that pace.
    "raid.posts_a_minute": (9_900.0, "posts"),
    "raid.readers_through": (0.99, "share"),
    "assistant.auc.200_1000": (0.75, "AUC"),
    "assistant.auc.1000_2000": (0.82, "AUC"),
    "assistant.auc.1000_5000": (0.88, "AUC"),
    "assistant.auc.annotated": (0.78, "AUC"),
    "assistant.approvable": (0.25, "share"),
    "assistant.approved_rightly": (0.985, "share"),
}


def log() -> dict[str, float]:
    """Verify a log of a million entries with the file that readers take away, in a process."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-log-") as folder:
        path = Path(folder) / "log.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(entries(MILLION))
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, verify_log.__file__, path], capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
    if done.returncode or f"\n{MILLION}:" not in done.stdout:
        raise RuntimeError(f"a log of a million was not found whole: {done.stdout}{done.stderr}")
    return {"log.verify_1m_s": seconds}


def entries(size: int) -> Iterator[str]:
    """Yield the lines of a log as the site gives them."""
    previous = GENESIS
    for number in range(1, size + 1):
        verb = VERBS[number % len(VERBS)]
        entry = entry_of(
            number=number,
            at=NOW + timedelta(seconds=number * 20),
            verb=verb,
            rule=f"decision:{number - 1}" if verb == "undo" else "advertising",
            rules=None if verb == "undo" else 1,
            role="moderator" if number % 3 else "system",
            commitment=number.to_bytes(32),
        )
        previous = link(previous=previous, payload=entry)
        yield f"{canonical({**entry, 'hash': previous.hex()})}\n"


def raid(*, small: bool) -> dict[str, float]:
    """Send ten thousand posts a minute of five hundred, or a tenth of it at the same pace."""
    posts = SMALL if small else A_MINUTE
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-raid-") as folder,
        homes_in(Path(folder)) as homes,
    ):
        found = raiding.evening(homes.one_story(), posts=posts, seconds=posts / A_MINUTE * 60)
    if found.raiders[raiding.CREATED] or found.after["problems"]:
        raise RuntimeError(f"the raid was not held back: {found}")
    print(
        f"{posts} posts in {found.lasted:.1f} s: {dict(found.raiders)}; readers"
        f" {dict(found.readers)}, p99 {found.waits[int(len(found.waits) * 0.99)]:.2f} s;"
        f" {found.after['moved']} undone in {found.undone:.1f} s",
        file=sys.stderr,
    )
    return {
        "raid.posts_a_minute": posts / found.lasted * 60,
        "raid.readers_through": found.share,
        "raid.decisions_to_undo": found.after["decisions"],
        "raid.state_differs": float(found.after["state"] != found.before["state"]),
    }


def assistant() -> dict[str, float]:
    """Judge the corpus, each comment before its decision is learned."""
    try:
        found = bench_assistant.figures(bench_assistant.corpus())
    except bench_assistant.NoCorpusError as error:
        raise NotMeasuredError(str(error)) from error
    early, second, first_thousands, _ = (value or 0.0 for value in found.windows)
    return {
        "assistant.auc.200_1000": early,
        "assistant.auc.1000_2000": second,
        "assistant.auc.1000_5000": first_thousands,
        "assistant.auc.annotated": found.stratum or 0.0,
        "assistant.approvable": found.approved.share,
        "assistant.approved_rightly": found.approved.right,
        "assistant.ms_per_comment": found.milliseconds,
        "assistant.model_mb": found.megabytes,
    }
