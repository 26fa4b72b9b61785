"""`make test` and `make test-deep`: the whole suite, on both databases, with a real browser.

What is missing is installed from Debian's packages when this runs as root with apt-get; otherwise
what is there is used, and what could not be tested is said. Stops at the first failure. SQLite
comes last, so that the last line is pytest's own. What runs where is in CONTRIBUTING.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from postgres import NoPostgresError, postgresql

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from machine import HEADLESS_SHELL, environment_of_tests, find_chromium, find_postgresql

ROOT = Path(__file__).resolve().parent.parent
CLUSTERS = Path("/etc/postgresql-common")
INTERRUPTED = 130
# What touches no database says the same on both; it runs once, with SQLite.
NO_DATABASE = [
    *(f"--ignore=tests/{room}" for room in ("formats", "house", "kit")),
    *(
        f"--ignore-glob=tests/site/test_{name}.py"
        for name in ("child", "config", "logs", "server_*", "sqlite*", "static")
    ),
]
# What a database decides is in the rooms that have tables and hold no other room together, and in
# how stories are found; the others come with `make test-deep`. A page in a browser hangs on the
# database by what the rooms' own tests ask, so a few walks through all of it are enough there.
DECIDED = {f"test_{name}.py" for name in ("concurrency", "lists", "migrations", "search")}
OF_OTHERS = [
    *(f"tests/{room}" for room in ("desk", "importing", "site")),
    *(
        f"tests/stories/{file.name}"
        for file in sorted((ROOT / "tests/stories").glob("test_*.py"))
        if file.name not in DECIDED
    ),
]
# In the discussion, where most of it is: not what pages say, what is reckoned without rows, and
# verbs that ask nothing of a database but to keep what they write.
SAID_OF_ROWS = (
    *("assistant", "assistant_figures", "assistant_http", "assistant_model", "filters_http"),
    *("hidden_names", "http", "images", "markdown", "moments", "names", "notes_http", "own_http"),
    *("queue_http", "rules", "sanctions_http", "structured"),
    *("editing", "filters", "heat", "house_rules", "log", "marking", "mentions", "notices", "pace"),
    *("second_looks", "verify_log"),
)
OF_OTHERS += [f"tests/discussion/test_{name}.py" for name in SAID_OF_ROWS]
# Many examples, each in a savepoint of its own, which PostgreSQL does not like.
LONG_THERE = (
    "tests/discussion/test_any_history.py::test_any_history_ends_in_the_state_that_its_log_says",
    "tests/discussion/test_quotes.py::test_no_selection_is_an_error",
    "tests/discussion/test_raids.py::test_afterwards_it_is_as_if_nobody_had_raided",
    "tests/discussion/test_verify_log.py::test_every_erasure_keeps_the_log_valid",
)
ON_POSTGRESQL = "(both or not (browser or process))"
NOTHING_TO_DO = 5
INSTALL = ("install", "-y", "-qq", "--no-install-recommends", "-o", "Acquire::http::Timeout=20")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:]
    deep = "--deep" in arguments
    arguments = [argument for argument in arguments if argument != "--deep"]
    install_missing()
    if deep and os.environ.get("CI"):
        install_cache()
    for line in without():
        say(f"not tested: {line}")
    if without() and os.environ.get("BROADSHEET_REQUIRE_ALL"):
        say("and here everything must be; see the lines above")
        return 1
    marker = "deep" if deep else "not deep"
    try:
        if find_postgresql():
            with postgresql() as url:
                say("on PostgreSQL")
                code = on_postgresql(url, arguments, deep=deep)
            if code:
                return code
        say("on SQLite")
        return pytest(f"{marker} and not postgres", arguments)
    except NoPostgresError as error:
        say(f"PostgreSQL: {error}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def on_postgresql(url: str, arguments: list[str], *, deep: bool) -> int:
    """Run there what is worth its time: the rest of it in the deep run. Return an exit code."""
    if not deep:
        later = [f"--ignore={folder}" for folder in OF_OTHERS]
        later += [f"--deselect={test}" for test in LONG_THERE]
        runs = [(f"not deep and {ON_POSTGRESQL}", [*later, *arguments])]
    else:
        runs = [(f"deep and {ON_POSTGRESQL}", arguments)]
        if not any(argument.startswith("tests/") for argument in arguments):
            runs.append(
                ("not deep and not browser and not process", [*OF_OTHERS, *LONG_THERE, *arguments])
            )
            walks = [f"tests/{folder}" for folder in ("browser", "process")]
            runs.append(("both_in_depth and not deep", [*walks, *arguments]))
    for marker, chosen in runs:
        code = pytest(marker, [*NO_DATABASE, *chosen], DATABASE_URL=url)
        if code not in {0, NOTHING_TO_DO}:
            return code
    return 0


def pytest(marker: str, arguments: list[str], **environment: str) -> int:
    """Run pytest on both cores, stopping at the first failure; return its exit code."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "2", "--dist", "loadgroup"]
    environment = environment_of_tests() | environment
    return subprocess.run(
        [*command, "-m", marker, *arguments], cwd=ROOT, env=environment, check=False
    ).returncode


def without() -> list[str]:
    """Say what this machine lacks, and what goes untested for it."""
    lines = []
    if find_chromium() is None:
        lines.append(
            "the pages in a browser, for there is no Chromium (install `chromium-headless-shell`)"
        )
    if find_postgresql() is None:
        lines.append("anything on PostgreSQL, for there is none (install `postgresql-15`)")
    if not os.environ.get("BROADSHEET_TEST_DATA"):
        lines.append("real input files, for BROADSHEET_TEST_DATA names no folder")
    return lines


def install_missing() -> None:
    """As root on a Debian, bring a browser and PostgreSQL; what fails is said and left missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    found = find_chromium()
    if not found or not find_postgresql():
        say("installing what is missing from Debian's packages (once) …")
        if not CLUSTERS.exists():
            # Its package starts a server on 5432 otherwise; the tests make their own.
            CLUSTERS.mkdir(parents=True)
            (CLUSTERS / "createcluster.conf").write_text("create_main_cluster = false\n")
        failure = apt_get("update", "-qq")
        browser = HEADLESS_SHELL if is_known(HEADLESS_SHELL) else "chromium"
        missing = [] if found else [browser]
        missing += [] if find_postgresql() else ["postgresql-15"]
        if failure := failure or apt_get(*INSTALL, *missing):
            say(failure)
    elif found.name == "chromium" and is_known(HEADLESS_SHELL):
        # Debian's own is there, and its quicker sister is not.
        say(f"installing {HEADLESS_SHELL} from Debian's packages (once) …")
        if apt_get(*INSTALL, HEADLESS_SHELL):
            say(f"that failed; {found} is used, which is slower")


def install_cache() -> None:
    """Bring a Varnish to be told what is old; only where nobody minds that Debian starts it."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not shutil.which("varnishd"):
        say("installing varnish from Debian's packages (once) …")
        if failure := apt_get("update", "-qq") or apt_get(*INSTALL, "varnish"):
            say(failure)


def is_known(package: str) -> bool:
    """Say whether apt-get could bring it, as far as it knows without asking anybody."""
    return not apt_get("install", "-s", "-qq", "--no-install-recommends", package)


def apt_get(*arguments: str) -> str:
    """Run it without a question; return what it said if it failed."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "UCF_FORCE_CONFFOLD": "1"}
    done = subprocess.run(
        ["apt-get", *arguments],
        env=os.environ | quiet,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return f"apt-get {arguments[0]} failed:\n{done.stdout[-800:]}" if done.returncode else ""


def say(line: str) -> None:
    print(f"make test: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
