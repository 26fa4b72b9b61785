"""Changing and taking back what one wrote: who, until when, and what others are told of it."""

from datetime import timedelta

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, CommentRevision, Decision, Quote, Report, Thread
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from discussion.test_posting import queries_of
from people import Cast

CAREFUL = api.Policy(hold_first=False)


def texts(room: Room) -> list[str]:
    return [str(comment.html) for comment in room.page().comments]


def notice(room: Room, number: int, how: str) -> None:
    """Have somebody do something about a comment."""
    match how:
        case "reply":
            room.post("An answer.", to=number)
        case "vote":
            room.vote(number, 1)
        case "report":
            room.report(number)
        case "quote":
            room.post("As was said.", quotes=[api.Chosen(number, whole=True)])


def test_before_anybody_noticed_an_edit_leaves_no_trace(room: Room) -> None:
    device = guest()
    number = room.post("Befroe.", by=device).number
    event = room.page().thread.event
    edited = room.edit(number, "**Before.**", by=device)
    assert edited == api.Edited(number, "published", "", 1)
    assert texts(room) == ["<p><strong>Before.</strong></p>\n"]
    assert (room.page().thread.event, room.page().comments[0].edited_at) == (event + 1, None)
    assert not CommentRevision.objects.exists()
    assert api.comment_versions(number=number) is None
    assert problems() == []


@pytest.mark.parametrize("how", ["reply", "vote", "quote", "report"])
def test_once_somebody_noticed_the_earlier_words_stay_open(room: Room, how: str) -> None:
    device = guest()
    number = room.post("Before it was noon.", by=device).number
    wrote = room.now
    notice(room, number, how)
    assert room.edit(number, "Before it was night.", by=device).revision == 2
    first = room.now
    assert room.edit(number, "After it was night.", by=device).revision == 3

    shown = {c.number: c for c in room.page().comments}[number]
    assert (shown.edited_at, shown.html) == (room.now, "<p>After it was night.</p>\n")
    found = api.comment_versions(number=number)
    assert found is not None
    assert [(v.number, v.written_at, v.whole) for v in found.versions] == [
        (3, room.now, False),
        (2, first, False),
        (1, wrote, True),
    ]
    assert [[(r.kind, r.text) for r in line.runs] for line in found.versions[1].lines] == [
        [("same", "Before it was "), ("del", "noon. "), ("ins", "night. ")]
    ]
    assert problems() == []


