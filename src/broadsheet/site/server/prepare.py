"""Bring database and static files up to date, each in a process of its own, before the fork."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from broadsheet.site.server.address import CannotServe

_PREFIX: Final = "broadsheet: "


class StoppedError(Exception):
    """Somebody stopped the server before it had started."""


def prepare(
    *, demo: bool, is_static_ready: Callable[[], bool], load: Callable[[], None]
) -> dict[str, Any]:
    """Prepare the database, and the static files if need be, while this process loads the code.

    `load` comes after the static files, whose names the code asks for as it is loaded. Returns
    what the preparation has to say (the path of a sign-in link). Raises CannotServe, StoppedError.
    """
    with _child(["-m", "broadsheet", "prepare", *(["--demo"] if demo else [])]) as database:
        try:
            if not is_static_ready():
                with _child(["-m", "broadsheet.site.static"]) as static:
                    _result(static)
            load()
        except CannotServe:
            raise
        except Exception as error:
            # The child met the same fault, and says it in one line.
            _result(database)
            raise CannotServe(f"the program cannot be loaded: {_one_line(error)}") from error
        lines = _result(database).strip().splitlines()
    return dict(json.loads(lines[-1])) if lines else {}


@contextmanager
def _child(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run our own program; it ends with this process, whatever ends that."""
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            except BaseException:
                process.terminate()
                raise
    except KeyboardInterrupt:
        raise StoppedError from None
    finally:
        signal.signal(signal.SIGTERM, previous)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _result(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate()
    if process.returncode:
        lines = [line.strip() for line in err.splitlines() if line.strip()]
        last = lines[-1] if lines else f"it ended with {process.returncode} and no message"
        if not last.startswith(_PREFIX):
            # Not a refusal but a fault: whoever mends it needs to see all of it.
            sys.stderr.write(err)
        raise CannotServe(last.removeprefix(_PREFIX))
    sys.stderr.write(err)
    return out


def _one_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
