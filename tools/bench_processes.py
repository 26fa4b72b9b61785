"""What the processes of a server use, from the kernel's own books. Linux only."""

import os
from collections.abc import Iterator
from pathlib import Path


class NotMeasuredError(Exception):
    """There is no figure; the message says why."""


TICKS = os.sysconf("SC_CLK_TCK")
# Of /proc/<pid>/stat after the name: in user mode, in the kernel, and both of children that ended.
USED = slice(11, 15)


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in children:
        yield from family(int(child))


def proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def cpu_seconds(pid: int) -> float:
    """Return the seconds of processor that a process and all below it have used."""
    return sum(map(_ticks, family(pid))) / TICKS


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[USED]))
