"""Who answers whom, worked out before anything is written.

In a file answers may come before what they answer, answer something that is not there or not
carried over, or answer each other in a circle. What comes out is, for every comment that is
carried, the comment it hangs on (`attach`), such that following it always ends at a root. No
recursion, and no list of a whole thread in memory: a chain may be as long as the file.
"""

import re
from hashlib import sha256
from typing import Final

from broadsheet.formats.api import Comment
from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress.scratch import Scratch

_ID: Final = re.compile(r"\d{1,18}", re.ASCII)
# How far up an answer looks for something carried to hang on, when all above it are left out.
MAX_CLIMB: Final = 1000


class ThreadPlan:
    """Takes the comments of one item after the other, in the order of the file."""

    def __init__(self, scratch: Scratch, report: Report) -> None:
        self._scratch = scratch
        self._report = report
        self._walks = 0

    def add(self, comment: Comment, *, carried: bool) -> None:
        """Take a comment; its place among the earlier ones is known at once, as a rule."""
        foreign_id = self._foreign_id(comment)
        up = attach = None
        is_open = False
        if comment.parent and comment.parent == comment.id:
            self._note("comment_cycle", comment.line)
        elif comment.parent:
            found = self._by_id(comment.item, comment.parent)
            if found is None:
                is_open = True
            else:
                up, above_carried, above_attach, is_open = found
                attach = up if above_carried else above_attach
                is_open = is_open and not above_carried
                if carried and not above_carried and not is_open:
                    self._note("comment_moved_up", comment.line)
        self._scratch.run(
            "INSERT INTO comment (number, item, id, foreign_id, parent_id, carried, up, attach,"
            " open, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(comment.number, comment.item, comment.id, foreign_id, comment.parent, int(carried)),
            *(up, attach, int(is_open), comment.line),
        )

    def close(self, item: int) -> None:
        """Settle what was open when the item's last comment had come."""
        scratch = self._scratch
        numbers = [
            int(row[0])
            for row in scratch.all("SELECT number FROM comment WHERE item = ? AND open = 1", item)
        ]
        for number in numbers:
            self._find_parent(item, number)
        for number in numbers:
            self._break_circle(number)
        for number in numbers:
            self._hang(number)

    def _by_id(self, item: int, comment_id: str) -> tuple[int, bool, int | None, bool] | None:
        row = self._scratch.one(
            "SELECT number, carried, attach, open FROM comment WHERE item = ? AND id = ?"
            " ORDER BY number LIMIT 1",
            *(item, comment_id),
        )
        return (row[0], bool(row[1]), row[2], bool(row[3])) if row else None

    def _find_parent(self, item: int, number: int) -> None:
        row = self._scratch.one(
            "SELECT parent_id, carried, line FROM comment WHERE number = ?", number
        )
        found = self._by_id(item, row[0]) if row else None
        if found is None:
            if row and row[1]:
                self._note("comment_parent", row[2])
            return
        self._scratch.run("UPDATE comment SET up = ? WHERE number = ?", found[0], number)

    def _break_circle(self, start: int) -> None:
        """Follow the answers up, once per comment in all; where we meet ourselves, cut."""
        self._walks += 1
        number: int | None = start
        while number is not None:
            row = self._scratch.one("SELECT up, mark FROM comment WHERE number = ?", number)
            if row is None or row[1] not in (0, self._walks):
                return
            if row[1] == self._walks:
                self._cut(number)
                return
            self._scratch.run("UPDATE comment SET mark = ? WHERE number = ?", self._walks, number)
            number = row[0]

    def _cut(self, number: int) -> None:
        """Cut the circle that `number` is part of, at an answer that came before its question.

        There is one in every circle, and what hangs on earlier comments stays true.
        """
        while row := self._scratch.one(
            "SELECT up, open, line FROM comment WHERE number = ?", number
        ):
            if row[1]:
                self._note("comment_cycle", row[2])
                self._scratch.run("UPDATE comment SET up = NULL WHERE number = ?", number)
                return
            number = row[0]

    def _hang(self, number: int) -> None:
        """Hang a comment on the nearest one above it that is carried over."""
        row = self._scratch.one("SELECT up, carried, line FROM comment WHERE number = ?", number)
        above = row[0] if row else None
        for climbed in range(MAX_CLIMB):
            found = above and self._scratch.one(
                "SELECT up, carried FROM comment WHERE number = ?", above
            )
            if not found:
                above = None
                break
            if found[1]:
                break
            above = found[0]
            if not climbed and row and row[1]:
                self._note("comment_moved_up", row[2])
        else:
            above = None
        self._scratch.run("UPDATE comment SET attach = ?, open = 0 WHERE number = ?", above, number)

    def _foreign_id(self, comment: Comment) -> str:
        """Return the id under which the comment is known here: its own, unless that is taken."""
        base = comment.id if _ID.fullmatch(comment.id) else _made_id(comment)
        if not self._is_taken(base):
            return base
        # In strides that double, then halve: a file may use one number a hundred thousand times.
        low, high = 1, 2
        while self._is_taken(f"{base}-{high}"):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_taken(f"{base}-{middle}") else (low, middle)
        name = f"{base}-{high}"
        self._note("comment_twice", comment.line, detail=f"{comment.id or base} → {name}")
        return name

    def _is_taken(self, name: str) -> bool:
        return self._scratch.one("SELECT 1 FROM comment WHERE foreign_id = ?", name) is not None

    def _note(self, code: str, line: int, *, detail: str = "") -> None:
        self._report.note(code, Place(line, ""), detail=detail)


def _made_id(comment: Comment) -> str:
    parts = (
        comment.id,
        comment.author,
        str(comment.date_local),
        str(comment.date_utc),
        comment.content,
    )
    return "x" + sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
