"""The queue: what stands in it and why, a branch by one decision, undoing, claims, conflicts."""

from datetime import timedelta

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Claim, Decision, Moved, Waiting
from broadsheet.discussion.rules.waiting import TAKEN_FOR
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.test_posting import queries_of
from people import Cast

CAREFUL = api.Policy()
MONA, BO = moderator(), moderator("Bo Quist")
MAY = {
    "owner": "",
    "editor": "",
    "moderator": "",
    "reporter": "not_a_moderator",
    "reader": "not_a_moderator",
    "guest": "not_a_moderator",
    "banned_reader": "banned",
    "stranger": "not_a_moderator",
}


def branch(room: Room, number: int, *, by: Actor = MONA, **more: object) -> api.BranchRemoved:
    does: dict[str, object] = {"rule": "hate", "reason": "", **more}
    return api.remove_branch(actor=by, comment_id=number, now=room.tick(), **does)  # type: ignore[arg-type]


def undo(room: Room, sequence: int, *, by: Actor = MONA, **more: bool) -> api.Undone:
    return api.undo_decision(actor=by, sequence=sequence, now=room.tick(), **more)


def refused(call: object) -> str:
    """Return the code under which something is refused, "" where it is not."""
    try:
        call()  # type: ignore[operator]
    except RefusalError as error:
        return error.verdict.code
    return ""


# -- what waits -------------------------------------------------------------------------------


def test_it_has_all_threads_the_longest_waiting_first_and_says_why(room: Room) -> None:
    other = open_room(now=room.now, key="quay")
    public = room.post("Said before.", by=reader("Rhea")).number
    first = room.post("first", policy=CAREFUL).number
    link = other.post(
        "https://a.example", by=reader("Lina"), policy=api.Policy(hold_first=False), to=None
    ).number
    other.now = room.tick()
    room.report(public, "out_of_context", "I said the opposite.")
    room.now = room.tick()
    assert set(room.waiting()) == {first, link, public}
    assert room.waiting()[-1] == public
    assert room.waiting("held") == [link]
    assert room.waiting("first") == [first]
    assert room.waiting("reported") == room.waiting("context") == [public]
    by_number = {item.number: item for item in room.queue().items}
    assert by_number[public].reasons == ("reported", "context")
    assert by_number[link].reasons == ("held",)
    assert by_number[first].history == api_history(0)
    assert by_number[public].history == api_history(1)
    assert problems() == []


def api_history(published: int) -> object:
    from broadsheet.discussion.moderation.histories import History

    return History(published, ())


def test_pages_leave_nothing_out_and_cost_the_same(room: Room) -> None:
    numbers = [room.post(f"n{n}", policy=CAREFUL).number for n in range(7)]
    # At the same moment the number decides.
    Waiting.objects.update(since=room.now)
    read, after = [], ""
    while True:
        page = room.queue(after=after, limit=3)
        read += [item.number for item in page.items]
        after = page.after
        if not after:
            break
    assert read == numbers
    assert queries_of(lambda: room.queue(limit=3)) == queries_of(lambda: room.queue(limit=7)) <= 20
    assert room.waiting("nonsense") == numbers
    assert room.queue(after="!!").items[0].number == numbers[0]


def test_what_waits_of_one_person(room: Room) -> None:
    lina = reader("Lina")
    hers = [room.post(f"n{n}", by=lina, policy=CAREFUL).number for n in range(2)]
    room.post("another", policy=CAREFUL)
    assert [item.number for item in room.queue(author=hers[1]).items] == hers


def test_last_decisions_and_published_comments_of_an_author(room: Room) -> None:
    lina = reader("Lina")
    gone = room.post("One.", by=lina).number
    room.post("Two.", by=lina)
    decided = room.decide(gone, "remove", rule="hate")
    room.report(room.post("Three.", by=lina).number)
    history = room.queue().items[0].history
    assert history is not None
    assert history.published == 2
    assert [(deed.verb, deed.rule, deed.by) for deed in history.decisions] == [
        ("remove", "hate", MONA.id)
    ]
    undo(room, decided.sequence)
    history = room.queue().items[0].history
    assert history is not None
    assert (history.published, history.decisions) == (3, ())


