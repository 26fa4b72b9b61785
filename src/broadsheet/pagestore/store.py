"""The pages that are kept, within a bound of bytes.

When it is full, the page that was used longest ago goes, unless it is used more often than the new
one is asked for: so a crawler that asks once for each of a million old pages pushes nothing out.
(The idea of TinyLFU, Einziger, Friedman, Manes 2017, doi:10.1145/3149371, in its plainest form.)
"""

from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from typing import Final

from broadsheet.pagestore.pages import Page

type Key = tuple[str, str]

_SKETCH: Final = 1 << 16
_MOST: Final = 255


class Asked:
    """How often pages that are not kept were asked for lately: in 64 KB, and a little too often."""

    def __init__(self) -> None:
        self._counts = array("B", bytes(_SKETCH))
        self._total = 0

    def count(self, key: Hashable) -> int:
        """Count one more, and return how many there were lately."""
        place = hash(key) & (_SKETCH - 1)
        count = min(self._counts[place] + 1, _MOST)
        self._counts[place] = count
        self._total += 1
        if self._total >= 2 * _SKETCH:
            self._total //= 2
            self._counts = array("B", (each // 2 for each in self._counts))
        return count


class Store:
    """Pages by path and canonical query. Used on the event loop alone."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._asked = Asked()
        self.size = 0

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._pages)

    def get(self, key: Key) -> Page | None:
        """Return a page and count the use; None when it is not kept."""
        page = self._pages.get(key)
        if page is not None:
            page.uses += 1
            self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: Page) -> bool:
        """Keep a page, in place of its older self; False when others are wanted more."""
        old = self._pages.pop(key, None)
        if old is not None:
            page.uses = old.uses
            self.size -= old.counted
        asked = self._asked.count(key)
        if not self._make_room(page.size, asked=max(asked, page.uses)):
            return False
        self._pages[key] = page
        page.counted = page.size
        self.size += page.size
        return True

    def grown(self, key: Key, page: Page) -> None:
        """Take account of another encoding of a page, if it is still kept."""
        if self._pages.get(key) is not page:
            return
        self.size += page.size - page.counted
        page.counted = page.size
        self._make_room(0, asked=_MOST + page.uses)

    def remove(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size -= page.counted

    def _make_room(self, size: int, *, asked: int) -> bool:
        """Let the least wanted go until there is room; False when the new one is that."""
        if size > self._most // 4:
            return False
        while self.size + size > self._most and self._pages:
            key, victim = next(iter(self._pages.items()))
            if victim.uses >= asked:
                # It stays this time; what is not used goes down to nothing.
                victim.uses //= 2
                self._pages.move_to_end(key)
                return False
            self.remove(key)
        return True