def test_the_same_words_again_change_nothing(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.vote(number, 1)
    event = room.page().thread.event
    for seen in ("", "stale", api.mark_of("Words.")):
        edited = room.edit(number, "  Words.\r\n", by=device, seen=seen)
        assert (edited.changed, edited.revision) == (False, 1)
    assert room.page().thread.event == event


def test_an_edit_on_words_that_changed_meanwhile_is_refused(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    seen = api.mark_of("Words.")
    room.edit(number, "From the phone.", by=device, seen=seen)
    for mark in (seen, ""):
        with pytest.raises(RefusalError, match="edit_conflict"):
            room.edit(number, "From the desk.", by=device, seen=mark)
    assert row(number).source == "From the phone."


@pytest.mark.parametrize(
    ("words", "refused"),
    [(" ", "empty"), ("x" * 5001, "too_long"), ("&nbsp;", "empty"), ("\x00\u200b", "empty")],
)
def test_an_edit_goes_the_way_of_a_post(room: Room, words: str, refused: str) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    with pytest.raises(RefusalError, match=refused):
        room.edit(number, words, by=device)
    assert room.edit(number, "<b>x</b>\ud800", by=device).changed
    assert row(number).html == "<p>&lt;b&gt;x&lt;/b&gt;\ufffd</p>\n"


def test_a_link_that_is_added_later_waits_like_one_that_was_sent(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.post("An answer.", to=number)
    edited = room.edit(number, "See https://spam.example/", by=device, policy=CAREFUL)
    assert (edited.state, edited.rule) == ("held", "link")
    stub, _ = room.page().comments
    assert (stub.state, stub.html, stub.edited_at) == ("held", "", None)
    assert api.comment_versions(number=number) is None, "its earlier words are not public either"
    assert room.waiting() == [number]
    # It stays held, whatever is changed then; and words that nobody read are not published.
    seen = room.queue().items[0].seen
    room.edit(number, "See nothing.", by=device, policy=CAREFUL)
    assert row(number).state == "held"
    with pytest.raises(RefusalError, match="changed_meanwhile"):
        api.decide(
            actor=moderator(),
            comment_id=number,
            verb="publish",
            rule="",
            reason="",
            now=room.now,
            seen=seen,
        )
    room.decide(number, "publish")
    assert room.page().comments[0].html == "<p>See nothing.</p>\n"
    assert problems() == []


def test_a_link_that_was_approved_may_stay_and_staff_never_wait(
    room: Room, actors: Cast[Actor]
) -> None:
    device = guest()
    number = room.post("See https://a.example/", by=device, policy=CAREFUL).number
    room.decide(number, "publish")
    kept = room.edit(number, "Do see https://a.example/", by=device, policy=CAREFUL)
    assert kept.state == "published"
    other = room.edit(number, "Do see https://b.example/", by=device, policy=CAREFUL)
    assert other.state == "held"
    staffs = room.post("Words.", by=actors.reporter).number
    edited = room.edit(staffs, "https://a.example/", by=actors.reporter, policy=CAREFUL)
    assert edited.state == "published"


def test_a_comment_that_waits_can_be_changed_and_waits_on(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device, policy=api.Policy()).number
    event = Thread.objects.get(pk=room.id).events
    edited = room.edit(number, "Better words.", by=device)
    assert (edited.state, edited.rule, edited.revision) == ("held", "first_comment", 1)
    assert Thread.objects.get(pk=room.id).events == event, "no page shows it"
    room.decide(number, "publish")
    assert texts(room) == ["<p>Better words.</p>\n"]


def test_a_guests_other_name_is_the_same_hand(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device, name="Anna").number
    assert room.edit(number, "Other words.", by=device).changed
    with pytest.raises(RefusalError, match="not_your_comment"):
        room.edit(number, "Mine now.", by=reader("Anna"))
    with pytest.raises(api.UnknownCommentError):
        room.edit(10**12, "x", by=device)


def test_an_imported_or_erased_comment_is_nobodys(room: Room) -> None:
    device = guest()
    brought = room.bring("1").number
    mine = room.post("Words.", by=device).number
    api.erase_participant(actor=device, participant=row(mine).author.uuid, now=room.now)
    for number in (brought, mine):
        with pytest.raises(RefusalError, match="not_your_comment"):
            room.edit(number, "x", by=device)
        with pytest.raises(RefusalError, match="not_your_comment"):
            room.withdraw(number, by=device)


def test_queries_of_an_edit(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    assert queries_of(lambda: room.edit(number, "Others.", by=device, seen=mark("Words."))) == 4 + 1
    room.vote(number, 1)
    traced = queries_of(lambda: room.edit(number, "Again.", by=device, seen=mark("Others.")))
    assert traced == 5 + 1
    # The first decision of an installation begins their chain, which no other one does.
    room.post("www.a.example", policy=CAREFUL)
    held = queries_of(
        lambda: room.edit(number, "www.a.example", by=device, seen=mark("Again."), policy=CAREFUL)
    )
    assert held <= 14, "one of them is the test's own, four are for the queue"


mark = api.mark_of


def test_withdrawing_leaves_a_stub_and_takes_the_words_from_everywhere(room: Room) -> None:
    device = guest()
    number = room.post("Words that I regret.", by=device).number
    reply = room.post("An answer.", to=number).number
    notice(room, number, "quote")
    room.edit(number, "Words I regret as well.", by=device)
    room.report(number)
    assert room.withdraw(number, by=device) == api.Withdrawn(number, has_place=True)

    stub = {c.number: c for c in room.page().comments}[number]
    assert (stub.state, stub.rule, stub.html) == ("removed", "withdrawn", "")
    assert "regret" not in repr((room.page(), api.comment_page(number=reply)))
    assert api.comment_versions(number=number) is None
    quote = Quote.objects.get()
    assert (quote.exact, quote.sentence, quote.blanked_at) == ("", "", room.now)
    assert [(r.settled_at, r.upheld) for r in Report.objects.all()] == [(room.now, True)]
    thread = Thread.objects.get(pk=room.id)
    assert (thread.comment_count, thread.root_count) == (2, 1)
    with pytest.raises(RefusalError, match="withdraw_gone"):
        room.withdraw(number, by=device)
    with pytest.raises(RefusalError, match="edit_gone"):
        room.edit(number, "x", by=device)
    with pytest.raises(RefusalError, match="parent_gone"):
        room.post("x", to=number)
    assert problems() == []


def test_what_waits_is_withdrawn_without_a_stub(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device, policy=api.Policy()).number
    assert room.withdraw(number, by=device) == api.Withdrawn(number, has_place=False)
    assert (room.page().comments, room.waiting()) == ((), [])
    assert api.comment_page(number=number) is None
    assert problems() == []


def test_nobody_restores_what_was_withdrawn_and_its_author_may_post_it_anew(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.withdraw(number, by=device)
    with pytest.raises(RefusalError, match="withdrawn_by_author"):
        room.decide(number, "restore")
    assert api.newest(actor=moderator(), now=room.now)[0].verbs == ()
    again = room.post("Words.", by=device)
    assert (again.repeated, again.state) == (False, "published")
    assert problems() == []


def test_the_chain_names_the_participant_and_not_the_account(room: Room) -> None:
    rhea = reader("Rhea")
    number = room.post("Words.", by=rhea).number
    room.withdraw(number, by=rhea)
    decision = Decision.objects.get()
    assert (decision.verb, decision.rule, decision.by_role) == ("withdraw", "withdrawn", "")
    assert decision.actor_id == f"participant:{row(number).author.uuid}"


def test_withdrawing_needs_no_open_discussion_and_no_good_standing(
    room: Room, actors: Cast[Actor]
) -> None:
    banned = actors.banned_reader
    number = room.post("Words.", by=reader("x")).number
    Comment.objects.filter(pk=number).update(author=_participant(banned))
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    room.now += timedelta(days=900)
    assert room.withdraw(number, by=banned).has_place
    assert problems() == []


def _participant(actor: Actor) -> int:
    from broadsheet.discussion.models import Participant

    made = Participant.objects.create(
        kind="reader", key=actor.id, owner=actor.id, name="Bram", created_at="2026-01-01T00:00Z"
    )
    return made.pk


def a_rewritten_comment(room: Room) -> int:
    device = guest()
    number = room.post("She lives in Mill Lane 4.", by=device).number
    room.vote(number, 1)
    room.edit(number, "She lives near the mill.", by=device)
    room.edit(number, "She lives there.", by=device)
    return number


def test_a_moderator_blanks_an_earlier_version(room: Room) -> None:
    number = a_rewritten_comment(room)
    event = room.page().thread.event

    def blank(version: int, reason: str = "An address.") -> api.Decided:
        return api.blank_version(
            actor=moderator(), comment_id=number, number=version, reason=reason, now=room.tick()
        )

    with pytest.raises(RefusalError, match="blank_reason"):
        blank(1, "  ")
    assert blank(1).state == "published"
    assert room.page().thread.event == event + 1
    found = api.comment_versions(number=number)
    assert "Lane" not in repr(found)
    assert found is not None
    assert [(v.number, bool(v.blanked_at), v.whole) for v in found.versions] == [
        (3, False, False),
        (2, False, True),
        (1, True, True),
    ]
    decision = Decision.objects.get()
    assert (decision.verb, decision.rule, decision.reason.text) == (
        "blank",
        "version:1",
        "An address.",
    )
    with pytest.raises(RefusalError, match="already_blank"):
        blank(1)
    for version in (3, 9):
        with pytest.raises(api.UnknownVersionError):
            blank(version)
    with pytest.raises(RefusalError, match="not_a_moderator"):
        api.blank_version(actor=guest(), comment_id=number, number=2, reason="x", now=room.now)
    assert problems() == []


def test_versions_with_a_gap_are_found(room: Room) -> None:
    number = a_rewritten_comment(room)
    other = room.post("Words.").number
    CommentRevision.objects.filter(number=1).delete()
    Comment.objects.filter(pk=other).update(edited_at=room.now)
    assert problems() == [
        f"comment {number} is at version 3; not all before it are kept",
        f"comment {other} is at version 1 and edited at {room.now}",
    ]


@pytest.mark.parametrize(("minutes", "allowed"), [(-1, True), (0, False), (3, False), (9, True)])
def test_the_window_is_the_publishers_choice(room: Room, minutes: int, *, allowed: bool) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.now += timedelta(minutes=5)
    policy = api.Policy(hold_first=False, edit_minutes=minutes)
    own = api.own_comment(actor=device, number=number, policy=policy, now=room.now)
    assert own is not None
    assert bool(own.may_edit) == allowed
    if allowed:
        assert room.edit(number, "Others.", by=device, policy=policy).changed
    else:
        with pytest.raises(RefusalError, match="edit_over" if minutes else "edit_never"):
            room.edit(number, "Others.", by=device, policy=policy)
