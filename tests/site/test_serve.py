"""The product itself, served by its own command, under load, stopped and killed."""

import http.client
import itertools
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from serving import Server, clean_environment, get, prepared_home, serve, start

pytestmark = pytest.mark.process

CLIENTS = 8


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "template"


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """The demonstration's home, ready to be served."""
    return prepared_home(template, tmp_path / "home", demo=True)


def run(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "broadsheet", *arguments],
        env=clean_environment(home, **environ),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_a_page_and_a_stop(home: Path) -> None:
    with serve(home) as server:
        assert get(f"{server.url}/healthz") == (200, "ok\n")
        status, page = get(f"{server.url}/")
        assert status == 200
        (sheet,) = re.findall(r'href="(/static/broadsheet/broadsheet\.[^"]*css)"', page)
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        assert get(f"{server.url}{sheet}")[0] == 200
        assert get(f"{server.url}/no/such/page/")[0] == 404
        assert get(server.sign_in_url)[0] == 200
    log = server.log.read_text()
    assert "ERROR" not in log
    assert "127.0.0.1" not in log
    # An orderly stop leaves the data in one file.
    assert not (home / "broadsheet.sqlite3-wal").exists()


def test_what_is_in_the_way_is_said_in_one_line(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = run(home, "serve", "--port", str(other.getsockname()[1]))
    assert taken.returncode == 1
    assert re.fullmatch(r"broadsheet: port \d+ is taken by another program; .*\n", taken.stderr)


def test_a_database_of_a_newer_version_is_refused_in_one_line(home: Path) -> None:
    with closing(sqlite3.connect(home / "broadsheet.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES "
            "('discussion', '9999_from_the_future', '2027-01-01')"
        )
        database.commit()
    refused = run(home, "serve", "--port", "20999")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "newer version" in refused.stderr
    assert "discussion.9999_from_the_future" in refused.stderr


# --- Comments from many readers at once ----------------------------------------------------------


@dataclass
class Readers:
    """Guests who write one comment after the other, each from another network and device."""

    server: Server
    thread: int
    acknowledged: list[int] = field(default_factory=list)
    broken_off: list[str] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def write_until_refused(self) -> None:
        host = urllib.parse.urlsplit(self.server.url).netloc
        while True:
            number = next(self.numbers)
            try:
                connection = http.client.HTTPConnection(host, timeout=60)
                connection.connect()
            except OSError:
                return
            with closing(connection):
                try:
                    self._write(connection, number)
                except (OSError, http.client.HTTPException) as error:
                    self.broken_off.append(repr(error))
                    return

    def _write(self, connection: http.client.HTTPConnection, number: int) -> None:
        form = urllib.parse.urlencode({"body": f"Comment number {number}.", "key": f"key-{number}"})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.server.url,
            "X-Forwarded-For": f"10.{number >> 8}.{number & 255}.7",
        }
        connection.request("POST", f"/t/{self.thread}/comments/", form, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        found = re.search(r"/c/(\d+)/|#c(\d+)", answer.headers["Location"])
        assert found, answer.headers["Location"]
        self.acknowledged.append(int(found[1] or found[2]))
        self.enough.release()


def thread_of(server: Server) -> int:
    """Return the thread under the first story."""
    _, front = get(f"{server.url}/")
    for address in re.findall(r'href="(/[\w-]+/[\w-]+/)"', front):
        found = re.search(r'action="/t/(\d+)/comments/"', get(f"{server.url}{address}")[1])
        if found:
            return int(found[1])
    raise AssertionError("no story has a thread")


def write(home: Path, *, comments: int, end: Callable[[Server], object]) -> Readers:
    """Let readers write that many comments, end the server in the middle, and return what was."""
    server = start(home, BROADSHEET_TRUSTED_PROXIES="127.0.0.1/32")
    try:
        readers = Readers(server, thread_of(server))
        with ThreadPoolExecutor(CLIENTS) as pool:
            writing = [pool.submit(readers.write_until_refused) for _ in range(CLIENTS)]
            for _ in range(comments):
                assert readers.enough.acquire(timeout=120), server.log.read_text()
            end(server)
            for done in writing:
                done.result()
        return readers
    finally:
        if server.process.poll() is None:
            server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()


def check_all_there(home: Path, readers: Readers) -> None:
    with closing(sqlite3.connect(home / "broadsheet.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        there = {number for (number,) in database.execute("SELECT id FROM discussion_comment")}
    assert set(readers.acknowledged) <= there
    assert len(set(readers.acknowledged)) == len(readers.acknowledged)
    checked = run(home, "selfcheck")
    assert checked.returncode == 0, checked.stdout


def test_a_stop_under_load_drops_nothing(home: Path) -> None:
    codes = []
    readers = write(home, comments=60, end=lambda server: codes.append(server.stop()))
    assert codes == [0]
    assert readers.broken_off == []
    check_all_there(home, readers)


def test_a_kill_during_posts_loses_no_acknowledged_comment(home: Path) -> None:
    check_all_there(home, write(home, comments=60, end=Server.kill))


@pytest.mark.deep
@pytest.mark.parametrize("attempt", range(5))
def test_kills_at_many_moments_lose_no_acknowledged_comment(home: Path, attempt: int) -> None:
    check_all_there(home, write(home, comments=100 + 211 * attempt, end=Server.kill))
    with serve(home) as server:
        assert get(f"{server.url}/readyz")[0] == 200
