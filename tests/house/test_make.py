"""`make run` from the outside: what it prints, what it refuses, and that it is quick."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from house.layers import ROOT
from migrated import kept_copy
from serving import clean_environment, free_port, get

BROADSHEET = Path(sys.executable).parent / "broadsheet"
TOOLS = ("sh", "cat", "cksum", "dirname", "mkdir", "rm", "chmod")


def refused(*command: str | Path, env: dict[str, str], cwd: Path = ROOT) -> str:
    """Run a command that has to refuse; return the one line it says why with."""
    done = subprocess.run(
        command, env=env, cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("broadsheet: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@contextmanager
def made(target: str, env: dict[str, str]) -> Iterator[str]:
    """Run a target in a group of its own; yield what it printed until the sign-in link."""
    process = subprocess.Popen(
        ["make", target],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    printed = ""
    try:
        for line in process.stdout or ():
            printed += line
            if "/account/staff/" in line:
                break
        yield printed
    finally:
        # As Ctrl+C does: the whole group hears it.
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=90)


@pytest.mark.deep
@pytest.mark.process
def test_run_serves_a_demonstration_and_again_quickly(tmp_path: Path) -> None:
    port = free_port()
    env = clean_environment(tmp_path, PORT=str(port))
    if kept_copy().exists():
        shutil.copy(kept_copy(), tmp_path / "broadsheet.sqlite3")
    address = f"http://127.0.0.1:{port}"
    with made("run", env) as printed:
        first = re.search(rf"{address}/account/staff/(\S+)/", printed)
        assert first, printed
        assert "The Harbour Post" in get(address)[1]
    files = tmp_path / "static" / "staticfiles.json"
    prepared = files.stat().st_mtime_ns
    with made("run", env) as printed:
        assert get(address)[0] == 200
    # What makes the first start slow is not done again; the seconds are `make bench`'s to measure.
    assert files.stat().st_mtime_ns == prepared
    second = re.search(rf"{address}/account/staff/(\S+)/", printed)
    assert second, printed
    assert second[1] != first[1], "a fresh link at every start"


@pytest.mark.process
def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = refused(BROADSHEET, "serve", env=clean_environment(tmp_path, PORT=port))
    assert port in line


@pytest.mark.process
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for home in (tmp_path / "file" / "home", Path("/proc/broadsheet")):
        env = clean_environment(home, PORT=str(free_port()))
        assert str(home) in refused(BROADSHEET, "demo", env=env)


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user other than root: root may write all")
def test_a_folder_without_permission_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    env = clean_environment(tmp_path, PORT=str(free_port()))
    assert str(tmp_path) in refused(BROADSHEET, "demo", env=env)


@pytest.mark.process
def test_a_setting_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    env = clean_environment(tmp_path, BROADSHEET_TIME_ZONE="Orrin/Harbour")
    line = refused(BROADSHEET, "serve", env=env)
    assert "time_zone" in line
    assert "Europe/Berlin" in line


@pytest.mark.deep
@pytest.mark.process
def test_a_database_from_a_newer_version_is_one_line(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "broadsheet.sqlite3")) as database, database:
        database.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY AUTOINCREMENT,"
            " app varchar(255), name varchar(255), applied datetime)"
        )
        database.execute(
            "INSERT INTO django_migrations VALUES (NULL, 'discussion', '9999_later', '2099-01-01')"
        )
    env = clean_environment(tmp_path, PORT=str(free_port()))
    line = refused(BROADSHEET, "serve", env=env)
    assert "newer version" in line
    assert "9999_later" in line


# --- tools/uv.sh, in a folder of its own, with programs that only pretend ---------------------


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout with nothing set up, and a PATH with nothing but a shell's own tools."""
    for name in ("uv.lock", "pyproject.toml", ".python-version", "tools/uv.sh"):
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "checkout" / name)
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def pretend(folder: Path, name: str, script: str) -> None:
    program = folder / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def bare(folder: Path) -> dict[str, str]:
    return {"PATH": str(folder / "bin"), "HOME": str(folder)}


def set_up(folder: Path, group: str = "run") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "checkout" / "tools" / "uv.sh", group],
        env=bare(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


WORKING_UV = """
case "$1" in
--version) echo "uv 0.13.9 (pretended)" ;;
sync)
    echo "$@" >>calls
    mkdir -p .venv/bin
    : >.venv/bin/python
    chmod +x .venv/bin/python
    ;;
*) exit 2 ;;
esac
"""
OLD_PYTHON = "exit 1"
NEW_PYTHON = "echo /somewhere/python3.12"


def test_no_python_at_all_is_one_line(fresh: Path) -> None:
    line = refused(fresh / "checkout/tools/uv.sh", "run", env=bare(fresh))
    assert "Python 3.12" in line


def test_only_an_old_python_is_one_line(fresh: Path) -> None:
    pretend(fresh, "python3", OLD_PYTHON)
    pretend(fresh, "uv", 'case "$1" in --version) echo "uv 0.13.9" ;; *) exit 2 ;; esac')
    line = refused(fresh / "checkout/tools/uv.sh", "run", env=bare(fresh))
    assert "Python 3.12" in line
    assert "could not download" in line


def test_uv_that_cannot_be_installed_is_one_line(fresh: Path) -> None:
    pretend(fresh, "python3", OLD_PYTHON)
    line = refused(fresh / "checkout/tools/uv.sh", "run", env=bare(fresh))
    assert "uv could not be installed" in line


def test_a_python_that_only_pyenv_has_is_found(fresh: Path) -> None:
    """pyenv's shim refuses while .python-version names a version that is not there."""
    pretend(fresh, "python3", "echo 'pyenv: version 3.13 is not installed' >&2; exit 127")
    pretend(fresh, "uv", WORKING_UV)
    own = fresh / ".pyenv/versions/3.12.7/bin"
    own.mkdir(parents=True)
    (own / "python3").write_text(f"#!/bin/sh\n{NEW_PYTHON}\n")
    (own / "python3").chmod(0o755)
    done = set_up(fresh)
    assert done.returncode == 0, done.stderr
    assert "--python /somewhere/python3.12" in (fresh / "checkout/calls").read_text()


def test_the_second_time_nothing_is_done(fresh: Path) -> None:
    pretend(fresh, "python3", NEW_PYTHON)
    pretend(fresh, "uv", WORKING_UV)
    calls = fresh / "checkout" / "calls"
    assert set_up(fresh).returncode == 0
    assert calls.read_text().splitlines() == [
        "sync --locked --python /somewhere/python3.12 --no-default-groups --inexact"
    ]
    assert set_up(fresh).stderr == ""
    assert len(calls.read_text().splitlines()) == 1
    # Tests need more than the site does; and the site needs nothing that tests do not.
    assert set_up(fresh, "dev").returncode == 0
    assert set_up(fresh, "run").returncode == 0
    assert len(calls.read_text().splitlines()) == 2
    # What is locked has changed, so it is done again.
    (fresh / "checkout/uv.lock").write_text("changed")
    assert set_up(fresh).returncode == 0
    assert len(calls.read_text().splitlines()) == 3


def test_an_old_uv_on_path_is_passed_over(fresh: Path) -> None:
    pretend(fresh, "python3", OLD_PYTHON)
    pretend(fresh, "uv", 'echo "uv 0.4.30"')
    assert "uv could not be installed" in set_up(fresh).stderr
