"""What `selfcheck` runs: a room lists its checks, the hallway runs them and shows the problems."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant across rows. `run` yields a sentence for each problem, none when all is well.

    `name` is stable, `<room>.<what>`; it only reads the database.
    """

    name: str
    run: Callable[[], Iterable[str]]
