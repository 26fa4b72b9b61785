"""What can happen in a newsroom, through the doors of its rooms, to whatever there is.

Each step is a name and two numbers that choose among what there is. What is refused is no error:
`done` counts what was not.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from broadsheet.discussion import api as discussion
from broadsheet.discussion.http.log import spans_of_months
from broadsheet.discussion.models import Comment, Decision
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from broadsheet.stories import api as stories
from broadsheet.stories.models import NewsImage, Person, SectionPage, Series, StoryPage, Topic
from clocks import Clock
from people import Cast
from people import Person as Somebody
from treasury import usd
from world import World

OPEN: Final = discussion.Policy(hold_first=False, hold_links=False)
ALWAYS: Final = replace(OPEN, edit_minutes=-1)
WAITS: Final = (1, 7, 61, 60 * 26, 60 * 24 * 20)
SWITCHES: Final = ("slow", "closed", "raid")


class Newsroom:
    def __init__(self, world: World, cast: Cast[Somebody], clock: Clock) -> None:
        self.world, self.cast, self.clock = world, cast, clock
        self.done: Counter[str] = Counter()
        self.thread: int = world.values["thread_id"]
        self.gifts = [world.values["gift"]]
        self.section = SectionPage.objects.get()
        self.story = StoryPage.objects.get(live=True)
        self.serial = 0

    def does(self, name: str, which: int, how: int) -> None:
        """Do it, a minute after what was before."""
        self.serial += 1
        self.clock.at(self.clock.now + timedelta(minutes=1))
        with suppress(RefusalError, LookupError):
            if STEPS[name](self, which, how) is not False:
                self.done[name] += 1
        # Nothing is drawn in the instant in which something happens.
        self.clock.at(self.clock.now + timedelta(seconds=1))

    # -- the discussion

    def post(self, which: int, how: int) -> object:
        parent = self.number(which) if how % 2 else None
        return discussion.post_comment(
            actor=self.writer(how), thread_id=self.thread, parent_id=parent, name="Jo",
            source=f"Sentence {self.serial}.", policy=discussion.Policy() if how == 5 else OPEN,
            now=self.clock.now,
        )  # fmt: skip

    def vote(self, which: int, how: int) -> object:
        return discussion.vote(
            actor=self.writer(how), comment_id=self.number(which), value=how % 3 - 1,
            now=self.clock.now,
        )  # fmt: skip

    def edit(self, which: int, _how: int) -> object:
        row = self.row(which)
        return discussion.edit_comment(
            actor=self.author(row), comment_id=row.pk, source=f"Other words {self.serial}.",
            seen=discussion.mark_of(row.source), policy=ALWAYS, now=self.clock.now,
        )  # fmt: skip

    def withdraw(self, which: int, _how: int) -> object:
        row = self.row(which)
        return discussion.withdraw_comment(
            actor=self.author(row), comment_id=row.pk, now=self.clock.now
        )

    def report(self, which: int, how: int) -> object:
        return discussion.report_comment(
            actor=self.writer(how), comment_id=self.number(which), rule="hate", words="",
            now=self.clock.now,
        )  # fmt: skip

    def decide(self, which: int, how: int) -> object:
        verb = ("publish", "hold", "remove", "restore")[how % 4]
        return discussion.decide(
            actor=self.cast.moderator.actor, comment_id=self.number(which), verb=verb,
            rule="off_topic" if verb == "remove" else "", reason="", now=self.clock.now,
        )  # fmt: skip

    def branch(self, which: int, _how: int) -> object:
        return discussion.remove_branch(
            actor=self.cast.moderator.actor, comment_id=self.number(which), rule="hate", reason="",
            now=self.clock.now,
        )  # fmt: skip

    def undo(self, which: int, _how: int) -> object:
        newest = Decision.objects.order_by("-sequence").values_list("sequence", flat=True)
        return discussion.undo_decision(
            actor=self.cast.moderator.actor, sequence=newest[which % len(newest)],
            now=self.clock.now,
        )  # fmt: skip

    def mark(self, which: int, how: int) -> object:
        verb = ("pin", "unpin", "close", "reopen", "feature", "unfeature")[how % 6]
        return discussion.mark_comment(
            actor=self.cast.moderator.actor, comment_id=self.number(which), verb=verb, reason="",
            now=self.clock.now,
        )  # fmt: skip

    def blank(self, which: int, _how: int) -> object:
        return discussion.blank_version(
            actor=self.cast.moderator.actor, comment_id=self.number(which), number=1,
            reason="Private", now=self.clock.now,
        )  # fmt: skip

    def close(self, _which: int, how: int) -> object:
        does = {"actor": self.cast.moderator.actor, "thread_id": self.thread}
        verb = discussion.close_thread if how % 2 else discussion.reopen_thread
        return verb(**does, now=self.clock.now)

    def switch(self, which: int, how: int) -> object:
        scope = discussion.Scope(self.thread) if which % 2 else discussion.Scope()
        if which % 4 == 3 and SWITCHES[how % 3] == "slow":
            scope = discussion.Scope(self.thread, self.number(which))
        does: dict[str, Any] = {"actor": self.cast.moderator.actor, "scope": scope}
        does |= {"kind": SWITCHES[how % 3], "now": self.clock.now}
        if which > 5:
            return discussion.turn_off(**does)
        until = self.clock.now + timedelta(minutes=30)
        return discussion.turn_on(**does, seconds=60 if how % 3 == 0 else 0, until=until)

    def limit(self, which: int, how: int) -> object:
        wanted = discussion.Wanted(
            ("warn", "hold_author", "slow_author")[how % 3], "hate", "", days=2
        )
        return discussion.limit_person(
            actor=self.cast.moderator.actor, comment_id=self.number(which), wanted=wanted,
            now=self.clock.now,
        )  # fmt: skip

    def erase(self, which: int, _how: int) -> object:
        return discussion.erase_participant(
            actor=self.cast.owner.actor, participant=self.row(which).author.uuid,
            now=self.clock.now,
        )  # fmt: skip

    def rules(self, _which: int, _how: int) -> object:
        book = discussion.current_rules()
        wanted = [*book.rules, discussion.HouseRule("", f"Rule {self.serial}", "As said.")]
        return discussion.change_rules(
            actor=self.cast.owner.actor, wanted=wanted, on=book.version, now=self.clock.now
        )

    def hide(self, _which: int, how: int) -> object:
        key = {"site": "main", "key": str(self.story.uuid)}
        if how % 3:
            return discussion.show_thread(**key)
        return discussion.hide_thread(**key, now=self.clock.now)

    # -- the books

    def give(self, which: int, how: int) -> object:
        booked = funding.record_gift(
            actor=self.cast.owner.actor, campaign=funding.MAIN, amount=usd(100 + how),
            method="cash", effective_at=self.clock.now - timedelta(days=which), now=self.clock.now,
        )  # fmt: skip
        return self.gifts.append(booked.gift)

    def give_back(self, which: int, how: int) -> object:
        verb = {"actor": self.cast.owner.actor, "gift": self.gifts[which % len(self.gifts)]}
        verb |= {"amount": usd(1 + how), "reason": "As asked", "now": self.clock.now}
        if how % 2:
            return funding.correct_gift(**verb)
        return funding.refund_gift(**verb, effective_at=self.clock.now)

    def plan(self, _which: int, how: int) -> object:
        does: dict[str, Any] = {"actor": self.cast.owner.actor, "campaign": funding.MAIN}
        does["now"] = self.clock.now
        if how % 3 == 0:
            return funding.set_how_to_give(**does, text=f"By hand, {self.serial}.")
        if how % 3 == 1:
            return funding.describe_campaign(**does, title=f"Month {self.serial}", zone="UTC")
        today = self.clock.now
        return funding.plan_month(
            **does, year=today.year, month=today.month, goal=usd(400_000 + self.serial * 100),
            steps=[],
        )  # fmt: skip

    # -- the desk

    def revise(self, which: int, how: int) -> object:
        story = StoryPage.objects.get(pk=self.story.pk)
        if how % 4 == 0:
            story.title = f"Headline {self.serial}"
        elif how % 4 == 1:
            story.standfirst = f"Standfirst {self.serial}"
        elif how % 4 == 2:
            said = {"kind": "correction", "day": "2026-06-11", "text": f"<p>No {self.serial}</p>"}
            block = {"type": "correction", "value": said, "id": str(uuid4())}
            story.corrections = story.corrections.stream_block.to_python([block])
        else:
            story.tags.set(["Harbour", f"Tag {self.serial}"] if which % 2 else ["Ferry"])
        return story.save_revision().publish()

    def publish(self, _which: int, how: int) -> object:
        story = StoryPage.objects.get(pk=self.story.pk)
        if how % 3 == 0:
            return story.unpublish()
        return story.save_revision().publish()

    def write(self, _which: int, how: int) -> object:
        section = SectionPage.objects.get(pk=self.section.pk)
        story = section.add_child(instance=StoryPage(title=f"Story {self.serial}", live=False))
        if how % 2:
            story.go_live_at = self.clock.now + timedelta(minutes=90)
            story.save()
        story.save_revision().publish()
        return stories.publish_due(now=self.clock.now)

    def rename(self, which: int, how: int) -> object:
        kinds: tuple[tuple[Any, str], ...] = (
            *((Person, "name"), (Topic, "name"), (Series, "title"), (NewsImage, "title")),
        )
        model, field = kinds[how % len(kinds)]
        rows = list(model.objects.order_by("pk"))
        if not rows:
            return False
        row = rows[which % len(rows)]
        setattr(row, field, f"Name {self.serial}")
        return row.save()

    def rename_section(self, _which: int, how: int) -> object:
        section = SectionPage.objects.get(pk=self.section.pk)
        section.title = f"Section {self.serial}"
        if how % 2:
            section.show_versions = not section.show_versions
        return section.save_revision().publish()

    def move(self, _which: int, how: int) -> object:
        """A story's address changes, and its section's."""
        page: Any = StoryPage.objects.get(pk=self.story.pk)
        if how % 2:
            page = SectionPage.objects.get(pk=self.section.pk)
        page.slug = f"{page.slug.partition('--')[0]}--{self.serial}"
        return page.save_revision().publish()

    def face(self, which: int, how: int) -> object:
        menu = (stories.MenuRow("About us", "/about/"),) if how % 2 else ()
        wanted = stories.Wanted(name=f"The Post {self.serial}", footer=f"{which}", menu=menu)
        return stories.set_publication(
            actor=self.cast.owner.actor, wanted=wanted, now=self.clock.now
        )

    # -- time

    def wait(self, which: int, _how: int) -> object:
        return self.clock.at(self.clock.now + timedelta(minutes=WAITS[which % len(WAITS)]))

    def chores(self, _which: int, _how: int) -> object:
        """What the scheduler does."""
        stories.publish_due(now=self.clock.now)
        discussion.turn_off_due(now=self.clock.now)
        discussion.close_old_threads(days=14, now=self.clock.now)
        discussion.keep_figures(spans=spans_of_months(self.clock.now), now=self.clock.now)
        return funding.ensure_month(now=self.clock.now)

    # -- who and what

    def writer(self, how: int) -> Actor:
        people = (self.cast.guest, self.cast.reader, self.cast.reporter, self.cast.editor)
        return people[how % len(people)].actor

    def author(self, row: Comment) -> Actor:
        known = {one.actor.id: one.actor for _, one in self.cast}
        return known.get(row.author.owner) or replace(self.cast.guest.actor, id=row.author.owner)

    def number(self, which: int) -> int:
        return self.row(which).pk

    def row(self, which: int) -> Comment:
        rows = list(
            Comment.objects.filter(thread=self.thread).select_related("author").order_by("pk")
        )
        return rows[which % len(rows)]


type Step = Callable[[Newsroom, int, int], object]
_NOT_STEPS: Final = {"does", "writer", "author", "number", "row"}
STEPS: Final[dict[str, Step]] = {
    name: verb
    for name, verb in vars(Newsroom).items()
    if callable(verb) and not name.startswith("_") and name not in _NOT_STEPS
}
