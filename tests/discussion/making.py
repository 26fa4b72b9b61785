"""Short ways to say what a test needs of a thread; everything goes through the public door."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Thread
from broadsheet.kit.actor import Actor, Role, system

OPEN = api.Policy(hold_first=False, hold_links=False)
IMPORTER = system(name="importer")
_serial = count(1)


def guest(name: str = "") -> Actor:
    """Return a guest on a device of their own."""
    return Actor(
        id=f"device:{name or next(_serial)}", roles=frozenset({Role.GUEST}), network="192.0.2.0/24"
    )


def reader(name: str) -> Actor:
    return Actor(id=f"account:{name.lower()}", roles=frozenset({Role.READER}), name=name)


def moderator(name: str = "Mona Keel") -> Actor:
    return replace(reader(name), roles=frozenset({Role.MODERATOR, Role.READER}))


@dataclass
class Room:
    """A thread and its clock: each post happens a minute after the one before."""

    id: int
    now: datetime

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def post(
        self,
        words: str = "A sentence.",
        *,
        by: Actor | None = None,
        to: int | None = None,
        policy: api.Policy = OPEN,
        **more: Any,
    ) -> api.Posted:
        return api.post_comment(
            actor=by or guest(),
            thread_id=self.id,
            parent_id=to,
            source=words,
            policy=policy,
            now=self.tick(),
            **more,
        )

    def vote(self, number: int, value: int, *, by: Actor | None = None) -> api.Voted:
        return api.vote(actor=by or guest(), comment_id=number, value=value, now=self.tick())

    def decide(
        self, number: int, verb: str, *, rule: str = "", reason: str = "", by: Actor | None = None
    ) -> api.Decided:
        if verb == "remove":
            rule = rule or "off_topic"
        return api.decide(
            actor=by or moderator(),
            comment_id=number,
            verb=verb,
            rule=rule,
            reason=reason,
            now=self.tick(),
        )

    def edit(
        self,
        number: int,
        words: str,
        *,
        by: Actor,
        seen: str | None = None,
        policy: api.Policy = OPEN,
    ) -> api.Edited:
        """Change a comment, as somebody does who sees its present words."""
        found = Comment.objects.filter(pk=number).values_list("source", flat=True).first()
        return api.edit_comment(
            actor=by,
            comment_id=number,
            source=words,
            seen=api.mark_of(found or "") if seen is None else seen,
            policy=policy,
            now=self.tick(),
        )

    def withdraw(self, number: int, *, by: Actor) -> api.Withdrawn:
        return api.withdraw_comment(actor=by, comment_id=number, now=self.tick())

    def report(
        self, number: int, rule: str = "hate", words: str = "", *, by: Actor | None = None
    ) -> api.Reported:
        return api.report_comment(
            actor=by or guest(), comment_id=number, rule=rule, words=words, now=self.tick()
        )

    def bring(self, foreign_id: str, **more: Any) -> api.Imported:
        """Import a comment from elsewhere."""
        values: dict[str, Any] = {
            "system": "wordpress",
            "foreign_id": foreign_id,
            "author_key": "import:wordpress:main:petra",
            "author_name": "Petra Lund",
            "body": f"Imported {foreign_id}",
            "created_at": self.tick(),
            "state": "published",
        }
        foreign = api.ForeignComment(**(values | more))
        return api.import_comment(actor=IMPORTER, thread_id=self.id, foreign=foreign, now=self.now)

    def queue(self, show: str = "", *, by: Actor | None = None, **more: Any) -> api.Queue:
        """Return what waits, as a moderator sees it."""
        return api.queue_page(actor=by or moderator(), now=self.now, show=show, **more)

    def waiting(self, show: str = "") -> list[int]:
        """Return the numbers of what waits, in order."""
        return [item.number for item in self.queue(show).items]

    @property
    def key(self) -> str:
        return Thread.objects.get(pk=self.id).key

    def page(self, *, sort: str = "newest", show: str = "", **where: Any) -> api.ThreadPage:
        """Return a page; `where` are cursors `after` or `before`, or a comment `at`."""
        found = api.thread_page(site="main", key=self.key, sort=sort, show=show, **where)
        assert found is not None
        return found

    def pages(self, *, sort: str) -> Iterator[api.ThreadPage]:
        after = ""
        while True:
            page = self.page(sort=sort, after=after)
            yield page
            if not page.after:
                return
            after = page.after


def open_room(*, now: datetime, key: str = "ferry") -> Room:
    thread_id = api.open_thread(
        site="main",
        key=key,
        url=f"/harbour/{key}/",
        title="The last ferry",
        language="en",
        now=now,
    )
    return Room(thread_id, now)


def row(number: int) -> Comment:
    return Comment.objects.select_related("thread", "author").get(pk=number)


def problems() -> list[str]:
    """Return what the room's own checks find wrong."""
    return [problem for check in api.checks() for problem in check.run()]
