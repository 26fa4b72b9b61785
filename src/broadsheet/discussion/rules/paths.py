"""The order of replies below a root, as bytes that a database compares.

A reply's path is the ids of its ancestors below the root, then its own, each 8 bytes big-endian.
At most LEVELS of them: below that, replies follow one another flat, in the order they were
written, because an index entry has a bound and so has a reader's patience. A root's path is empty.
"""

from typing import Final

WIDTH: Final = 8
LEVELS: Final = 8
_LAST: Final = b"\xff" * WIDTH


def path_of(*, number: int, parent_path: bytes) -> bytes:
    """Return the path of comment `number` that answers a comment with `parent_path`."""
    return parent_path[: (LEVELS - 1) * WIDTH] + number.to_bytes(WIDTH)


def level_of(path: bytes) -> int:
    """Return how many levels below its root a comment is ordered: 0 for a root, at most LEVELS."""
    return len(path) // WIDTH


def ids_of(path: bytes) -> tuple[int, ...]:
    """Return the ids a path is made of, from below the root to the comment itself."""
    return tuple(
        int.from_bytes(path[start : start + WIDTH]) for start in range(0, len(path), WIDTH)
    )


def holds_subtree(path: bytes) -> bool:
    """Say whether all that is below a comment of this path begins with the path."""
    return level_of(path) < LEVELS


def end_of_subtree(path: bytes) -> bytes:
    """Return the greatest path that can stand below `path`; only where `holds_subtree`."""
    return path + _LAST
