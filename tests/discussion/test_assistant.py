"""The assistant in a newsroom: it learns what people decide, is silent until it is good, and stops
at what it may do."""

import random
from typing import Any

import pytest

from broadsheet.discussion import api, queries
from broadsheet.discussion.assistant import learning
from broadsheet.discussion.assistant.queries import assistant
from broadsheet.discussion.assistant.work import Worked
from broadsheet.discussion.assistant.work import assist as work
from broadsheet.discussion.chain import facts_of
from broadsheet.discussion.http.log_words import action_words, by_words, reason_words
from broadsheet.discussion.models import (
    Assessment,
    Assistant,
    Decision,
    Judgement,
    LearnedModel,
    Moved,
    Participant,
    Waiting,
)
from broadsheet.discussion.rules.assistant import approving, record
from broadsheet.discussion.rules.waiting import UNSCORED
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, moderator, problems, reader, row

pytestmark = pytest.mark.slow

CAREFUL = api.Policy()
MONA = moderator()
OWNER = Actor(id="account:olive", roles=frozenset({Role.OWNER, Role.READER}), name="Olive Tarn")
GOOD = ("harbour", "bridge", "council", "budget", "school", "lamp", "river", "market")
BAD = ("gobsmite", "wretchling", "clodpole")


@pytest.fixture
def modest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsroom of a few dozen decisions may believe its assistant: hundreds take their time."""
    monkeypatch.setattr(record, "LEAST_DECISIONS", 40)
    monkeypatch.setattr(record, "LEAST_REMOVALS", 8)
    monkeypatch.setattr(approving, "LEAST", 40)


def assist(room: Room) -> Worked:
    return work(now=room.tick())


def said(chance: random.Random, *, bad: bool) -> str:
    words = chance.choices(GOOD, k=7)
    return " ".join([*words, *(chance.choices(BAD, k=2) if bad else ())])


def history(room: Room, count: int = 60, *, seed: int = 1) -> list[int]:
    """Have so many comments held and decided: a third is bad, and removed."""
    chance = random.Random(seed)  # noqa: S311 - made up
    numbers = []
    for at in range(count):
        number = room.post(said(chance, bad=at % 3 == 0), policy=CAREFUL).number
        room.decide(number, "remove" if at % 3 == 0 else "publish", by=MONA)
        numbers.append(number)
    return numbers


def judged() -> dict[int, bool | None]:
    return dict(Judgement.objects.order_by("pk").values_list("comment", "removed"))


# -- learning ------------------------------------------------------------------------------------


def test_it_learns_what_people_decided_and_nothing_else(room: Room) -> None:
    kept, gone, stands = (room.post(f"Comment {n}", policy=CAREFUL).number for n in range(3))
    top = room.post("top").number
    below = room.post("below", to=top).number
    room.decide(kept, "publish")
    room.decide(gone, "remove")
    room.decide(stands, "publish")
    room.report(stands)
    api.dismiss_reports(actor=MONA, comment_id=stands, reason="", now=room.tick())
    api.remove_branch(actor=MONA, comment_id=top, rule="off_topic", reason="", now=room.tick())
    # Held by a rule, withdrawn, marked, nobody's decision: nothing to learn.
    room.post("held", policy=CAREFUL)
    rhea = reader("Rhea")
    room.withdraw(room.post("mine", by=rhea).number, by=rhea)
    api.mark_comment(actor=MONA, comment_id=kept, verb="feature", reason="", now=room.tick())
    assert api.assistant_has_work()
    assist(room)
    assert judged() == {kept: False, gone: True, stands: False, top: True}
    assert below not in judged()
    assert not api.assistant_has_work()
    assert problems() == []


def test_what_was_undone_counts_as_what_it_became(room: Room) -> None:
    first, second, third = (room.post(f"Comment {n}", policy=CAREFUL).number for n in range(3))
    removed = room.decide(first, "remove")
    published = room.decide(second, "publish")
    room.decide(third, "publish")
    room.decide(third, "hold")
    assist(room)
    assert judged() == {first: True, second: False, third: None}
    before = dict(Judgement.objects.values_list("comment", "score"))
    api.undo_decision(actor=MONA, sequence=removed.sequence, now=room.tick())
    api.undo_decision(actor=MONA, sequence=published.sequence, now=room.tick())
    assist(room)
    assert judged() == {first: None, second: None, third: None}
    room.decide(first, "publish")
    gone = room.decide(second, "publish")
    room.decide(second, "remove")
    assist(room)
    assert judged() == {first: False, second: True, third: None}
    restored = room.decide(second, "restore")
    assist(room)
    api.undo_decision(actor=MONA, sequence=restored.sequence, now=room.tick())
    assist(room)
    assert judged() == {first: False, second: True, third: None}
    # The score is what it was before anybody decided.
    assert dict(Judgement.objects.values_list("comment", "score")) == before
    assert gone.sequence > published.sequence


def test_imported_decisions_are_learned_in_the_order_of_their_time(room: Room) -> None:
    days = [room.tick() for _ in range(4)]
    late = room.bring("1", created_at=days[3]).number
    spam = room.bring("2", created_at=days[1], state="removed").number
    early = room.bring("3", created_at=days[0]).number
    held = room.bring("4", created_at=days[2], state="held").number
    staff = room.bring("5", created_at=days[2], newsroom=True).number
    # An import that may be under way is waited for.
    assist(room)
    assert judged() == {}
    assist(room)
    assert list(judged().items()) == [(early, False), (spam, True), (late, False)]
    assert not api.assistant_has_work()
    room.decide(held, "remove")
    assist(room)
    assert judged()[held] is True
    assert staff not in judged()
    room.bring("6")
    assist(room)
    assist(room)
    assert len(judged()) == 5


def test_what_an_import_brought_of_somebody_who_was_forgotten_is_passed_over(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.discussion.assistant import events

    monkeypatch.setattr(events, "BATCH", 2)
    monkeypatch.setattr(learning, "BATCH", 2)
    for number in range(3):
        room.bring(f"{number}")
    who = Participant.objects.get(name="Petra Lund")
    api.erase_participant(actor=OWNER, participant=who.uuid, now=room.tick())
    turns = iter(range(20))
    for _ in range(2):
        learning.learn_more(stop=lambda: next(turns, None) is None)
    assert next(turns, None) is not None, "it ended by itself"
    assert not Judgement.objects.exists()
    assert not api.assistant_has_work()


def test_ended_anywhere_it_goes_on_where_it_was(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.discussion.assistant import events

    history(room, 30)
    assist(room)
    whole = bytes(LearnedModel.objects.get().data)
    scores = list(Judgement.objects.order_by("pk").values_list("comment", "score"))
    for table in (Judgement, LearnedModel, Assistant):
        table.objects.all().delete()
    monkeypatch.setattr(events, "BATCH", 7)
    monkeypatch.setattr(learning, "BATCH", 7)
    written = learning.Learner.write

    def killed(self: learning.Learner) -> None:
        written(self)
        raise KeyboardInterrupt

    for turn in range(40):
        with monkeypatch.context() as patched:
            if turn % 2 == 0:
                patched.setattr(learning.Learner, "write", killed)
            stops = iter([False, True])
            try:
                learning.learn_more(stop=lambda stops=stops: next(stops))
            except KeyboardInterrupt:
                continue
    assert bytes(LearnedModel.objects.get().data) == whole
    assert list(Judgement.objects.order_by("pk").values_list("comment", "score")) == scores


def test_a_lost_model_is_learned_again_from_the_judgements(room: Room) -> None:
    history(room, 30)
    assist(room)
    whole = bytes(LearnedModel.objects.get().data)
    LearnedModel.objects.all().delete()
    assist(room)
    assert bytes(LearnedModel.objects.get().data) == whole
    LearnedModel.objects.update(data=b"of another version")
    assist(room)
    assert bytes(LearnedModel.objects.get().data) == whole


def test_whom_the_newsroom_forgot_it_forgets(room: Room) -> None:
    history(room, 12)
    assist(room)
    without = bytes(LearnedModel.objects.get().data)
    rhea = reader("Rhea")
    for word in ("please", "thanks"):
        number = room.post(f"{word} of Rhea", by=rhea, policy=CAREFUL).number
        room.decide(number, "remove")
    assist(room)
    assert bytes(LearnedModel.objects.get().data) != without
    who = Participant.objects.get(owner=rhea.id)
    api.erase_participant(actor=OWNER, participant=who.uuid, now=room.tick())
    assert api.assistant_has_work()
    assist(room)
    assert not Judgement.objects.filter(author=who).exists()
    assert bytes(LearnedModel.objects.get().data) == without
    assert not api.assistant_has_work()
    assert problems() == []


# -- silent, then speaking -----------------------------------------------------------------------


def test_it_is_silent_until_its_record_is_good(room: Room) -> None:
    history(room, 60)
    waits = room.post("clodpole gobsmite", policy=CAREFUL).number
    assert assist(room).scored == 0
    assert not assistant().speaks
    assert (assistant().record.decisions, assistant().record.removals) == (60, 20)
    assert not Assessment.objects.exists()
    assert Waiting.objects.get(comment=waits).likely == UNSCORED
    (item,) = room.queue().items
    assert item.likelihood is None


@pytest.mark.usefixtures("modest")
def test_it_orders_what_waits_and_says_why(room: Room) -> None:
    history(room)
    rude = reader("Rude")
    for n in range(3):
        room.decide(room.post(f"clodpole {n}", by=rude, policy=CAREFUL).number, "remove")
    good = room.post("harbour bridge lamp river", policy=CAREFUL).number
    bad = room.post("You clodpole, gobsmite harbour", by=rude, policy=CAREFUL).number
    middle = room.post("market wretchling", policy=CAREFUL).number
    assert assist(room) == Worked(looked=63, scored=3, approved=0)
    assert assistant().speaks
    assert [item.number for item in room.queue().items] == [good, bad, middle]
    likely = room.queue(order="likely")
    assert [item.number for item in likely.items] == [bad, middle, good]
    item = likely.items[0]
    assert item.likelihood is not None
    assert item.likelihood.percent >= 50
    reasons = item.likelihood.reasons
    assert {one.word for one in reasons if one.kind == "word"} & {"clodpole", "gobsmite"}
    writer = next(one for one in reasons if one.kind == "writer")
    assert (writer.count, writer.of, writer.raises) == (3, 3, True)
    # In pages, and in the list of one reason.
    first = room.queue(order="likely", limit=2)
    second = room.queue(order="likely", limit=2, after=first.after)
    assert [one.number for one in (*first.items, *second.items)] == [bad, middle, good]
    assert [one.number for one in room.queue("first", order="likely").items] == [bad, middle, good]
    assert not room.queue("held", order="likely").items
    assert room.queue(after=first.after).items == room.queue().items
    assert problems() == []


@pytest.mark.usefixtures("modest")
def test_a_score_is_of_the_words_there_are_and_ends_with_the_waiting(room: Room) -> None:
    history(room)
    rhea = reader("Rhea")
    number = room.post("harbour lamp", by=rhea, policy=CAREFUL).number
    other = room.post("river market", policy=CAREFUL).number
    assist(room)
    first = Assessment.objects.get(comment=number)
    room.edit(number, "clodpole gobsmite", by=rhea, policy=CAREFUL)
    assert Waiting.objects.get(comment=number).likely == UNSCORED
    assert api.assistant_has_work()
    assist(room)
    assert Assessment.objects.get(comment=number).score > first.score
    # Another report keeps the score; a decision ends it.
    reported = room.post("council lamp").number
    room.report(reported)
    assist(room)
    room.report(reported, "out_of_context", "Never.")
    assert Waiting.objects.filter(comment=reported).exclude(likely=UNSCORED).count() == 2
    room.decide(other, "publish")
    room.decide(reported, "remove")
    assist(room)
    assert list(Assessment.objects.values_list("comment", flat=True)) == [number]
    assert problems() == []


@pytest.mark.usefixtures("modest")
def test_when_its_record_is_bad_again_it_takes_back_what_it_said(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(room)
    number = room.post("clodpole", policy=CAREFUL).number
    assist(room)
    assert Assessment.objects.exists()
    monkeypatch.setattr(record, "LEAST_DECISIONS", 1_000)
    assist(room)
    assert not assistant().speaks
    assert not Assessment.objects.exists()
    assert Waiting.objects.get(comment=number).likely == UNSCORED


# -- approving -----------------------------------------------------------------------------------


def allow(
    room: Room, percent: float | None = 5.0, *, asks: bool = False, by: Actor = OWNER
) -> None:
    api.set_assistant(actor=by, percent=percent, asks=asks, now=room.tick())


def test_what_it_may_do_is_decided_in_the_log(room: Room) -> None:
    allow(room, 5.0)
    allow(room, 5.0)
    allow(room, 2.5, asks=True)
    allow(room, None, asks=True)
    changed = Decision.objects.filter(verb="change_assistant").order_by("sequence")
    assert [one.rule for one in changed] == [
        *("assistant_approves", "assistant_approves", "assistant_silent"),
    ]
    assert [facts_of(one.reason)["percent"] for one in changed] == ["5", "2.5", ""]
    said = queries.log_page().entries[0]
    assert (action_words(said), reason_words(said), by_words(said)) == (
        "What the assistant may do changed",
        "it approves nothing on its own",
        "by a moderator",
    )
    assert problems() == []
    Assistant.objects.update(approves_percent=9.0)
    assert "the assistant may do something else" in problems()[0]


@pytest.fixture
def nobody_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approving, "AUDITED_PERCENT", 0)


@pytest.mark.usefixtures("modest", "nobody_audited")
def test_it_approves_nothing_until_an_owner_says_so(room: Room) -> None:
    history(room, 120)
    fine = room.post("harbour bridge lamp river council", policy=CAREFUL).number
    assert assist(room).approved == 0
    allow(room)
    assert assist(room).approved == 1
    assert row(fine).state == "published"
    decision = Decision.objects.get(comment=fine, verb="publish")
    assert (decision.rule, decision.actor_id, decision.by_role) == (
        "assistant",
        "system:assistant",
        "system",
    )
    assert not Waiting.objects.filter(comment=fine).exists()
    # It learns nothing from itself.
    assist(room)
    assert fine not in judged()
    assert problems() == []
    # And a person undoes it, as any other decision.
    assert Moved.objects.filter(decision=decision).count() == 1
    undone = api.undo_decision(actor=MONA, sequence=decision.sequence, now=room.tick())
    assert (undone.comments, row(fine).state) == (1, "held")
    room.decide(fine, "remove")
    assist(room)
    assert judged()[fine] is True
    allow(room, None)
    again = room.post("harbour bridge lamp", policy=CAREFUL).number
    assert assist(room).approved == 0
    assert row(again).state == "held"


@pytest.mark.usefixtures("modest", "nobody_audited")
def test_what_people_chose_to_read_it_leaves_to_them(room: Room) -> None:
    history(room, 120)
    allow(room)
    words = "harbour bridge lamp river council"
    rhea = reader("Rhea")
    known = room.post(words, by=rhea).number
    all_held = room.post(words, by=reader("Al"), policy=api.Policy(hold_all=True)).number
    api.hold_author(
        actor=MONA,
        comment_id=known,
        rule="off_topic",
        reason="",
        now=room.tick(),
    )
    read_first = room.post(f"{words} again", by=rhea).number
    bad = room.post("clodpole gobsmite wretchling", policy=CAREFUL).number
    second_look = room.post(words, by=reader("Sol")).number
    room.decide(second_look, "hold")
    reported = room.post(words, by=reader("Pat")).number
    room.report(reported)
    assist(room)
    assert [row(n).state for n in (all_held, read_first, bad, second_look)] == ["held"] * 4
    assert Waiting.objects.filter(comment=reported).exists()


@pytest.mark.usefixtures("modest")
def test_some_go_to_people_by_lot_and_prove_the_bound(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(room, 120)
    allow(room)
    monkeypatch.setattr(approving, "AUDITED_PERCENT", 100)
    number = room.post("harbour bridge lamp river council", policy=CAREFUL).number
    assert assist(room).approved == 0
    assert row(number).state == "held"
    room.decide(number, "publish")
    assist(room)
    assert Judgement.objects.get(comment=number).audited
    assert (assistant().record.audits, assistant().record.audit_errors) == (1, 0)


@pytest.mark.usefixtures("modest", "nobody_audited")
def test_a_worse_record_ends_the_approving(room: Room) -> None:
    history(room, 120)
    allow(room)
    assist(room)
    assert assistant().proven
    for _ in range(40):
        number = room.post("harbour bridge lamp river council", policy=CAREFUL).number
        room.decide(number, "remove")
    number = room.post("harbour bridge lamp river council", policy=CAREFUL).number
    assert assist(room).approved == 0
    assert row(number).state == "held"


@pytest.mark.parametrize("who", ["owner", "editor", "moderator", "reporter", "reader", "guest"])
def test_owners_alone_say_what_it_may_do(who: str, room: Room) -> None:
    actor = Actor(id=f"account:{who}", roles=frozenset({Role(who)}))
    if who == "owner":
        allow(room, 2.0, by=actor)
        assert Assistant.objects.get().approves_percent == 2
        return
    with pytest.raises(RefusalError) as refused:
        allow(room, 2.0, by=actor)
    assert refused.value.verdict.code == "not_an_owner"


@pytest.mark.parametrize("percent", [0.0, -1.0, 10.1, 100.0, float("nan"), float("inf")])
def test_a_bound_that_bounds_nothing_is_refused(percent: float, room: Room) -> None:
    with pytest.raises(RefusalError) as refused:
        allow(room, percent)
    assert refused.value.verdict.field == "percent"


# -- what it costs others ------------------------------------------------------------------------


def test_nothing_to_do_is_seen_in_few_questions(
    room: Room, django_assert_max_num_queries: Any
) -> None:
    history(room, 6)
    assist(room)
    with django_assert_max_num_queries(5):
        assert not api.assistant_has_work()
