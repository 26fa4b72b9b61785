"""Before a server starts: what is refused, each in one line."""

import errno
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from broadsheet.site.server import address, prepare, run
from broadsheet.site.server.address import Address, CannotServe, free_address
from serving import clean_environment


def test_a_free_port_is_found() -> None:
    found = free_address("127.0.0.1", 0)
    assert found.host == "127.0.0.1"
    assert found.port > 0
    assert free_address("localhost", found.port).port == found.port


def test_a_taken_port_is_refused_even_if_its_owner_would_share_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotServe, match=f"port {port} is taken"):
            free_address("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.9", "no-such-host.invalid"])
def test_a_host_that_is_not_here_is_refused(host: str) -> None:
    with pytest.raises(CannotServe, match="is not an address of this machine"):
        free_address(host, 0)


def test_a_port_for_the_superuser_is_refused_in_words() -> None:
    said = address._why(OSError(errno.EACCES, "Permission denied"), "127.0.0.1", 80)
    assert "above 1023" in said


@pytest.mark.parametrize(
    ("bound", "url"),
    [
        (Address("127.0.0.1", 8000), "http://127.0.0.1:8000"),
        (Address("0.0.0.0", 8000), "http://127.0.0.1:8000"),  # noqa: S104 - only a text
        (Address("::", 8000), "http://[::1]:8000"),
    ],
)
def test_the_address_is_one_to_click_on(bound: Address, url: str) -> None:
    assert bound.url == url


@pytest.fixture
def child_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for Python: what the child processes of the preparation are."""
    program = tmp_path / "program"
    monkeypatch.setattr(prepare.sys, "executable", str(program))
    return program


def script(program: Path, text: str) -> None:
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def test_what_the_preparation_says_last_is_handed_on(child_program: Path) -> None:
    script(child_program, """echo migrating; echo '{"sign_in": "/x/"}'""")
    told = prepare.prepare(demo=False, is_static_ready=lambda: True, load=lambda: None)
    assert told == {"sign_in": "/x/"}


def test_a_refusal_of_the_preparation_is_one_line(
    child_program: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script(child_program, "echo note >&2; echo 'broadsheet: a newer version' >&2; exit 1")
    with pytest.raises(CannotServe, match=r"^a newer version$"):
        prepare.prepare(demo=False, is_static_ready=lambda: True, load=lambda: None)
    assert capfd.readouterr().err == ""


def test_static_files_are_prepared_when_they_are_old_and_before_the_code_is_loaded(
    child_program: Path, tmp_path: Path
) -> None:
    script(child_program, f"echo $@ >> {tmp_path}/called; echo '{{}}'")
    loaded = []

    def load() -> None:
        loaded.append("broadsheet.site.static" in (tmp_path / "called").read_text())

    prepare.prepare(demo=True, is_static_ready=lambda: False, load=load)
    assert loaded == [True]
    assert "-m broadsheet prepare --demo" in (tmp_path / "called").read_text()


def test_a_program_that_cannot_be_loaded_is_one_line(child_program: Path) -> None:
    script(child_program, "echo '{}'")

    def load() -> None:
        raise ImportError("no module named so")

    with pytest.raises(CannotServe, match="cannot be loaded: no module named so"):
        prepare.prepare(demo=False, is_static_ready=lambda: True, load=load)


def test_no_thread_crosses_the_fork() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="early-bird")
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="early-bird"):
            run._assert_untouched()
    finally:
        stop.set()
        thread.join()


def test_loading_the_program_starts_no_thread_and_opens_no_database(tmp_path: Path) -> None:
    program = (
        "from broadsheet.site.server import run\n"
        "run._is_static_ready(); run._load(); run._assert_untouched()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean_environment(tmp_path, DJANGO_SETTINGS_MODULE="broadsheet.site.settings"),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("*.sqlite3*"))
