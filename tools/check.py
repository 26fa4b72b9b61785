"""`make check`: everything that is quick, two steps at a time; each named, with its time.

All steps run even when one fails, and what a failed one printed is shown under its name.
"""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from machine import environment_of_tests

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
BOUND_SECONDS = 60
OURS = ("src", "tests", "tools", "docs")
QUICK = "not browser and not process and not deep and not postgres and not slow"
# Runs of about the same length; a folder that is not named here is in the last. Of the rooms whose
# tests write trees of pages, what touches no row: the rest takes two minutes (`make test`).
LONGEST = "discussion"
HALF = "test_n"
FIRST_TESTS = ("formats", "kit", "funding", "outbox", "readers")
OF_PAGES = ("desk", "importing", "stories")
PURE_TESTS = (
    "importing/test_rules.py",
    "stories/test_checks.py",
    "stories/test_field_text.py",
    "stories/test_rules.py",
)


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    step: Step
    code: int
    seconds: float
    output: str


def tests(*paths: str) -> tuple[str, ...]:
    return ("pytest", "-q", "-m", QUICK, *(f"tests/{path}" for path in paths))


def half_of(folder: str, *, later: bool) -> list[str]:
    files = sorted((ROOT / "tests" / folder).glob("test_*.py"))
    return [f"{folder}/{file.name}" for file in files if (file.name >= HALF) is later]


def other_tests() -> list[str]:
    folders = sorted(
        path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))
    )
    return [
        folder for folder in folders if folder not in {LONGEST, *FIRST_TESTS, *OF_PAGES, "house"}
    ]


# The longest first: mypy without its cache takes as long as most of the others together.
STEPS = (
    Step("types", ("mypy",)),
    Step(f"fast tests: {LONGEST}, the first half", tests(*half_of(LONGEST, later=False))),
    Step(f"fast tests: {LONGEST}, the second half", tests(*half_of(LONGEST, later=True))),
    Step("fast tests: other rooms", tests(*other_tests())),
    Step(f"fast tests: {', '.join(FIRST_TESTS)} …", tests(*FIRST_TESTS, *PURE_TESTS)),
    Step("house: layers in strings, documents, doors, lint rules", tests("house")),
    Step(
        "documents build",
        ("sphinx-build", "-E", "-W", "--keep-going", "-q", "docs", "docs/_build/html"),
    ),
    Step("migrations", ("broadsheet", "manage", "makemigrations", "--check", "--dry-run")),
    Step("imports", ("lint-imports", "--no-cache")),
    Step("lint", ("ruff", "check", "--output-format=concise", *OURS)),
    Step("format", ("ruff", "format", "--check", "--output-format=concise", *OURS)),
)


def main() -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="broadsheet-check-") as home:
        environment = environment_of_tests() | {"BROADSHEET_HOME": home}
        with ThreadPoolExecutor(max_workers=2) as pool:
            runs = [pool.submit(run, step, environment) for step in STEPS]
            outcomes = [report(future.result()) for future in as_completed(runs)]
    seconds = time.monotonic() - started
    failed = [outcome for outcome in outcomes if outcome.code]
    for outcome in failed:
        print(f"\n--- {outcome.step.name} ---\n{outcome.output.rstrip()}")
    names = ", ".join(outcome.step.name for outcome in failed)
    print(
        f"\n{len(outcomes)} checks in {seconds:.0f} s: "
        + (f"FAILED {names}" if failed else "all good")
    )
    if seconds > BOUND_SECONDS:
        print(f"(longer than the {BOUND_SECONDS} s it should take on two cores)")
    return 1 if failed else 0


def run(step: Step, environment: dict[str, str]) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        [BIN / step.command[0], *step.command[1:]],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return Outcome(step, done.returncode, time.monotonic() - started, done.stdout)


def report(outcome: Outcome) -> Outcome:
    print(
        f"{'FAILED' if outcome.code else 'ok':6} {outcome.seconds:5.1f} s  {outcome.step.name}",
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
