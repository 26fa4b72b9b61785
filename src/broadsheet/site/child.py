"""Work that burns the processor, in a process of its own: `python -m broadsheet.site.child NAME`.

In a thread it would take its turns from the readers' requests.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

TIMEOUT: Final = 30 * 60
_NICE: Final = 10


class ChildError(Exception):
    """The child ended with an error; what it said is in the log already."""


def _renditions() -> None:
    from broadsheet.stories import api as stories  # noqa: PLC0415 - after django.setup()

    # Ends by itself before it is ended, and goes on the next time.
    until = time.monotonic() + TIMEOUT * 0.8
    stories.make_all_renditions(stop=lambda: time.monotonic() > until)


WORK: Final[dict[str, Callable[[], None]]] = {"renditions": _renditions}


def run_in_child(name: str, *, timeout: float = TIMEOUT) -> None:
    """Do a piece of WORK in a child process and wait for it. Raises ChildError."""
    command = [sys.executable, "-m", "broadsheet.site.child", name]
    try:
        # Its own session: Ctrl-C at the terminal is for the supervisor alone.
        done = subprocess.run(command, timeout=timeout, check=False, start_new_session=True)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"{name} took more than {timeout:g} seconds") from error
    if done.returncode:
        raise ChildError(f"{name} ended with {done.returncode}")


def main(name: str) -> None:
    import django  # noqa: PLC0415 - a parent that only starts children does not load it

    os.nice(_NICE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.site.settings")
    django.setup()
    WORK[name]()


if __name__ == "__main__":
    main(sys.argv[1])
