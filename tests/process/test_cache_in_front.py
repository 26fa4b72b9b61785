"""A real Varnish in front, set up as the manual says."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from homes import Homes
from process.test_at_once import Device
from process.test_crash import thread_of
from process.test_pages import SOON, ask, story_of
from serving import IN_CROWDS, Server, free_port, serve

pytestmark = [pytest.mark.process, pytest.mark.deep]

VCL: Final = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "varnish.vcl"


@pytest.fixture
def varnish(homes: Homes, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """A newsroom, and the cache in front of it."""
    program = shutil.which("varnishd") or shutil.which("varnishd", path="/usr/sbin")
    if program is None:
        pytest.skip("needs varnishd (Debian: varnish)")
    home, port = homes.one_story(), free_port()
    cache = f"http://127.0.0.1:{port}"
    settings = IN_CROWDS | {
        "BROADSHEET_PURGE_URL": f"{cache}/",
        "BROADSHEET_SHARED_CACHE_SECONDS": "3600",
    }
    with serve(home.path, **home.environ, **settings) as server:
        vcl = tmp_path / "varnish.vcl"
        vcl.write_text(VCL.read_text().replace('"8000"', f'"{server.url.rpartition(":")[2]}"'))
        place = ["-n", str(tmp_path / "varnish"), "-a", f"127.0.0.1:{port}", "-f", str(vcl)]
        process = subprocess.Popen(
            [program, "-F", "-j", "none", "-s", "malloc,32m", *place],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        in_front = Server(cache, home.path, server.log, process)
        try:
            _wait_for(in_front)
            _wait_for_the_first_purge(tmp_path / "varnish")
            yield server, in_front
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            ask(server, "/healthz")
        except OSError:
            assert server.process.poll() is None, server.process.communicate()[0]
            assert time.monotonic() < deadline
        else:
            return


def _wait_for_the_first_purge(place: Path) -> None:
    """It is told to forget all pages by a newsroom that starts, perhaps at a later try.

    Its list of bans does not say so for long: those that concern nothing it has are dropped. It
    counts them all, beginning with one of its own.
    """
    program = shutil.which("varnishstat") or "/usr/bin/varnishstat"
    command = [program, "-n", str(place), "-1", "-f", "MAIN.bans_added"]
    deadline = time.monotonic() + 90
    while True:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
        if len(said) > 1 and int(said[1]) > 1:
            return
        assert time.monotonic() < deadline, "it was not told"


def is_from_the_cache(server: Server, path: str) -> bool:
    """Varnish names two requests where it had the page: this one, and the one that brought it."""
    _, headers, _ = ask(server, path)
    return " " in headers["x-varnish"]


def test_it_keeps_pages_and_forgets_what_changed(varnish: tuple[Server, Server]) -> None:
    server, in_front = varnish
    story, thread = story_of(server), thread_of(server)
    for path in (story, "/rules/"):
        ask(in_front, path)
        assert is_from_the_cache(in_front, path)
    assert not is_from_the_cache(in_front, "/me/record/")
    words = "It came before the cache had noticed."
    Device(server).writes(thread, words)
    deadline = time.monotonic() + SOON
    while words not in ask(in_front, story)[2].decode():
        assert time.monotonic() < deadline, "the cache was not told"
    # What shows nothing of the discussion stays.
    assert is_from_the_cache(in_front, "/rules/")
    assert is_from_the_cache(in_front, story)


def test_strangers_do_not_purge(varnish: tuple[Server, Server]) -> None:
    server, _ = varnish
    assert ask(server, "/", "PURGE", Surrogate_Key="any")[0] in {403, 405}