def test_rows_that_drift_are_found(room: Room) -> None:
    waits = room.post("waits", policy=CAREFUL).number
    Waiting.objects.update(reason="held")
    assert problems() == [f"comment {waits} waits for held in the queue; it is first"]
    Waiting.objects.all().delete()
    assert problems() == [f"comment {waits} waits for nothing in the queue; it is first"]


# -- a branch by one decision -----------------------------------------------------------------


def test_a_branch_is_removed_by_one_decision_and_comes_back_as_it_was(room: Room) -> None:
    root = room.post("root").number
    top = room.post("top", to=root).number
    answer = room.post("answer", to=top).number
    gone = room.post("gone before", to=answer).number
    below = room.post("below it", to=gone, by=reader("Rhea")).number
    waits = room.post("waits", to=below, policy=CAREFUL).number
    beside = room.post("beside", to=root).number
    room.decide(gone, "remove", rule="advertising")
    room.report(below)
    before = {n: (row(n).state, row(n).rule, row(n).held_at) for n in range(root, beside + 1)}
    decisions = Decision.objects.count()

    done = branch(room, top, reason="They only insult.")
    assert done == api.BranchRemoved(top, 4, done.sequence)
    assert Decision.objects.count() == decisions + 1
    assert {n for n in before if row(n).state == "removed"} == {top, answer, gone, below, waits}
    assert (row(gone).rule, row(below).rule) == ("advertising", "hate")
    assert room.waiting() == []
    assert [comment.number for comment in room.page().comments if comment.is_public] == [
        root,
        beside,
    ]
    status = api.status_for(owner=reader("Rhea").id, number=below)
    assert status is not None
    assert (status.rule, status.reason) == ("hate", "They only insult.")
    assert problems() == []

    back = undo(room, done.sequence)
    assert (back.comments, back.left) == (4, 0)
    assert before == {n: (row(n).state, row(n).rule, row(n).held_at) for n in before}
    assert room.waiting() == [waits, below]
    assert problems() == []


def test_what_somebody_decided_in_a_branch_since_stays_as_it_is(room: Room) -> None:
    top = room.post("top").number
    restored = room.post("restored", to=top).number
    device = guest()
    withdrawn = room.post("withdrawn", to=restored, by=device).number
    done = branch(room, top)
    room.decide(restored, "restore")
    later = room.decide(restored, "remove", rule="hate")
    back = undo(room, done.sequence)
    assert (back.comments, back.left) == (2, 1)
    assert [row(n).state for n in (top, restored, withdrawn)] == [
        "published",
        "removed",
        "published",
    ]
    assert refused(lambda: undo(room, done.sequence)) == "already_undone"
    undo(room, later.sequence)
    assert row(restored).state == "published"
    assert problems() == []


def test_a_long_branch(room: Room) -> None:
    top = room.post("top").number
    number = top
    for _ in range(12):
        number = room.post("deeper", to=number).number
    done = branch(room, top)
    assert done.comments == 13
    assert room.page().thread.comment_count == 0
    undo(room, done.sequence)
    assert room.page().thread.comment_count == 13
    assert problems() == []


def test_a_branch_needs_a_rule_and_something_to_remove(room: Room) -> None:
    top = room.post("top").number
    assert refused(lambda: branch(room, top, rule="")) == "rule_missing"
    assert refused(lambda: branch(room, top, rule="other")) == "reason_missing"
    assert refused(lambda: branch(room, top, seen="another")) == "changed_meanwhile"
    branch(room, top)
    assert refused(lambda: branch(room, top)) == "already_decided"
    with pytest.raises(api.UnknownCommentError):
        branch(room, 10**12)


