"""What small files hold, in memory: the pictures and scripts that everybody asks for."""

from collections import OrderedDict
from pathlib import Path
from typing import Final

# Larger ones are sent from the disk.
LARGEST: Final = 256 * 1024
# So many paths are remembered that were asked for once.
_REMEMBERED: Final = 4096


class Held:
    """Contents of files by path and tag, `most` bytes of them. Used on the event loop alone.

    A file is read when it is asked for the second time, so that who walks through every picture of
    ten years pushes out none that is read; at once with `eager`.
    """

    def __init__(self, most: int, *, eager: bool = False) -> None:
        self._room = most
        self._eager = eager
        self._contents: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._asked: OrderedDict[str, None] = OrderedDict()

    def get(self, path: str, *, tag: str, size: int) -> bytes | None:
        """Return what a file holds; None where it had better be sent from the disk."""
        held = self._contents.get(path)
        if held is not None:
            if held[0] == tag:
                self._contents.move_to_end(path)
                return held[1]
            self._forget(path)
        if size > LARGEST or not (self._eager or self._was_asked(path)):
            return None
        try:
            content = Path(path).read_bytes()
        except OSError:
            # It has just gone; whoever sends it from the disk will say so.
            return None
        if len(content) != size:
            # It was written meanwhile.
            return None
        self._contents[path] = tag, content
        self._room -= size
        while self._room < 0:
            self._forget(next(iter(self._contents)))
        return content

    def _forget(self, path: str) -> None:
        _, content = self._contents.pop(path)
        self._room += len(content)

    def _was_asked(self, path: str) -> bool:
        if path in self._asked:
            del self._asked[path]
            return True
        self._asked[path] = None
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return False
