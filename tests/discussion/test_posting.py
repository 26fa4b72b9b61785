"""Posting: what is published, what waits, what is refused, and that a repeat is no second post."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Decision, GuestLabel, Participant
from broadsheet.discussion.rules import texts
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, open_room, problems, reader, row
from people import Cast

CAREFUL = api.Policy()


def refused(call: object) -> str:
    assert isinstance(call, pytest.ExceptionInfo)
    return call.value.verdict.code


def test_a_comment_is_published_with_all_that_counts_it(room: Room) -> None:
    root = room.post("**First**, with a map.", by=reader("Rhea"))
    reply = room.post("An answer.", by=reader("Bo"), to=root.number)
    deeper = room.post("And back.", by=reader("Rhea"), to=reply.number)

    assert (root.state, root.rule, root.thread_url) == ("published", "", "/harbour/ferry/")
    first, second, third = row(root.number), row(reply.number), row(deeper.number)
    assert first.html == "<p><strong>First</strong>, with a map.</p>\n"
    assert first.thread.comment_count == 3
    assert first.thread.root_count == 1
    assert (first.reply_count, first.descendants, first.depth) == (1, 2, 0)
    assert (second.reply_count, second.depth, second.root_id) == (1, 1, first.pk)
    assert (third.parent_id, third.root_id, third.depth) == (second.pk, first.pk, 2)
    assert [first.event, second.event, third.event] == [1, 2, 3]
    assert problems() == []


def test_a_first_comment_waits_and_a_second_does_not(room: Room) -> None:
    rhea = reader("Rhea")
    first = room.post(by=rhea, policy=CAREFUL)
    assert (first.state, first.rule) == ("held", "first_comment")
    assert room.page().comments == ()
    assert room.page().comment_count == 0
    decision = Decision.objects.get()
    assert (decision.verb, decision.rule, decision.actor_id) == (
        "hold",
        "first_comment",
        "system:rules",
    )

    room.decide(first.number, "publish")
    assert room.post("Another.", by=rhea, policy=CAREFUL).state == "published"
    assert room.post("https://a.example", by=rhea, policy=CAREFUL).rule == "link"
    assert problems() == []


def test_only_publication_makes_somebody_known(room: Room) -> None:
    rhea = reader("Rhea")
    first = room.post(by=rhea, policy=CAREFUL)
    assert room.post("Again.", by=rhea, policy=CAREFUL).rule == "first_comment"
    room.decide(first.number, "remove", rule="advertising")
    assert room.post("And again.", by=rhea, policy=CAREFUL).rule == "first_comment"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("owner", "published"),
        ("editor", "published"),
        ("reporter", "published"),
        ("moderator", "published"),
        ("reader", "held"),
        ("guest", "held"),
        ("banned_reader", "banned"),
        ("stranger", "unknown_person"),
    ],
)
def test_what_becomes_of_each_persons_first_comment(
    room: Room, actors: Cast[Actor], name: str, outcome: str
) -> None:
    try:
        got = room.post(by=actors[name], policy=CAREFUL).state
    except RefusalError as error:
        got = error.verdict.code
        assert Comment.objects.count() == Participant.objects.count() == 0
    assert got == outcome


@pytest.mark.parametrize(
    ("words", "code"),
    [("", "empty"), (" \n\t", "empty"), ("\u200b", "empty"), ("x" * 5001, "too_long")],
)
def test_words_that_are_no_comment(room: Room, words: str, code: str) -> None:
    with pytest.raises(RefusalError) as call:
        room.post(words)
    assert refused(call) == code
    assert Comment.objects.count() == 0


def test_a_closed_thread_takes_nothing_until_it_is_opened_again(room: Room) -> None:
    number = room.post().number
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    assert room.page().thread.closed
    with pytest.raises(RefusalError) as call:
        room.post()
    assert refused(call) == "closed"
    with pytest.raises(RefusalError) as call:
        room.vote(number, 1)
    assert refused(call) == "closed"
    api.reopen_thread(actor=moderator(), thread_id=room.id, now=room.now)
    assert room.post().state == "published"


def test_only_what_is_public_here_can_be_answered(room: Room) -> None:
    elsewhere = open_room(now=room.now, key="bridge").post().number
    held = room.post(policy=CAREFUL).number
    removed = room.post().number
    room.decide(removed, "remove")
    for number in (elsewhere, held, removed, 10**12):
        with pytest.raises(RefusalError) as call:
            room.post(to=number)
        assert refused(call) == "parent_gone"


def test_there_is_no_thread_to_post_to(db: None, room: Room) -> None:
    with pytest.raises(api.UnknownThreadError):
        Room(room.id + 1, room.now).post()


def test_the_same_post_again_is_the_first_one(room: Room) -> None:
    rhea = reader("Rhea")
    first = room.post("Twice.", by=rhea)
    again = room.post("Twice.", by=rhea)
    assert (again.number, again.repeated) == (first.number, True)
    assert room.post("Twice.", by=rhea, to=first.number).number != first.number
    assert room.post("Twice.", by=reader("Bo")).number != first.number

    keyed = room.post("With a key.", by=rhea, idempotency_key="k1")
    assert room.post("Other words.", by=rhea, idempotency_key="k1").number == keyed.number
    assert room.post("With a key.", by=rhea, idempotency_key="k2").number != keyed.number
    assert not room.post("With a key.", by=reader("Bo"), idempotency_key="k1").repeated
    assert room.page().comment_count == 6
    assert problems() == []


def test_what_failed_without_a_key_is_not_posted_twice(room: Room) -> None:
    """The answer was lost, not the comment: it is sent again with a key, after any outage."""
    rhea, one, two = reader("Rhea"), *(replace(guest(), newcomer=True) for _ in range(2))
    keys: list[str] = []
    for by, same in ((rhea, rhea), (one, two)):
        first = room.post("Nobody rang.", by=by)
        keys.append(key := api.key_after_failure(now=room.now + timedelta(seconds=15)))
        assert len(key) <= 100
        room.now += timedelta(hours=2)
        again = room.post("Nobody rang.", by=same, idempotency_key=key)
        assert (again.number, again.repeated, again.owner) == (first.number, True, "")
        # Whoever changes the words means those; sent once more they are the same again.
        other = room.post("Nobody rang us.", by=same, idempotency_key=key)
        assert not other.repeated
        assert room.post("Nobody rang us.", by=same, idempotency_key=key).number == other.number
    # What was said long before that, or after it, is another comment; and nobody else's are theirs.
    for moment in (-timedelta(hours=3), timedelta()):
        key = api.key_after_failure(now=room.now + moment)
        assert not room.post("Nobody rang.", by=rhea, idempotency_key=key).repeated
    forged = f"{keys[0].partition('.')[0]}.{key.partition('.')[2]}"
    assert not room.post("Nobody rang.", by=rhea, idempotency_key=forged).repeated
    assert problems() == []


def test_what_waits_is_given_to_nobody_who_says_it_failed(room: Room) -> None:
    one, two = (replace(guest(), newcomer=True) for _ in range(2))
    held = room.post("Hello?", by=one, policy=CAREFUL)
    room.now += timedelta(hours=2)
    key = api.key_after_failure(now=room.now)
    copied = room.post("Hello?", by=two, idempotency_key=key, policy=CAREFUL)
    assert (copied.repeated, copied.number == held.number, copied.owner) == (False, False, "")


def test_the_same_words_later_are_another_comment(room: Room) -> None:
    rhea, device = reader("Rhea"), guest()
    first = room.post("Indeed.", by=rhea)
    room.now += timedelta(minutes=5)
    later = room.post("Indeed.", by=rhea)
    assert (later.repeated, later.number == first.number) == (False, False)
    again = room.post("Indeed.", by=rhea)
    assert (again.repeated, again.number) == (True, later.number)
    # A key of the sender's own stands for its post for ever.
    keyed = room.post("By key.", by=rhea, idempotency_key="k1")
    room.now += timedelta(days=40)
    assert room.post("By key.", by=rhea, idempotency_key="k1").number == keyed.number
    # Two who share a device may agree.
    assert not room.post("Me too.", by=device, name="Ada").repeated
    assert not room.post("Me too.", by=device, name="Bo").repeated
    assert room.post("Me too.", by=device, name=" bo ").repeated
    assert problems() == []


def test_a_newcomer_who_presses_twice_is_one_person(room: Room) -> None:
    one, two = (replace(guest(), newcomer=True) for _ in range(2))
    held = room.post("Hello?", by=one, policy=CAREFUL)
    again = room.post("Hello?", by=two, policy=CAREFUL)
    assert (again.number, again.repeated, again.owner) == (held.number, True, one.id)
    assert (held.owner, Participant.objects.count()) == ("", 1)
    # Elsewhere, under another name, later, or known by then, it is somebody else.
    elsewhere = replace(two, network="198.51.100.0/24")
    for by, name in ((elsewhere, ""), (two, "Bo"), (replace(two, newcomer=False), "")):
        assert not room.post("Hello?", by=by, name=name, policy=CAREFUL).repeated
    room.now += timedelta(minutes=5)
    assert not room.post("Hello?", by=two, policy=CAREFUL).repeated
    # What is published anybody can copy, and is nobody by that.
    room.post("For all to see.", by=one)
    copied = room.post("For all to see.", by=two)
    assert (copied.repeated, copied.owner) == (True, "")
    assert not room.post("Hello?", by=two, idempotency_key="0" * 16).repeated, "another key"
    keys = Comment.objects.values_list("idempotency_key", flat=True)
    known = texts.digest_of("network:192.0.2.0/24", "text", "", "", "For all to see.")
    assert known not in keys, "a network could be found by trying"


def test_a_newcomer_who_presses_twice_is_known_by_the_secret_of_the_form(room: Room) -> None:
    one, two, three = (replace(guest(), newcomer=True) for _ in range(3))
    key = "5f0c" * 8
    first = room.post("Hello.", by=one, idempotency_key=key)
    again = room.post("Hello.", by=two, idempotency_key=key)
    assert (again.number, again.repeated, again.owner) == (first.number, True, one.id)
    # A connection that broke, and another attempt much later.
    room.now += timedelta(days=1)
    assert room.post("Hello.", by=three, idempotency_key=key).owner == one.id
    # Who has an identity keeps it; another network is somebody else.
    known, elsewhere = replace(two, newcomer=False), replace(two, network="198.51.100.0/24")
    for by in (known, elsewhere):
        other = room.post("Hello.", by=by, idempotency_key=key)
        assert (other.repeated, other.owner) == (False, "")
    # One that could be guessed is no secret.
    room.post("And this.", by=one, idempotency_key="1")
    guessed = room.post("And this.", by=two, idempotency_key="1")
    assert (guessed.repeated, guessed.owner) == (True, "")
    # Nobody becomes whoever was erased.
    api.erase_participant(actor=one, participant=row(first.number).author.uuid, now=room.tick())
    late = room.post("Hello.", by=two, idempotency_key=key)
    assert (late.repeated, late.owner) == (True, "")
    assert problems() == []


def test_a_nameless_guest_keeps_a_number_in_each_thread(room: Room) -> None:
    one, two = guest(), guest()
    numbers = [room.post(words, by=by).number for words, by in [("a", one), ("b", two), ("c", one)]]
    assert [row(number).guest_number for number in numbers] == [1, 2, 1]
    other = open_room(now=room.now, key="bridge")
    assert row(other.post(by=two).number).guest_number == 1
    assert GuestLabel.objects.count() == 3


def test_a_guest_with_a_name_has_no_number_and_a_new_name_is_a_new_person(room: Room) -> None:
    device = guest()
    anna = room.post("a", by=device, name="  Anna  Field ", email="anna@field.example")
    nameless = room.post("b", by=device)
    bo = room.post("c", by=device, name="Bo", policy=CAREFUL)
    again = room.post("d", by=device, name="anna field", policy=CAREFUL)

    assert row(anna.number).guest_number is None
    assert row(anna.number).author.email == "anna@field.example"
    assert row(nameless.number).guest_number == 1
    assert bo.rule == "first_comment", "a new name is read like a first comment"
    assert again.state == "published"
    assert row(again.number).author == row(anna.number).author
    assert {p.owner for p in Participant.objects.all()} == {device.id}


def test_an_account_writes_under_its_own_name(room: Room) -> None:
    number = room.post(by=reader("Rhea"), name="Somebody Else", email="else@a.example").number
    author = row(number).author
    assert (author.kind, author.name, author.email) == ("reader", "Rhea", "")


def test_staff_are_marked(room: Room, actors: Cast[Actor]) -> None:
    voices = {
        name: row(room.post(f"By {name}", by=actors[name]).number).voice
        for name in ("reporter", "moderator", "reader")
    }
    assert voices == {"reporter": "newsroom", "moderator": "moderator", "reader": ""}


def test_text_that_a_database_cannot_hold_is_cleaned(room: Room) -> None:
    comment = row(room.post("nul\x00 and half a pair\ud83d.\r\nline").number)
    assert comment.source == "nul and half a pair\ufffd.\nline"


def queries_of(call: object) -> int:
    """Count what a call asks the database, without the marks of its transaction."""
    with CaptureQueriesContext(connection) as captured:
        call()  # type: ignore[operator]  # any callable
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return len([q for q in captured.captured_queries if not q["sql"].startswith(marks)])


def test_queries_of_a_post(room: Room) -> None:
    """post.queries: a known reader's comment, an answer, a nameless guest's, and one that waits."""
    rhea = reader("Rhea")
    root = room.post("First.", by=rhea)
    device = guest()
    room.post("Me too.", by=device)
    assert queries_of(lambda: room.post("Second.", by=rhea)) == 5
    assert queries_of(lambda: room.post("Answer.", by=rhea, to=root.number)) == 8
    assert queries_of(lambda: room.post("Guest again.", by=device)) == 6
    held = api.Policy(hold_first=False, hold_links=True)
    room.post("https://a.example/1", by=rhea, policy=held)
    assert queries_of(lambda: room.post("https://a.example", by=rhea, policy=held)) == 8


def test_opening_again_brings_the_thread_up_to_date(room: Room) -> None:
    again = api.open_thread(
        site="main", key="ferry", url="/town/ferry/", title="New", language="de", now=room.now
    )
    assert again == room.id
    assert room.page().thread.title == "New"
    assert room.page().thread.url == "/town/ferry/"
    assert api.counts_for(site="main", keys=["ferry", "none"]) == {"ferry": 0}
    assert api.shown_keys(site="main", keys=["ferry", "none"]) == {"ferry"}
    assert api.thread_page(site="main", key="none") is None


@pytest.mark.parametrize("url", ["//evil.example/", "/\\evil.example", "javascript:x", "x", ""])
def test_a_thread_leads_to_a_page(db: None, room: Room, url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        api.open_thread(site="main", key="ferry", url=url, title="T", language="en", now=room.now)