# -- undoing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "verb"), [(True, "publish"), (True, "remove"), (False, "remove"), (False, "hold")]
)
def test_every_decision_is_undone_exactly(room: Room, verb: str, *, held: bool) -> None:
    number = room.post("Words.", policy=CAREFUL if held else OPEN).number
    if not held:
        room.report(number)
    before = (row(number).state, row(number).rule, row(number).held_at, room.waiting())
    done = room.decide(number, verb)
    undo(room, done.sequence, by=BO)
    assert before == (row(number).state, row(number).rule, row(number).held_at, room.waiting())
    last = Decision.objects.latest("sequence")
    assert (last.verb, last.rule, last.actor_id) == ("undo", f"decision:{done.sequence}", BO.id)
    assert problems() == []


def test_reports_that_were_dismissed_are_open_again(room: Room) -> None:
    device = guest()
    number = room.post("Words.").number
    room.report(number, by=device)
    done = api.dismiss_reports(actor=MONA, comment_id=number, reason="", now=room.tick())
    assert room.waiting() == []
    undo(room, done.sequence)
    assert room.waiting() == [number]
    assert room.report(number, by=device).repeated
    assert problems() == []


def test_undoing_a_hold_publishes_the_words_that_were_held(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    done = room.decide(number, "hold")
    room.edit(number, "Other words, which nobody read.", by=device)
    assert refused(lambda: undo(room, done.sequence)) == "changed_meanwhile"
    assert row(number).state == "held"
    room.edit(number, "Words.", by=device)
    undo(room, done.sequence)
    assert row(number).state == "published"
    assert problems() == []


def test_reports_are_answered_about_the_words_that_were_read(room: Room) -> None:
    device, reporter = guest(), guest()
    number = room.post("Words.", by=device).number
    room.report(number, by=reporter)
    seen = room.queue().items[0].seen
    room.edit(number, "Other words, which nobody read.", by=device)

    def let_stand(seen: str) -> str:
        return refused(
            lambda: api.dismiss_reports(
                actor=MONA, comment_id=number, reason="", now=room.tick(), seen=seen
            )
        )

    assert let_stand(seen) == "changed_meanwhile"
    assert let_stand(room.queue().items[0].seen) == ""
    assert problems() == []


def test_what_cannot_be_undone(room: Room) -> None:
    held = room.post("https://a.example", policy=CAREFUL).number
    by_rule = Decision.objects.get().sequence
    assert refused(lambda: undo(room, by_rule)) == "undo_never"
    done = room.decide(held, "publish")
    removed = room.decide(held, "remove")
    assert refused(lambda: undo(room, done.sequence)) == "decided_since"
    back = undo(room, removed.sequence)
    assert refused(lambda: undo(room, back.sequence)) == "undo_never"
    room.now += timedelta(days=30)
    assert refused(lambda: undo(room, done.sequence)) == "undo_late"
    assert api.decided_lately(actor=MONA, now=room.now) == ()
    with pytest.raises(api.UnknownDecisionError):
        undo(room, 10**12)


def test_what_its_author_took_back_does_not_come_back(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device, policy=CAREFUL).number
    done = room.decide(number, "publish")
    room.withdraw(number, by=device)
    assert refused(lambda: undo(room, done.sequence)) == "decided_since"
    assert row(number).rule == "withdrawn"


def test_the_list_of_what_was_decided_lately(room: Room) -> None:
    first, second = (room.post(f"n{n}", policy=CAREFUL).number for n in range(2))
    room.decide(first, "publish")
    gone = room.decide(second, "remove", by=BO)
    found = api.decided_lately(actor=MONA, now=room.now)
    assert [(one.number, one.deed.verb, one.mine, one.words) for one in found] == [
        (second, "remove", False, "n1"),
        (first, "publish", True, "n0"),
    ]
    undo(room, gone.sequence)
    assert [one.number for one in api.decided_lately(actor=MONA, now=room.now)] == [first]
    assert queries_of(lambda: api.decided_lately(actor=MONA, now=room.now)) == 4


# -- holding an author ------------------------------------------------------------------------


def test_all_that_somebody_writes_is_read_first(room: Room) -> None:
    device = guest()
    number = room.post("Rude.", by=device, name="Max").number
    hold = {"actor": MONA, "comment_id": number, "rule": "hate", "reason": ""}
    done = api.hold_author(**hold, now=room.tick())
    assert row(number).state == "published"
    for name in ("Max", "Moritz"):
        posted = room.post(f"Again, {name}.", by=device, name=name)
        assert (posted.state, posted.rule) == ("held", "read_first")
    assert room.edit(number, "Ruder.", by=device).rule == "read_first"
    assert room.post("Somebody else.").state == "published"
    assert refused(lambda: api.hold_author(**hold, now=room.tick())) == "limit_there"
    undo(room, done.sequence)
    assert room.post("At last.", by=device, name="Max").state == "published"
    api.hold_author(**hold, now=room.tick())
    api.hold_author(**hold | {"rule": ""}, free=True, now=room.tick())
    assert room.post("Free.", by=device, name="Max").state == "published"
    assert problems() == []


def test_whose_comments_are_never_held(room: Room, actors: Cast[Actor]) -> None:
    number = room.post("Ours.", by=actors.editor).number
    hold = {"actor": MONA, "comment_id": number, "rule": "hate", "reason": ""}
    assert refused(lambda: api.hold_author(**hold, now=room.tick())) == "limit_staff"
    theirs = room.post("Theirs.").number
    assert (
        refused(lambda: api.hold_author(**hold | {"comment_id": theirs, "rule": ""}, now=room.now))
        == "rule_missing"
    )


# -- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "outcome"), MAY.items())
def test_who_may_do_what_the_queue_offers(
    room: Room, actors: Cast[Actor], name: str, outcome: str
) -> None:
    actor = actors[name]
    top, held = room.post("top").number, room.post("held", policy=CAREFUL).number
    done = room.decide(held, "publish").sequence
    waits = room.post("waits", policy=CAREFUL).number
    now = room.now
    verbs = {
        "undo": lambda: undo(room, done, by=actor),
        "hold_author": lambda: api.hold_author(
            actor=actor, comment_id=top, rule="hate", reason="", now=now
        ),
        "take": lambda: api.take(actor=actor, comment_id=waits, now=now),
        "ask": lambda: api.ask_colleague(actor=actor, comment_id=waits, words="", now=now),
        "release": lambda: api.release(actor=actor, comment_id=waits),
        "branch": lambda: branch(room, top, by=actor),
    }
    assert {verb: refused(does) for verb, does in verbs.items()} == dict.fromkeys(verbs, outcome)


CONCERNS = ["own", "answers", "quotes", "reports"]


def concerning(room: Room, who: Actor, way: str) -> int:
    """Post a comment that concerns somebody in one way, and report it."""
    rhea = reader("Rhea")
    mine = room.post("Hardly anyone used it by the end.", by=who).number
    if way == "own":
        number = mine
    elif way == "answers":
        number = room.post("No.", by=rhea, to=mine).number
    elif way == "quotes":
        chosen = [api.Chosen(mine, "anyone used it")]
        number = room.post("Well.", by=rhea, quotes=chosen).number
    else:
        number = room.post("Something else.", by=rhea).number
        room.report(mine, by=rhea)
    room.report(number)
    return number


@pytest.mark.parametrize("way", CONCERNS)
def test_nobody_decides_about_what_concerns_them(room: Room, way: str) -> None:
    number = concerning(room, MONA, way)
    about = {"actor": MONA, "comment_id": number, "now": room.now, "reason": ""}
    verbs = {
        "remove": lambda: room.decide(number, "remove", by=MONA),
        "hold": lambda: room.decide(number, "hold", by=MONA),
        "dismiss": lambda: api.dismiss_reports(**about),
        "branch": lambda: branch(room, number, by=MONA),
        "image": lambda: api.blank_image(**about),
        "hold_author": lambda: api.hold_author(**about, rule="hate"),
        "take": lambda: api.take(actor=MONA, comment_id=number, now=room.now),
    }
    assert {refused(does) for does in verbs.values()} == {f"concerns_{way}"}
    item = next(item for item in room.queue(by=MONA).items if item.number == number)
    assert (item.concern, item.verbs) == (way, ())
    # Somebody else does, and it cannot be undone by whom it concerns.
    other = next(item for item in room.queue(by=BO).items if item.number == number)
    assert (other.concern, other.verbs) == ("", ("hold", "remove"))
    done = room.decide(number, "remove", by=BO)
    if way != "reports":
        assert refused(lambda: undo(room, done.sequence, by=MONA)) == f"concerns_{way}"
    api.undo_decision(actor=BO, sequence=done.sequence, now=room.tick())
    assert problems() == []


@pytest.mark.parametrize("way", CONCERNS)
def test_an_owner_who_is_the_only_one_may(room: Room, actors: Cast[Actor], way: str) -> None:
    number = concerning(room, actors.owner, way)
    about = {"comment_id": number, "verb": "remove", "rule": "hate", "reason": ""}
    assert refused(lambda: api.decide(actor=actors.owner, **about, now=room.now)) != ""
    mona = concerning(room, MONA, way)
    alone = about | {"comment_id": mona, "alone": True}
    assert refused(lambda: api.decide(actor=MONA, **alone, now=room.now)) == f"concerns_{way}"
    api.decide(actor=actors.owner, **about, alone=True, now=room.tick())
    assert row(number).state == "removed"


def test_a_branch_that_answers_a_moderator_is_for_another_one(room: Room) -> None:
    top = room.post("top").number
    warned = room.post("Please stay polite.", by=MONA, to=top).number
    done = branch(room, top)
    undo(room, done.sequence)
    room.post("No.", to=warned)
    assert refused(lambda: branch(room, top)) == "concerns_answers"
    assert branch(room, top, by=BO).comments == 3


# -- claims -----------------------------------------------------------------------------------


def test_who_takes_a_comment_is_seen_and_it_ends(room: Room) -> None:
    number = room.post("waits", policy=CAREFUL).number
    api.take(actor=MONA, comment_id=number, now=room.now)
    claims = [room.queue(by=one).items[0].claim for one in (MONA, BO)]
    assert [(claim.by, claim.mine, claim.asks) for claim in claims if claim] == [
        (MONA.id, True, False),
        (MONA.id, False, False),
    ]
    assert refused(lambda: api.take(actor=BO, comment_id=number, now=room.now)) == "taken"
    api.release(actor=BO, comment_id=number)
    assert Claim.objects.exists()
    room.now += TAKEN_FOR
    assert room.queue().items[0].claim is None
    api.take(actor=BO, comment_id=number, now=room.now)
    # It is no lock: whoever decides, decides, and it is gone with that.
    room.decide(number, "publish", by=MONA)
    assert not Claim.objects.exists()
    assert refused(lambda: api.take(actor=BO, comment_id=number, now=room.now)) == "already_decided"


def test_a_colleague_who_is_asked_answers_by_taking_it(room: Room) -> None:
    number = room.post("waits", policy=CAREFUL).number
    ask = {"actor": MONA, "comment_id": number, "now": room.now}
    assert refused(lambda: api.ask_colleague(**ask, words="x" * 301)) == "reason_too_long"
    api.ask_colleague(**ask, words=" Is this satire? ")
    claim = room.queue(by=BO).items[0].claim
    assert claim is not None
    assert (claim.by, claim.asks, claim.words) == (MONA.id, True, "Is this satire?")
    api.take(actor=BO, comment_id=number, now=room.now)
    assert Claim.objects.get().actor_id == BO.id


def test_an_import_that_waits_is_in_the_queue(room: Room) -> None:
    number = room.bring("1", state="held").number
    assert room.waiting("held") == [number]
    assert Moved.objects.count() == 0
    assert Role.OWNER
