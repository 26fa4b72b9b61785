"""A room and its plain model, led through the same steps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from broadsheet.discussion import api
from broadsheet.discussion.rules.marking import MARKS, SETS
from broadsheet.kit.actor import Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import OPEN, Room, guest, moderator, reader
from discussion.model import LEADS, Model, Quoted, Said, sentence

STAFF = replace(reader("Ruben"), roles=frozenset({Role.REPORTER, Role.READER}))
PEOPLE = [guest("a"), guest("b"), reader("Rhea"), STAFF]
ALWAYS = replace(OPEN, edit_minutes=-1)
WAITS = api.Policy(hold_links=False)
MINUTE = timedelta(minutes=1)


class Play:
    """Whatever is done is refused, or not, as the model says."""

    def __init__(self, room: Room) -> None:
        self.room, self.model, self.serial = room, Model(), 0
        self.page_at = 0
        self.drawn: dict[int, object] = {}

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
            "chain": lambda: self.chain(one, how),
            "quote": lambda: self.quote(one, who, typed=False),
            "type": lambda: self.quote(one, who, typed=True),
            "vote": lambda: self.vote(one, who, how % 3 - 1),
            "edit": lambda: self.edit(one, how),
            "withdraw": lambda: self.withdraw(one),
            "report": lambda: self.report(one, who),
            "dismiss": lambda: self.dismiss(one),
            "branch": lambda: self.branch(one),
            "undo": lambda: self.undo(which),
            "decide": lambda: self.decide(one, list(LEADS)[how % 4]),
            "mark": lambda: self.mark(one, list(MARKS)[how % len(MARKS)]),
            "end": lambda: self.mark(self.above_the_last(how % 4), "close"),
            "pin": lambda: self.mark(self.root_of(one), "pin"),
            "close": lambda: self.close(verb, how),
            "reopen": lambda: self.close(verb, how),
            "blank": lambda: self.blank(which, how),
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
        if how % 2:
            # In the same instant as what was before: then the number says which is newer.
            self.room.now -= MINUTE
        refused = self.model.refuses_post(to)
        posted = self.does(refused, lambda: self.room.post(words, by=by, to=to, policy=policy))
        if posted:
            state = "held" if waits else "published"
            self.keep(posted, to=to, by=by, words=words, state=state)

    def chain(self, one: Said, how: int) -> None:
        """Let people talk by turns, down to where answers stand flat."""
        for who in range(how):
            self.serial += 1
            self.post(who % len(PEOPLE), 0, to=one.number)
            one = list(self.model.comments.values())[-1]

    def above_the_last(self, up: int) -> Said:
        way = self.model.way_up(list(self.model.comments)[-1])
        return self.model.comments[way[min(up, len(way) - 1)]]

    def root_of(self, one: Said) -> Said:
        return self.model.comments[self.model.way_up(one.number)[-1]]

    def keep(self, posted: api.Posted, *, state: str = "published", **more: Any) -> None:
        assert posted.state == state
        said = Said(posted.number, more.pop("to"), more.pop("by"), more.pop("words"), state,
                    state == "published", self.room.now, **more)  # fmt: skip
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
        votes = lambda: self.room.vote(one.number, value, by=PEOPLE[who])  # noqa: E731
        if voted := self.does(refused, votes):
            one.votes[PEOPLE[who].id] = value
            assert (voted.up, voted.down, voted.mine) == (*one.counts, value)

    def edit(self, one: Said, how: int) -> None:
        """At any time, or in the first instant in which it is too late, or a minute before that."""
        words, traced = sentence(self.serial), self.model.noticed(one)
        age = (self.room.now + MINUTE - one.at) // MINUTE
        policy = replace(OPEN, edit_minutes=age + how % 2) if how < 6 else ALWAYS
        refused = self.model.refuses_edit(one, late=policy.edit_minutes == age)
        edits = lambda: self.room.edit(one.number, words, by=one.by, policy=policy)  # noqa: E731
        if edited := self.does(refused, edits):
            assert edited.revision == one.revision + traced
            if traced:
                one.earlier[one.revision] = one.words
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
        if done := self.does(refused, lambda: api.dismiss_reports(
            actor=moderator(), comment_id=one.number, reason="", now=now
        )):  # fmt: skip
            self.model.judge(done.sequence, "dismiss", one.number, one.state, [one.number])

    def decide(self, one: Said, verb: str) -> None:
        from_, to = LEADS[verb]
        refused = "" if one.state in from_ else "already_decided"
        if one.withdrawn and verb == "restore":
            refused = "withdrawn_by_author"
        if done := self.does(refused, lambda: self.room.decide(one.number, verb)):
            self.model.judge(done.sequence, verb, one.number, to, [one.number])

    def branch(self, one: Said) -> None:
        left, now = self.model.left_below(one.number), self.room.tick()
        does = {"actor": moderator(), "comment_id": one.number, "rule": "off_topic"}
        refused = "" if left else "already_decided"
        if done := self.does(refused, lambda: api.remove_branch(**does, reason="", now=now)):
            assert done.comments == len(left)
            self.model.judge(done.sequence, "branch", one.number, "removed", left)

    def undo(self, which: int) -> None:
        """The newest ones more often."""
        if not self.model.judged:
            return
        judged, now = self.model.judged[-1 - which % len(self.model.judged)], self.room.tick()
        back = self.model.in_force(judged)
        refused = self.model.refuses_undo(judged)
        does = {"actor": moderator(), "sequence": judged.sequence, "now": now}
        if done := self.does(refused, lambda: api.undo_decision(**does)):
            assert done.comments == (0 if judged.verb == "dismiss" else len(back))
            self.model.undo(judged)

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

    def blank(self, which: int, how: int) -> None:
        edited = [one for one in self.model.comments.values() if one.earlier]
        if not edited:
            return
        one = edited[which % len(edited)]
        number = list(one.earlier)[how % len(one.earlier)]
        words = one.earlier[number]
        refused = "" if words else "already_blank"
        does = {"actor": moderator(), "comment_id": one.number, "number": number}
        now = self.room.tick()
        if self.does(refused, lambda: api.blank_version(**does, reason="Private.", now=now)):
            one.taken.add(str(words).split()[0])
            one.earlier[number] = None
            self.model.blank(one.number, number)

    def draw(self) -> None:
        """Remember what an open page knows, for when it asks for news."""
        self.page_at = self.room.page().thread.event
        self.drawn = self.model.drawn()
