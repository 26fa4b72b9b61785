"""Any history of decisions and of what undoes them ends in the state that its log says.

All verbs there are, in any order: what is refused changes nothing, and has no entry.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.assistant.approving import approve_waiting
from broadsheet.discussion.filters import judging
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import (
    Assessment,
    Assistant,
    Comment,
    Decision,
    Sanction,
    SiteState,
    Switch,
    Thread,
    Waiting,
)
from broadsheet.discussion.rules.assistant.approving import is_audited
from broadsheet.discussion.rules.citing import cited
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.discussion.rules.waiting import likely_of
from broadsheet.kit.actor import Role
from broadsheet.kit.verdict import RefusalError
from broadsheet.kit.verify_log import verify
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader
from discussion.replaying import Log, facts, replayed

STAFF: Final = (moderator("Mona"), moderator("Max"))
OWNER: Final = replace(reader("Ada"), roles=frozenset({Role.OWNER, Role.READER}))
PEOPLE: Final = (guest("h-a"), guest("h-b"), reader("Rhea"), reader("Tess"))
POLICIES: Final = (OPEN, api.Policy(), replace(OPEN, keep_network=True))
WORDS: Final = (
    "A remark, number {}.",
    "What a fool, number {}.",
    "See https://a.example/{} there.",
)
FILTERS: Final = (
    api.Filters(),
    api.Filters(hold_words=("fool",)),
    api.Filters(most_links=0, repeat_hours=2),
)
LIMITS: Final = ("warn", "hold_author", "mute", "slow_author", "suspend", "ban")
KINDS: Final = ("slow", "slow", "raid", "raid", "closed")
LEADS: Final = {
    "held": ("publish", "remove"),
    "published": ("hold", "remove"),
    "removed": ("restore", "restore"),
}
ALL: Final = ("publish", "hold", "remove", "restore")
# What is decided about questions at phrases of a story, and of words that are gone for good.
ELSEWHERE: Final = {"ask", "close_note", "reopen_note", "remove_note", "restore_note", "blank"}
HOUR: Final = timedelta(hours=1)


class History:
    """Two threads, some people, two moderators; whatever may be refused is tried all the same."""

    def __init__(self) -> None:
        now = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
        self.rooms = [open_room(now=now, key=f"history-{n}") for n in range(2)]
        self.now, self.serial = now, 0
        judging.forget()

    def step(self, does: str, one: int, two: int) -> None:
        """Do something; `one` and `two` choose about what, and how."""
        # A post is a minute later.
        self.now += timedelta(minutes=2)
        for room in self.rooms:
            room.now = self.now
        try:
            with transaction.atomic():
                getattr(self, does)(one, two)
        except (RefusalError, api.UnknownDecisionError):
            # No decision about a comment, which is undone by another one of its kind.
            return

    def room(self, number: int) -> Room:
        return self.rooms[number % 2]

    def comment(self, number: int) -> Comment | None:
        """Return one of the comments, the newest first."""
        found = Comment.objects.select_related("author").order_by("-pk")
        return found[number % len(found)] if found else None

    def post(self, one: int, two: int) -> None:
        self.serial += 1
        text = WORDS[one % 3].format(self.serial if one % 5 else "the same words, said once more")
        person = PEOPLE[two % 4] if two % 5 else guest()
        person = STAFF[1] if two % 7 == 6 else person
        above = self.comment(two) if one % 2 else None
        room = next((r for r in self.rooms if above and r.id == above.thread_id), self.room(two))
        room.post(text, by=person, to=above.pk if above else None, policy=POLICIES[one % 3])

    def edit(self, one: int, two: int) -> None:
        found = self.comment(one)
        by = next((who for who in PEOPLE if found and who.id == found.author.owner), None)
        if found and by:
            self.room(0).edit(found.pk, WORDS[two % 3].format(f"e{self.now:%d%H%M}"), by=by)

    def withdraw(self, one: int, two: int) -> None:
        found = self.comment(one) if two % 2 else None
        by = next((who for who in PEOPLE if found and who.id == found.author.owner), None)
        if found and by:
            api.withdraw_comment(actor=by, comment_id=found.pk, now=self.now)

    def report(self, one: int, two: int) -> None:
        if found := self.comment(one):
            api.report_comment(
                actor=PEOPLE[two % 4], comment_id=found.pk, rule="hate", words="", now=self.now
            )

    def decide(self, one: int, two: int) -> None:
        """Mostly what leads somewhere from where the comment is."""
        found = self.comment(one)
        likely = LEADS[found.state if found else "held"]
        verb = (likely * 4 + ALL)[two % 12]
        self._at(one, api.decide, by=two // 2, verb=verb, rule="hate" * (verb == "remove"))

    def dismiss(self, one: int, two: int) -> None:
        self._at(one, api.dismiss_reports, by=two)

    def branch(self, one: int, two: int) -> None:
        if two % 3 == 0:
            self._at(one, api.remove_branch, by=two, rule="off_topic")

    def mark(self, one: int, two: int) -> None:
        self._at(one, api.mark_comment, by=0, verb=list(MARKS)[two % len(MARKS)])

    def uphold(self, one: int, two: int) -> None:
        self._at(one, api.uphold, by=two)

    def ask(self, one: int, _two: int) -> None:
        found = self.comment(one)
        by = next((who for who in PEOPLE if found and who.id == found.author.owner), None)
        if found and by:
            api.ask_second_look(actor=by, comment_id=found.pk, words="Why?", now=self.now)

    def limit(self, one: int, two: int) -> None:
        found, kind = self.comment(one), LIMITS[two % len(LIMITS)]
        minutes, days = (30, None) if kind == "slow_author" else (0, 10 if two % 3 else 3)
        days = None if kind in {"warn", "hold_author"} else days
        wanted = api.Wanted(kind, "hate", "", days=days, minutes=minutes)
        if found:
            api.limit_person(
                actor=STAFF[0], comment_id=found.pk, wanted=wanted, now=self.now, colleagues=True
            )

    def lift(self, one: int, two: int) -> None:
        if found := self._one_of(list(Sanction.objects.order_by("-pk")), one):
            verb = api.confirm_limit if two % 3 == 0 else partial(api.lift_limit, reason="")
            verb(actor=STAFF[1], limit=found.pk, now=self.now)

    def ask_limit(self, one: int, two: int) -> None:
        if found := self._one_of(list(Sanction.objects.order_by("-pk")), one):
            api.ask_about_limit(
                actor=PEOPLE[two % 4], limit=found.pk, words="Why me?", now=self.now
            )

    def turn_on(self, one: int, two: int) -> None:
        kind, scope = KINDS[one % 5], self._scope(two)
        until = None if kind != "raid" and one % 2 else self.now + HOUR
        api.turn_on(
            actor=STAFF[0], scope=scope, kind=kind, now=self.now, until=until,
            seconds=60 if kind == "slow" else 0,
        )  # fmt: skip

    def turn_off(self, one: int, two: int) -> None:
        kind = KINDS[one % 5]
        api.turn_off(actor=STAFF[1], scope=self._scope(two), kind=kind, now=self.now)

    def close(self, one: int, two: int) -> None:
        verb = api.reopen_thread if one % 5 else api.close_thread
        verb(actor=STAFF[0], thread_id=self.room(two).id, now=self.now)

    def later(self, one: int, _two: int) -> None:
        """Some time goes by, and the calendar does what is due."""
        self.now += HOUR * (one % 4)
        api.turn_off_due(now=self.now)

    def undo_raid(self, one: int, two: int) -> None:
        if found := self._one_of(list(Switch.objects.filter(kind="raid").order_by("-pk")), one):
            verb = "remove" if two % 2 else "publish"
            api.undo_raid(
                actor=STAFF[0], raid_id=found.pk, verb=verb, rule="hate" * (verb == "remove"),
                now=self.now,
            )  # fmt: skip
            api.sweep_open(now=self.now)

    def undo(self, one: int, two: int) -> None:
        """What was decided lately more often."""
        made = Decision.objects.exclude(verb__in=["appeal", "erase"]).order_by("-sequence")
        if found := self._one_of(list(made), one):
            api.undo_decision(actor=STAFF[two % 2], sequence=found.sequence, now=self.now)
            api.sweep_open(now=self.now)

    def change_filters(self, one: int, _two: int) -> None:
        filters, before = FILTERS[one % 3], api.filters_in_force()
        api.switch_on(
            actor=STAFF[0], filters=filters, tried=api.digest_of(api.written(filters)),
            before=before.digest if before else "", reason="", now=self.now,
        )  # fmt: skip

    def change_rules(self, one: int, _two: int) -> None:
        book = current_rules()
        rules = [replace(book.rules[0], sentence=f"Sentence {one}."), *book.rules[1:]]
        api.change_rules(actor=OWNER, wanted=rules, on=book.version, now=self.now)

    def change_assistant(self, one: int, _two: int) -> None:
        percent = 2.0 if one % 2 else None
        api.set_assistant(actor=OWNER, percent=percent, asks=bool(one % 3), now=self.now)

    def approve(self, one: int, _two: int) -> None:
        """The assistant publishes what waits, as if it had proven itself."""
        held = list(Comment.objects.filter(state="held").order_by("pk")[: one % 3])
        # By the lot with this secret none of them is left to people.
        secrets = (secret for secret in map(str, count()) if not _is_audited(held, secret))
        Assistant.objects.get_or_create(pk=1)
        Assistant.objects.filter(pk=1).update(speaks=True, limit=0.0, secret=next(secrets))
        for comment in held:
            scored = {"score": -3.0, "percent": 1.0, "learned": 1}
            Assessment.objects.update_or_create(
                comment=comment, defaults=scored | {"words": api.mark_of(comment.source)}
            )
            Waiting.objects.filter(comment=comment).update(likely=likely_of(-3.0))
        approve_waiting(now=self.now, stop=lambda: False)

    def forget(self, one: int, _two: int) -> None:
        if (found := self.comment(one)) and not one % 3:
            api.erase_participant(actor=OWNER, participant=found.author.uuid, now=self.now)

    def _at(self, one: int, does: Callable[..., object], *, by: int, **how: Any) -> None:
        if found := self.comment(one):
            does(actor=STAFF[by % 2], comment_id=found.pk, reason="", now=self.now, **how)

    def _one_of[T](self, those: list[T], number: int) -> T | None:
        return those[number % len(those)] if those else None

    def _scope(self, number: int) -> api.Scope:
        found = self.comment(number)
        if number % 5 == 4 and found:
            return api.Scope(found.thread_id, found.pk)
        return api.Scope() if number % 5 == 3 else api.Scope(self.room(number).id)


def _is_audited(held: list[Comment], secret: str) -> bool:
    return any(is_audited(comment=one.pk, secret=secret) for one in held)


DOES: Final = (
    *("post", "post", "post", "edit", "withdraw", "report", "decide", "decide", "dismiss"),
    *("branch", "mark", "uphold", "ask", "limit", "lift", "ask_limit", "turn_on", "turn_on"),
    *("turn_off", "close", "later", "undo_raid", "undo", "undo", "undo", "undo", "change_filters"),
    *("change_rules", "change_assistant", "approve", "forget"),
)
STEPS: Final = st.tuples(
    st.sampled_from(DOES), st.integers(0, 3) | st.integers(0, 29), st.integers(0, 29)
)


def check(log: Log) -> None:
    """Compare what the log says with what holds."""
    rows = list(Comment.objects.order_by("pk"))
    # What was first held has no state before; nobody but a moderator leads it anywhere.
    assert {row.pk: log.state(row.pk) for row in rows} == {row.pk: row.state for row in rows}
    stubs = [row for row in rows if row.state != "published" and row.published_at]
    cites = {row.pk: cited(row.cited) for row in stubs}
    assert {n: found.entry if found else 0 for n, found in cites.items()} == {
        row.pk: log.cites(row.pk) for row in stubs
    }
    marks = {
        (row.pk, mark)
        for row in rows
        for mark, has in (
            ("pinned", row.pinned),
            ("featured", row.featured),
            ("answer", row.answer),
        )
        if has
    }
    assert log.marks == marks
    limits = Sanction.objects.select_related("decision__reason")
    assert {one.decision.sequence: one.ended_at is None for one in limits} == log.limits
    asked = {one.decision.sequence for one in limits if facts(one.decision).get("waits")}
    assert {one.decision.sequence for one in limits if not one.waits} & asked == (
        log.confirmed & asked
    )
    on = Switch.objects.filter(ended_at=None).select_related("decision")
    places = {(one.kind, one.thread_id, one.comment_id): one.decision.sequence for one in on}
    assert places == log.on
    _check_places(log)
    branches = {number for kind, _, number in log.on if kind == "closed"} - {None}
    assert {row.pk for row in rows if row.closed_at} == branches
    state = SiteState.objects.filter(pk=1).first()
    assert (state.filters if state else "") == log.filters
    assert current_rules().version == log.rules
    if assistant := Assistant.objects.filter(pk=1).first():
        percent = "" if assistant.approves_percent is None else f"{assistant.approves_percent:g}"
        assert (percent, assistant.asks) == log.assistant


def _check_places(log: Log) -> None:
    """Compare what is on with what posts read: the columns of threads and of the site."""
    site = SiteState.objects.filter(pk=1).first()
    for place, number in ((site, None), *((one, one.pk) for one in Thread.objects.all())):
        shown = {
            "slow": bool(place and place.slow_seconds),
            "closed": bool(place and place.closed_at),
            "raid": bool(place and place.raid_since),
        }
        assert shown == {kind: (kind, number, None) in log.on for kind in shown}, number


def play(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        history = History()
        for step in steps:
            history.step(*step)
        check(replayed())
        assert problems() == []
        lines = [json.dumps(line) for line in api.log_lines()]
        assert verify(lines).size == Decision.objects.count()
        assert verify(lines).is_whole
        _check_that_changes_are_found(lines)
        transaction.set_rollback(True)


def _check_that_changes_are_found(lines: list[str]) -> None:
    """An entry altered, left out, put in or moved; and what is known beside the log changed."""
    head = verify(lines).head
    for at in {0, len(lines) // 2, len(lines) - 1} if lines else ():
        entry = json.loads(lines[at])
        changed = json.dumps(entry | {"verb": "restore" if entry["verb"] != "restore" else "hold"})
        assert verify([*lines[:at], changed, *lines[at + 1 :]]).number == at + 1
        assert verify([*lines[:at], *lines[at + 1 :]], head).number == at + 1
        assert not verify([*lines[:at], lines[at], *lines[at:]]).is_whole
        moved = [*lines[:at], *lines[at + 1 :], lines[at]]
        assert moved == lines or not verify(moved).is_whole
        row = Decision.objects.filter(sequence=at + 1)
        with transaction.atomic():
            row.update(actor_id="account:somebody")
            assert problems() != []
            transaction.set_rollback(True)


# Undone, and that undone; one of it decided about, the rest published, and that undone, too.
A_RAID: Final = [
    ("post", 6, 2),
    ("turn_on", 2, 0),
    *[("post", 6, 10)] * 3,
    ("undo_raid", 0, 1),
    ("undo", 0, 0),
    ("decide", 1, 0),
    ("undo_raid", 0, 0),
    ("undo", 0, 0),
    ("turn_off", 2, 0),
    ("undo", 0, 0),
    ("later", 3, 0),
]
A_PERSON: Final = [
    ("post", 6, 2),
    ("limit", 0, 5),
    ("ask_limit", 0, 2),
    ("lift", 0, 0),
    ("lift", 0, 1),
    ("undo", 0, 0),
    ("limit", 0, 1),
    ("lift", 0, 1),
    *(("limit", 0, kind) for kind in (0, 2, 3, 4)),
    ("undo", 0, 0),
]
A_SECOND_LOOK: Final = [
    ("post", 6, 2),
    ("report", 0, 0),
    ("dismiss", 0, 0),
    ("decide", 0, 1),
    ("ask", 0, 0),
    *[("uphold", 0, 1), ("undo", 0, 1)] * 2,
    ("uphold", 0, 1),
    ("decide", 0, 2),
    ("decide", 0, 0),
    ("undo", 0, 0),
    ("post", 9, 6),
    ("branch", 1, 0),
    ("undo", 0, 0),
    ("limit", 1, 1),
    ("withdraw", 1, 1),
    ("forget", 3, 0),
]
FILTERED: Final = [
    ("change_filters", 1, 0),
    ("post", 4, 10),
    ("decide", 0, 0),
    ("post", 6, 2),
    ("edit", 0, 1),
    ("decide", 0, 0),
    ("undo", 0, 0),
    ("change_rules", 1, 0),
    ("change_assistant", 1, 0),
    ("change_filters", 0, 0),
    ("post", 4, 10),
    ("approve", 2, 0),
    ("undo", 0, 0),
    ("approve", 2, 0),
]
MARKED: Final = [
    ("post", 6, 2),
    ("post", 9, 6),
    *(("mark", which, mark) for mark, which in enumerate((1, 1, 0, 1) * 2)),
    *(("mark", 1, mark) for mark in (3, 0)),
]
# A slow mode in place of one that ends, and undone after that end; and everything else there is.
SWITCHED: Final = [
    ("post", 6, 2),
    ("turn_on", 0, 0),
    ("turn_on", 1, 0),
    ("later", 3, 0),
    ("undo", 0, 0),
    ("turn_on", 1, 0),
    ("turn_off", 0, 0),
    ("undo", 0, 0),
    ("turn_on", 1, 4),
    ("turn_on", 4, 3),
    ("later", 2, 0),
    ("turn_on", 9, 0),
    ("undo", 0, 0),
    ("close", 0, 0),
    ("close", 1, 0),
]
EXAMPLES: Final = (A_RAID, A_PERSON, A_SECOND_LOOK, FILTERED, MARKED, SWITCHED)


@pytest.mark.django_db
def test_every_verb_is_in_some_history() -> None:
    taken: set[str] = set()
    undone: set[str] = set()
    for steps in EXAMPLES:
        with transaction.atomic():
            history = History()
            for step in steps:
                history.step(*step)
            check(replayed())
            rows = Decision.objects.values_list("sequence", "verb", "refers")
            verbs = {number: verb for number, verb, _ in rows}
            taken |= set(verbs.values())
            undone |= {verbs[about or 0] for _, verb, about in rows if verb == "undo"}
            if steps is FILTERED:
                assert Decision.objects.filter(verb="publish", by_role=Role.SYSTEM).count() > 1
            transaction.set_rollback(True)
    assert taken == set(Decision.Verb.values) - ELSEWHERE
    assert undone >= {"publish", "hold", "remove_branch", "remove_raid", "publish_raid", "suspend"}
    assert undone >= {"lift", "uphold", "slow", "unslow", "close", "end_raid"}


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(st.lists(STEPS, min_size=20, max_size=50))
@example(A_RAID)
@example(A_PERSON)
@example(A_SECOND_LOOK)
@example(FILTERED)
@example(MARKED)
@example(SWITCHED)
def test_any_history_ends_in_the_state_that_its_log_says(steps: list[tuple[str, int, int]]) -> None:
    play(steps)


@pytest.mark.deep
@pytest.mark.django_db
@settings(max_examples=120, deadline=None)
@given(st.lists(STEPS, min_size=60, max_size=160))
def test_long_histories_too(steps: list[tuple[str, int, int]]) -> None:
    play(steps)
