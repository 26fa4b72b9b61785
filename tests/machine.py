"""What this machine has: a Chromium, a PostgreSQL. Used by the tests and by `tools/`."""

import os
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_VARIABLE = "BROADSHEET_CHROMIUM"
HEADLESS_SHELL = "chromium-headless-shell"
BROWSERS = (
    HEADLESS_SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
OLDEST_POSTGRESQL = 15


def find_chromium() -> Path | None:
    """Return the browser: BROADSHEET_CHROMIUM, one on PATH, or one that Playwright downloaded.

    The shell without windows goes first: it draws the same with a third of the processor's time.
    """
    named = os.environ.get(CHROMIUM_VARIABLE)
    if named:
        return Path(named)
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright").expanduser()
    return max(own.glob("chromium-*/chrome-linux*/chrome"), default=None)


def find_postgresql() -> Path | None:
    """Return the folder with `initdb` and `postgres`, the oldest version we support first."""
    folders = [Path(p) for p in os.environ.get("PATH", "").split(os.pathsep) if p]
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version) + folders
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            real = (folder / "postgres").resolve().parent
            if _version(real) >= OLDEST_POSTGRESQL or "/usr/lib/postgresql" not in str(real):
                return real
    return None


def environment_of_tests() -> dict[str, str]:
    """Return this process's environment for tests: SQLite's, and with Python's bytecode kept.

    Where Python is told to write none beside the source, as in many containers, each of the dozens
    of processes that tests start would compile Django and Wagtail anew: half of what a start costs.
    """
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        environment["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache" / "bytecode")
    return environment


def _version(folder: Path) -> int:
    number = re.search(r"/postgresql/(\d+)/", f"{folder}/")
    return int(number[1]) if number else 0
