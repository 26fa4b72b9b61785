"""Work that burns the processor, in a process of its own: `python -m broadsheet.site.child NAME`.

In a thread it would take its turns from the readers' requests.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

logger = logging.getLogger(__name__)

TIMEOUT: Final = 30 * 60
_NICE: Final = 10
# What a child may take to end the step it is at.
_END_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.1
_stopping = threading.Event()


class ChildError(Exception):
    """The child ended with an error; what it said is in the log already."""


def _renditions() -> None:
    from broadsheet.stories import api as stories  # noqa: PLC0415 - after django.setup()

    # Ends by itself before it is ended, and goes on the next time.
    until = time.monotonic() + TIMEOUT * 0.8
    stories.make_all_renditions(stop=lambda: time.monotonic() > until)


def _selfcheck() -> None:
    from broadsheet.site.selfcheck import log_all  # noqa: PLC0415 - after django.setup()

    log_all()


def _assistant() -> None:
    from broadsheet.discussion import api as discussion  # noqa: PLC0415 - after django.setup()
    from broadsheet.kit.clock import utcnow  # noqa: PLC0415 - as above

    until = time.monotonic() + TIMEOUT * 0.8
    discussion.assist(now=utcnow(), stop=lambda: time.monotonic() > until)


WORK: Final[dict[str, Callable[[], None]]] = {
    "assistant": _assistant,
    "renditions": _renditions,
    "selfcheck": _selfcheck,
}


def run_in_child(
    name: str, *, timeout: float = TIMEOUT, stopping: threading.Event = _stopping
) -> None:
    """Do a piece of WORK in a child process and wait for it. Raises ChildError.

    When `stopping` is set the child is ended first; its work is taken up again another time.
    """
    command = [sys.executable, "-m", "broadsheet.site.child", name]
    until = time.monotonic() + timeout
    # Its own session: Ctrl-C at the terminal is for the supervisor alone. It reads what we never
    # write, and so knows when we are gone.
    with subprocess.Popen(command, start_new_session=True, stdin=subprocess.PIPE) as process:  # noqa: S603 - our own program
        try:
            while process.poll() is None and time.monotonic() < until:
                if stopping.wait(_LOOK_SECONDS):
                    logger.info("%s is ended, for we are stopping", name)
                    return
            late = process.poll() is None
        finally:
            _end(process)
    if late:
        raise ChildError(f"{name} took more than {timeout:g} seconds")
    if process.returncode:
        raise ChildError(f"{name} ended with {process.returncode}")


def end_children() -> None:
    """Let no child outlive this process, and begin none any more."""
    _stopping.set()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_END_SECONDS)
        return
    process.kill()


def _end_with_parent() -> None:
    """End when the parent is gone, however it went."""

    def wait_for_its_end() -> None:
        # Not sys.stdin, whose lock this thread would hold when the process ends.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_its_end, daemon=True).start()


def main(name: str) -> None:
    import django  # noqa: PLC0415 - a parent that only starts children does not load it

    # A step that is half done is tidied up behind, as after any exception.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    _end_with_parent()
    os.nice(_NICE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.site.settings")
    django.setup()
    WORK[name]()


if __name__ == "__main__":
    main(sys.argv[1])
