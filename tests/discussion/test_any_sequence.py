"""Whatever people and moderators do in whatever order, a thread is what a plain model says.

Counters, every order, who may do what, words and quotes shown only while they may be seen.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.comments.first_replies import REPLIES_PER_ROOT
from broadsheet.discussion.comments.queries import SORTS
from broadsheet.discussion.rules.marking import MARKS, SETS
from broadsheet.kit.actor import Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.model import LEADS, Model, Quoted, Said, sentence

STAFF = replace(reader("Ruben"), roles=frozenset({Role.REPORTER, Role.READER}))
PEOPLE = [guest("a"), guest("b"), reader("Rhea"), STAFF]
ALWAYS = replace(OPEN, edit_minutes=-1)
WAITS = api.Policy(hold_links=False)
DOES = {
    "post": 1,
    "reply": 1,
    "deeper": 2,
    "quote": 2,
    "type": 1,
    "vote": 2,
    "edit": 2,
    "withdraw": 1,
    "report": 2,
    "dismiss": 1,
    "decide": 2,
    "mark": 3,
    "close": 1,
    "reopen": 1,
    "blank": 1,
}
STEPS = st.tuples(
    st.sampled_from([verb for verb, often in DOES.items() for _ in range(often)]),
    st.integers(0, 30),
    st.integers(0, 3),
    st.integers(0, 11),
)


class Play:
    """A room and its model, led through the same steps."""

    def __init__(self, room: Room) -> None:
        self.room, self.model, self.serial = room, Model(), 0

    def step(self, verb: str, which: int, who: int, how: int) -> None:
        self.serial += 1
        numbers = list(self.model.comments)
        if not numbers or verb == "post":
            self.post(who, how, to=None)
            return
        one = self.model.comments[numbers[-1 if verb == "deeper" else which % len(numbers)]]
        turn = {
            "reply": lambda: self.post(who, how, to=one.number),
            "deeper": lambda: self.post(who, how, to=one.number),
            "quote": lambda: self.quote(one, who, typed=False),
            "type": lambda: self.quote(one, who, typed=True),
            "vote": lambda: self.vote(one, who, how % 3 - 1),
            "edit": lambda: self.edit(one),
            "withdraw": lambda: self.withdraw(one),
            "report": lambda: self.report(one, who),
            "dismiss": lambda: self.dismiss(one),
            "decide": lambda: self.decide(one, list(LEADS)[how % 4]),
            "mark": lambda: self.mark(one, list(MARKS)[how % len(MARKS)]),
            "close": lambda: self.close(verb, how),
            "reopen": lambda: self.close(verb, how),
            "blank": lambda: self.blank(one, how % 3 + 1),
        }
        turn[verb]()

    def does(self, refused: str, call: Any) -> Any:
        """Do it, and see that it is refused as the model says."""
        try:
            done, got = call(), ""
        except RefusalError as error:
            done, got = None, error.verdict.code
        assert got == refused
        return done

    def post(self, who: int, how: int, *, to: int | None) -> None:
        by, words = PEOPLE[who], sentence(self.serial)
        known = any(one.by == by and one.public for one in self.model.comments.values())
        waits = how == 11 and not known and not by.is_staff
        policy = WAITS if how == 11 else OPEN
        refused = self.model.refuses_post(to)
        posted = self.does(refused, lambda: self.room.post(words, by=by, to=to, policy=policy))
        if posted:
            state = "held" if waits else "published"
            self.keep(posted, to=to, by=by, words=words, state=state)

    def keep(self, posted: api.Posted, *, state: str = "published", **more: Any) -> None:
        assert posted.state == state
        said = Said(posted.number, more.pop("to"), more.pop("by"), more.pop("words"), state,
                    state == "published", **more)  # fmt: skip
        self.model.comments[posted.number] = said

    def quote(self, source: Said, who: int, *, typed: bool) -> None:
        by, own = PEOPLE[who], sentence(self.serial)
        exact = source.words if typed else " ".join(source.words.split()[1:5])
        text = f"> {exact}\n\n{own}" if typed else own
        chosen = [] if typed else [api.Chosen(source.number, exact)]
        refused = self.model.refuses_post(None, None if typed else source.number)
        posted = self.does(refused, lambda: self.room.post(text, by=by, quotes=chosen))
        if posted:
            quoted = Quoted(source.number, exact, source.revision, typed)
            quotes = [quoted] if source.public else []
            self.keep(posted, to=None, by=by, words=own, quotes=quotes)

    def vote(self, one: Said, who: int, value: int) -> None:
        refused = self.model.refuses_vote(one, PEOPLE[who])
        if self.does(refused, lambda: self.room.vote(one.number, value, by=PEOPLE[who])):
            one.votes[PEOPLE[who].id] = value

    def edit(self, one: Said) -> None:
        words, traced = sentence(self.serial), self.model.noticed(one)
        edits = lambda: self.room.edit(one.number, words, by=one.by, policy=ALWAYS)  # noqa: E731
        if edited := self.does(self.model.refuses_edit(one), edits):
            assert edited.revision == one.revision + traced
            one.words, one.revision = words, edited.revision

    def withdraw(self, one: Said) -> None:
        refused = "withdraw_gone" if one.state == "removed" else ""
        if self.does(refused, lambda: self.room.withdraw(one.number, by=one.by)):
            one.state, one.withdrawn = "removed", True
            one.settle()
            self.model.blank(one.number)

    def report(self, one: Said, who: int) -> None:
        by = PEOPLE[who]
        refused = self.model.refuses_report(one, by)
        if reported := self.does(refused, lambda: self.room.report(one.number, by=by)):
            assert reported.repeated == (one.reports.get(by.id, 0) is None)
            one.reports[by.id], one.reported = None, True

    def dismiss(self, one: Said) -> None:
        refused = "" if None in one.reports.values() else "already_decided"
        now = self.room.tick()
        if self.does(refused, lambda: api.dismiss_reports(
            actor=moderator(), comment_id=one.number, reason="", now=now
        )):  # fmt: skip
            one.settle()

    def decide(self, one: Said, verb: str) -> None:
        from_, to = LEADS[verb]
        refused = "" if one.state in from_ else "already_decided"
        if one.withdrawn and verb == "restore":
            refused = "withdrawn_by_author"
        if self.does(refused, lambda: self.room.decide(one.number, verb)):
            one.state, one.placed = to, one.placed or to == "published"
            one.settle()

    def mark(self, one: Said, verb: str) -> None:
        refused, now = self.model.refuses_mark(one, verb), self.room.tick()
        mark = {"actor": moderator(), "comment_id": one.number, "verb": verb}
        if self.does(refused, lambda: api.mark_comment(**mark, reason="", now=now)):
            one.marks = (one.marks | {MARKS[verb]}) if verb in SETS else one.marks - {MARKS[verb]}

    def close(self, verb: str, how: int) -> None:
        if verb == "close" and how > 3:
            return  # a closed thread ends most of what there is to try
        does = {"actor": moderator(), "thread_id": self.room.id, "now": self.room.tick()}
        api.close_thread(**does, reason="") if verb == "close" else api.reopen_thread(**does)
        self.model.closed = verb == "close"

    def blank(self, one: Said, number: int) -> None:
        if number >= one.revision:
            return
        refused = "already_blank" if number in one.blanked else ""
        does = {"actor": moderator(), "comment_id": one.number, "number": number}
        now = self.room.tick()
        if self.does(refused, lambda: api.blank_version(**does, reason="Private.", now=now)):
            one.blanked.add(number)
            self.model.blank(one.number, number)

    def check(self) -> None:
        assert problems() == []
        comments = self.model.comments
        for sort in SORTS:
            pages = list(self.room.pages(sort=sort))
            shown = {one.number: one for page in pages for one in page.comments}
            roots = [number for number in shown if comments[number].parent is None]
            assert roots == self.model.roots(sort)
            for root in roots:
                below = [n for n in shown if n != root and self.model.way_up(n)[-1] == root]
                assert below == self.model.below(root)[:REPLIES_PER_ROOT]
        public = [one for one in comments.values() if one.public]
        assert pages[0].thread.comment_count == len(public)
        for number, found in shown.items():
            self.check_shown(comments[number], found)
        for one in comments.values():
            assert row(one.number).score == one.score
            self.check_versions(one)

    def check_shown(self, one: Said, found: Any) -> None:
        assert found.is_public == one.public
        assert (one.words in found.html) if one.public else not (found.html or found.quotes)
        if not one.public:
            return
        quotes = []
        for quote in one.quotes:
            readable = self.model.comments[quote.source].public and not quote.blank
            quotes.append((quote.source, quote.exact if readable else "", quote.matched))
        assert [(q.source, q.exact, q.matched) for q in found.quotes] == quotes
        assert all(q.exact or not (q.name or q.before or q.after) for q in found.quotes)

    def check_versions(self, one: Said) -> None:
        found = api.comment_versions(number=one.number)
        assert (found is not None) == (one.public and one.revision > 1)


def play(steps: list[tuple[str, int, int, int]]) -> None:
    """Each example in a savepoint of its own: the next one begins with an empty room."""
    with transaction.atomic():
        game = Play(open_room(now=datetime(2026, 6, 12, 9, 30, tzinfo=UTC), key="any"))
        for step in steps:
            game.step(*step)
        game.check()
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=6, deadline=None)
@given(st.lists(STEPS, min_size=15, max_size=35))
def test_a_thread_is_what_the_model_says(steps: list[tuple[str, int, int, int]]) -> None:
    play(steps)


@pytest.mark.deep
@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(st.lists(STEPS, min_size=40, max_size=140))
def test_after_long_histories_too(steps: list[tuple[str, int, int, int]]) -> None:
    play(steps)
