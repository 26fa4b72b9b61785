"""Bringing the comments of one story over: parents first, in transactions of a hundred."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.crypto import salted_hmac

from broadsheet.discussion import api as discussion
from broadsheet.formats.api import (
    Comment,
    comment_text,
    feedback_form_id,
    guest_email,
    is_closed,
    is_pinned,
    votes,
)
from broadsheet.importing import rules
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.report import Report
from broadsheet.importing.wordpress.mapping import zone
from broadsheet.importing.wordpress.scratch import Scratch
from broadsheet.kit.actor import Role, system
from broadsheet.stories import api as stories

SYSTEM: Final = "wordpress"
# It acts for the publisher, who may close a discussion.
ACTOR: Final = replace(system(name="import"), roles=frozenset({Role.SYSTEM, Role.OWNER}))
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Prepared:
    """A comment ready to be written, in what JSON can hold: some wait on disk for their parent."""

    number: int
    foreign_id: str
    parent_foreign_id: str
    author_key: str
    author_name: str
    author_email: str
    body: str
    created_at: str
    state: str
    pinned: bool
    newsroom: bool
    up: int
    down: int
    kept: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Discussed:
    """Where the comments of an item go. `dated` is when it was published, for undated ones.

    `public` says whether readers see the item. A comment has an address of its own, so that of
    an item which they don't see must wait, whatever WordPress said of it.
    """

    thread_id: int
    language: str
    dated: datetime
    public: bool


class Comments:
    """The comments of one import, item by item: `begin`, `add` …, `flush`."""

    def __init__(
        self, *, scratch: Scratch, ids: IdMap, report: Report, base_url: str, now: datetime
    ) -> None:
        self._scratch = scratch
        self._ids = ids
        self._report = report
        self._base_url = base_url
        self._now = now
        self._batch: list[Prepared] = []
        self._to: Discussed | None = None
        self._threads: set[int] = set()
        # Anchors of the first site keep their bare number; another site's could be the same.
        first = ids.is_first_site()
        self._prefix = "" if first else sha256(ids.site.encode()).hexdigest()[:8] + "-"

    def begin(self, to: Discussed | None) -> None:
        """Take the comments of another item from here on; None: they are not carried."""
        self.flush()
        self._to = to

    def add(self, comment: Comment) -> None:
        """Take a comment: write it soon, or keep it until what it answers has come."""
        row = self._scratch.one(
            "SELECT foreign_id, carried, attach FROM comment WHERE number = ?", comment.number
        )
        if self._to is None or row is None or not row[1]:
            return
        foreign_id, _, attach = row
        above = attach and self._scratch.one(
            "SELECT foreign_id, done FROM comment WHERE number = ?", attach
        )
        prepared = self._prepared(comment, foreign_id, above[0] if above else "")
        if above and not above[1]:
            payload = json.dumps(asdict(prepared))
            values = (comment.number, attach, payload)
            self._scratch.run("INSERT INTO waiting VALUES (?, ?, ?)", *values)
            return
        self._write_with_waiting(prepared)

    def flush(self) -> None:
        """Write what has gathered, in one transaction."""
        batch, self._batch = self._batch, []
        if not batch or self._to is None:
            return
        with transaction.atomic():
            outcomes = [self._write(prepared, self._to) for prepared in batch]
        self._threads.add(self._to.thread_id)
        for outcome in outcomes:
            self._report.came("comment", outcome)

    def tie_quotations(self) -> None:
        """Tie what people quote of each other, when all comments are here."""
        for thread_id in sorted(self._threads):
            tied = discussion.match_quotations(
                actor=ACTOR,
                thread_id=thread_id,
                story_text=stories.text_of_edition,
                now=self._now,
            )
            if tied:
                self._report.came("quotation", "tied", tied)

    def _write_with_waiting(self, prepared: Prepared) -> None:
        """Put a comment into the batch, then what waited for it, then what waited for that."""
        ready = [prepared]
        while ready:
            one = ready.pop()
            self._batch.append(one)
            self._scratch.run("UPDATE comment SET done = 1 WHERE number = ?", one.number)
            if len(self._batch) >= BATCH:
                self.flush()
            waiting = self._scratch.all(
                "SELECT payload FROM waiting WHERE attach = ? ORDER BY number DESC", one.number
            )
            ready += [Prepared(**json.loads(row[0])) for row in list(waiting)]
            self._scratch.run("DELETE FROM waiting WHERE attach = ?", one.number)

    def _prepared(self, comment: Comment, foreign_id: str, above: str) -> Prepared:
        fate = rules.comment_fate(comment, on=rules.Becomes.STORY)
        dated = rules.moment(comment.date_utc, comment.date_local, zone=zone())
        if dated is None and self._to is not None:
            dated = self._to.dated
        tally = votes(comment)
        return Prepared(
            number=comment.number,
            foreign_id=self._prefix + foreign_id,
            parent_foreign_id=self._prefix + above if above else "",
            author_key=self._author_key(comment, foreign_id),
            author_name=comment.author,
            author_email=guest_email(comment.email),
            body=comment_text(comment.content, base_url=self._base_url, line_break="\n"),
            created_at=(dated or self._now).astimezone(UTC).isoformat(),
            state=fate.state if self._to and self._to.public else "held",
            pinned=is_pinned(comment),
            newsroom=self._scratch.is_person_id(comment.user_id),
            up=tally.up if tally else 0,
            down=tally.down if tally else 0,
            kept=_kept(comment),
        )

    def _author_key(self, comment: Comment, foreign_id: str) -> str:
        """Return an opaque key for who wrote: nobody reads an address out of it.

        One person as far as the file lets us know: by account, by address, by name and website.
        """
        email = guest_email(comment.email).lower()
        if comment.user_id:
            known = f"user:{comment.user_id}"
        elif email:
            known = f"email:{email}"
        elif comment.author:
            known = f"name:{comment.author}\0{comment.url}"
        else:
            known = f"comment:{foreign_id}"
        digest = _keyed("person", f"{self._ids.site}\0{known}")
        return f"import:{SYSTEM}:{self._ids.site}:{digest[:32]}"

    def _write(self, prepared: Prepared, to: Discussed) -> str:
        try:
            imported = discussion.import_comment(
                actor=ACTOR,
                thread_id=to.thread_id,
                foreign=_foreign(prepared, to),
                now=self._now,
            )
        except discussion.TextTooLongError:
            return "failed"
        if prepared.up or prepared.down:
            discussion.import_tally(
                actor=ACTOR,
                comment_id=imported.number,
                source=SYSTEM,
                up=prepared.up,
                down=prepared.down,
            )
            self._report.came("votes", "new" if imported.created else "same")
        if prepared.kept and imported.created:
            payload = prepared.kept | {"comment": imported.number}
            self._ids.keep("comment", prepared.foreign_id, payload, now=self._now)
        return "new" if imported.created else "same"


def _keyed(purpose: str, text: str) -> str:
    """Return a digest that only this installation can make, so that nobody can try addresses."""
    return salted_hmac(f"importing.{purpose}", text, algorithm="sha256").hexdigest()


def _foreign(prepared: Prepared, to: Discussed) -> discussion.ForeignComment:
    return discussion.ForeignComment(
        system=SYSTEM,
        foreign_id=prepared.foreign_id,
        parent_foreign_id=prepared.parent_foreign_id,
        author_key=prepared.author_key,
        author_name=prepared.author_name,
        author_email=prepared.author_email,
        body=prepared.body,
        markup="markdown",
        language=to.language,
        created_at=datetime.fromisoformat(prepared.created_at),
        state=prepared.state,
        pinned=prepared.pinned,
        newsroom=prepared.newsroom,
    )


def _kept(comment: Comment) -> dict[str, Any]:
    """Return what wpDiscuz knew of a comment and nothing here does yet."""
    kept: dict[str, Any] = {}
    if is_closed(comment):
        kept["closed"] = True
    if form := feedback_form_id(comment):
        kept["question_form"] = form
    return kept
