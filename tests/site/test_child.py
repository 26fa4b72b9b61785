"""Work in a process of its own ends with the process that asked for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from broadsheet.site import child
from broadsheet.site.child import ChildError, run_in_child


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for python that notes its number and then waits for its end."""
    note, script = tmp_path / "pid", tmp_path / "python"
    script.write_text(
        f"#!{sys.executable}\n"
        "import os, pathlib, sys, time\n"
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n"
        "name = sys.argv[-1]\n"
        "if name == 'fails': sys.exit(3)\n"
        "if name == 'waits': sys.stdin.read()\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(child.sys, "executable", str(script))
    return note


def pid_in(note: Path) -> int:
    until = time.monotonic() + 60
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < until
        threading.Event().wait(0.02)
    return int(note.read_text())


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_work_is_waited_for_and_a_failure_told(program: Path) -> None:
    run_in_child("done", stopping=threading.Event())
    with pytest.raises(ChildError, match="fails ended with 3"):
        run_in_child("fails", stopping=threading.Event())


def test_work_that_takes_too_long_is_ended(program: Path) -> None:
    with pytest.raises(ChildError, match="waits took more than 1 seconds"):
        run_in_child("waits", timeout=1, stopping=threading.Event())
    assert not is_alive(pid_in(program))


def test_stopping_ends_the_work_at_once(program: Path) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=run_in_child, args=("waits",), kwargs={"stopping": stopping})
    thread.start()
    pid = pid_in(program)
    assert is_alive(pid)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()
    assert not is_alive(pid)


@pytest.mark.slow
def test_a_child_whose_parent_was_killed_ends(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    # The real entrance, with a work that would last for ever.
    work = (
        "import os, pathlib, threading\n"
        "from broadsheet.site import child\n"
        f"def for_ever(): pathlib.Path({str(note)!r}).write_text(str(os.getpid()));"
        " threading.Event().wait()\n"
        "child.WORK['for_ever'] = for_ever\n"
        "child.main('for_ever')\n"
    )
    begin = (
        "import subprocess, sys\n"
        f"command = [sys.executable, '-c', {work!r}]\n"
        "subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True).wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", begin])
    pid = pid_in(note)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 30
    while is_alive(pid):
        assert time.monotonic() < until
        threading.Event().wait(0.02)
    assert os.getpid() != pid
