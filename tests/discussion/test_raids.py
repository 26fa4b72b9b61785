"""Raids: who goes on as usual, what waits, and all of it undone by one action."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Decision, Moved, Sweep, Switch, Waiting
from broadsheet.discussion.moderation import newcomers, raids
from broadsheet.discussion.rules import pacing
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from broadsheet.site import jobs
from crowd import at_once
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.states import facts_of, state_of
from discussion.test_http import as_, html, send
from discussion.test_marking import MODERATING
from discussion.test_posting import queries_of
from people import Cast

SITE = api.Scope()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_serial = count(1)


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"hold_first_comment": False}
    )


def begin(room: Room, *, where: api.Scope | None = None, **more: Any) -> int:
    """Turn raid mode on; return the raid."""
    until = room.now + 2 * HOUR
    values = {"actor": moderator(), "now": room.now, "until": until} | more
    api.turn_on(scope=where or api.Scope(room.id), kind="raid", **values)
    return Switch.objects.latest("pk").pk


def undo(room: Room, raid: int, verb: str = "remove", **more: Any) -> Sweep:
    """Undo a raid, all of it."""
    values = {"actor": moderator(), "now": room.tick(), "rule": "advertising"} | more
    number = api.undo_raid(raid_id=raid, verb=verb, **values)
    api.sweep_open(now=room.now)
    return Sweep.objects.get(pk=number)


def say(room: Room, by: Actor, **more: Any) -> api.Posted:
    return room.post(f"Words number {next(_serial)}.", by=by, **more)


def settled(room: Room) -> tuple[Actor, Actor]:
    """Return a reader and a guest who have been here for some days."""
    rhea, dora = reader("Rhea"), guest("dora")
    for one in (rhea, dora):
        say(room, one)
    room.now += 5 * DAY
    return rhea, dora


@pytest.mark.parametrize(
    ("who", "days_before", "rule"),
    [
        ("reader", 0.1, ""),
        ("reader", None, "raid"),
        ("guest", 4, ""),
        ("guest", 2, "raid"),
        ("guest", None, "raid"),
        ("moderator", None, ""),
        ("reporter", None, ""),
    ],
)
def test_who_goes_on_as_usual(
    room: Room, actors: Cast[Actor], who: str, days_before: float | None, rule: str
) -> None:
    if days_before is not None:
        say(room, actors[who])
        room.now += days_before * DAY
    begin(room)
    posted = say(room, actors[who])
    assert (posted.state, posted.rule) == ("held" if rule else "published", rule)
    again = say(room, actors[who])
    assert again.rule == rule, "what came in a raid makes nobody known in it"
    target = say(room, moderator()).number
    if rule:
        with pytest.raises(RefusalError, match="raid_vote"):
            room.vote(target, 1, by=actors[who])
    elif who != "moderator":
        assert room.vote(target, 1, by=actors[who]).up == 1
    room.now += 2 * HOUR
    assert say(room, actors[who]).rule == "", "it ends by itself"
    assert room.vote(target, 1, by=guest()).mine == 1


def test_where_it_holds_and_from_when_history_counts(room: Room) -> None:
    other = open_room(now=room.now, key="other")
    ann = reader("Ann")
    room.now += DAY
    early = say(room, ann).number
    room.now += timedelta(minutes=5)
    begin(room, since=room.now - timedelta(minutes=30))
    assert say(room, ann).rule == "raid", "she came with the raid, before it was noticed"
    other.now = room.now
    assert say(other, ann).rule == ""
    begin(room, where=SITE)
    assert say(other, guest()).rule == "raid"
    edited = room.edit(early, "Buy this at once.", by=ann)
    assert (edited.state, edited.rule) == ("held", "raid"), (
        "words that were let in stay as they are"
    )
    assert problems() == []


def test_posts_and_votes_cost_no_query_more_in_a_raid(room: Room) -> None:
    rhea, _ = settled(room)
    root = say(room, moderator()).number
    post = queries_of(lambda: say(room, rhea))
    vote = queries_of(lambda: room.vote(root, 1, by=rhea))
    begin(room)
    assert queries_of(lambda: say(room, rhea)) == post
    assert queries_of(lambda: room.vote(root, -1, by=rhea)) == vote + 1


def test_what_came_after_a_raid_is_not_looked_through_for_it(room: Room) -> None:
    raid = begin(room)
    say(room, guest())
    assert Switch.objects.get(pk=raid).last is None
    off = api.turn_off(actor=moderator(), scope=api.Scope(room.id), kind="raid", now=room.tick())
    last = Switch.objects.get(pk=raid).last
    assert last is not None
    assert last > row_number(room), "what had a number at that moment is seen"
    assert newcomers.counted(raid_id=raid, now=room.now) == (1, 1)
    assert f'"id" <= {last}' in str(
        newcomers.written_in(Switch.objects.get(pk=raid), now=room.now).query
    )
    # It holds again, and has no end.
    api.undo_decision(actor=moderator(), sequence=off, now=room.tick())
    assert Switch.objects.get(pk=raid).last is None
    say(room, guest())
    assert newcomers.counted(raid_id=raid, now=room.now) == (2, 2)


def row_number(room: Room) -> int:
    return Comment.objects.filter(thread=room.id).latest("pk").pk


def test_a_raid_is_undone_by_one_action(room: Room) -> None:
    rhea, dora = settled(room)
    early = say(room, guest("early"), to=say(room, rhea).number).number
    before_raid = room.now
    room.now += timedelta(minutes=10)
    raid = begin(room, since=before_raid - timedelta(seconds=30))
    waiting = [say(room, guest(f"bad-{n % 3}")).number for n in range(12)]
    kept = say(room, guest("good")).number
    room.decide(kept, "publish")
    stays = [say(room, one).number for one in (rhea, dora)]
    room.report(stays[0])
    assert room.waiting("raid") == waiting
    assert newcomers.counted(raid_id=raid, now=room.now) == (12, 13)
    with pytest.raises(RefusalError, match="rule_missing"):
        undo(room, raid, rule="")
    done = undo(room, raid)
    assert (done.moved, done.left, done.done_at) == (13, 0, room.now)
    assert room.waiting("raid") == []
    assert [row(n).state for n in (early, *waiting)] == ["removed"] * 13
    assert [row(n).state for n in (kept, *stays)] == ["published"] * 3
    decision = Decision.objects.order_by("-sequence")[0]
    assert (decision.verb, decision.rule, decision.comment_id) == (
        "remove_raid",
        "advertising",
        None,
    )
    told = api.status_for(owner="device:bad-1", number=waiting[1])
    assert told is not None
    assert (told.state, told.rule) == ("removed", "advertising")
    assert problems() == []
    api.undo_decision(actor=moderator(), sequence=decision.sequence, now=room.tick())
    api.sweep_open(now=room.now)
    assert [row(n).state for n in (early, *waiting)] == ["published", *["held"] * 12]
    assert room.waiting("raid") == waiting
    with pytest.raises(RefusalError, match="already_undone"):
        api.undo_decision(actor=moderator(), sequence=decision.sequence, now=room.tick())
    assert problems() == []
    published = undo(room, raid, "publish", rule="")
    assert (published.moved, room.waiting("raid")) == (12, [])
    assert row(waiting[0]).state == "published"
    assert problems() == []


def test_what_concerns_whoever_undoes_it_is_left(room: Room) -> None:
    mona = moderator()
    target = say(room, mona).number
    raid = begin(room)
    answer = say(room, guest(), to=target).number
    say(room, guest())
    done = undo(room, raid, actor=mona)
    assert (done.moved, done.left, row(answer).state) == (1, 1, "held")
    assert undo(room, raid, actor=moderator("Edda Marsh")).moved == 1
    assert problems() == []


def test_a_sweep_goes_on_after_a_crash(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    raid = begin(room, where=SITE)
    other = open_room(now=room.now, key="other")
    numbers = [say(one, guest()).number for _ in range(7) for one in (room, other)]
    sweep = api.undo_raid(
        actor=moderator(), raid_id=raid, verb="remove", rule="hate", now=room.tick()
    )
    with pytest.raises(RefusalError, match="raid_busy"):
        undo(room, raid)

    def crash(*_args: object, **_more: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(raids, "_go_on", crash)
        with pytest.raises(ConnectionError):
            raids.sweep(sweep_id=sweep, now=room.now, limit=5)
    assert raids.sweep(sweep_id=sweep, now=room.now, limit=5)
    jobs.undo_raids(room.now)
    jobs.undo_raids(room.now)
    assert not raids.sweep(sweep_id=sweep, now=room.now)
    assert Sweep.objects.get().moved == Moved.objects.count() == len(numbers)
    assert Waiting.objects.count() == 0
    assert Decision.objects.filter(verb="remove_raid").count() == 1
    assert problems() == []


# What somebody does in a thread: who, what, and to which of the comments there are.
_DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["known", "raider"]),
        st.sampled_from(["post", "answer", "vote", "report", "withdraw"]),
        st.integers(0, 7),
        st.integers(0, 3),
    ),
    max_size=18,
)


@pytest.mark.slow
@hypothesis(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=_DEEDS, noticed=st.integers(0, 6), once_more=st.booleans())
def test_afterwards_it_is_as_if_nobody_had_raided(
    room: Room, deeds: list[tuple[str, str, int, int]], noticed: int, once_more: bool
) -> None:
    """Play the same evening twice: with the raiders, who are undone, and without them."""
    begun = room.now
    states = []
    for with_raiders in (True, False):
        here = open_room(now=begun, key=f"evening-{next(_serial)}")
        _play(here, deeds, noticed=noticed, with_raiders=with_raiders, once_more=once_more)
        states.append((facts_of(here.id), state_of(here.id)))
    assert states[0][0] == states[1][0]
    assert states[0][1] == states[1][1]
    assert problems() == []


def _play(
    room: Room, deeds: list[tuple[str, str, int, int]], *, noticed: int, with_raiders: bool,
    once_more: bool,
) -> None:  # fmt: skip
    key = Switch.objects.count()
    people = [reader(f"Known {key % 1}{n}") for n in range(3)]
    theirs = [room.post(f"Of {one.name}.", by=one).number for one in people]
    room.now += 5 * DAY
    since, raid = room.now, 0
    for at, (who, what, which, person) in enumerate(deeds):
        if at == min(noticed, len(deeds) - 1):
            raid = begin(room, since=since)
        room.now = since + timedelta(minutes=at)
        raider = who == "raider"
        if raider and not with_raiders:
            continue
        by = guest(f"raider-{room.id}-{person}") if raider else people[person % 3]
        _do(room, by, what, theirs, which, serial=at, raider=raider)
    raid = raid or begin(room, since=since)
    room.now = since + HOUR
    sweep = undo(room, raid)
    if once_more:
        sequence = sweep.decision.sequence
        api.undo_decision(actor=moderator(), sequence=sequence, now=room.now)
        api.sweep_open(now=room.now)
        undo(room, raid)


def _do(
    room: Room, by: Actor, what: str, theirs: list[int], which: int, *, serial: int, raider: bool
) -> None:
    target = theirs[which % len(theirs)]
    try:
        if what in {"post", "answer"}:
            to = target if what == "answer" else None
            posted = room.post(f"Deed {serial}.", by=by, to=to)
            if not raider:
                theirs.append(posted.number)
        elif what == "vote" and not raider:
            # Before it is noticed a vote of anybody's counts: see the explanation of raids.
            room.vote(target, 1, by=by)
        elif what == "report" and not raider:
            room.report(target, by=by)
        elif what == "withdraw" and not raider:
            api.withdraw_comment(actor=by, comment_id=target, now=room.now)
    except RefusalError:
        pass


@pytest.mark.deep
def test_ten_thousand_comments_of_five_hundred_are_undone(room: Room) -> None:
    """Ten thousand in a minute, and readers among them; then as if nobody had come."""
    quiet = open_room(now=room.now, key="quiet")
    known, start = [reader(f"Known {n}") for n in range(20)], room.now
    for here in (room, quiet):
        here.now = start
        for n, one in enumerate(known):
            here.post(f"Before {n}.", by=one)
    since = room.now + 5 * DAY
    quiet.now = room.now = since
    raid, raiders = begin(room), [guest(f"raider-{n}") for n in range(500)]
    states = []
    # PostgreSQL's savepoints in a test's one transaction cost the more, the more there are.
    count = 2_000 if connection.vendor == "postgresql" else 10_000
    for n in range(count):
        values: dict[str, Any] = {"policy": OPEN, "now": since + n * timedelta(milliseconds=6)}
        api.post_comment(actor=raiders[n % 500], thread_id=room.id, source=f"Raid {n}.", **values)
        if n % 50 == 0:
            one = known[n // 50 % 20]
            for here in (room, quiet):
                posted = api.post_comment(
                    actor=one, thread_id=here.id, source=f"Known {n}.", **values
                )
                states.append(posted.state)
    assert set(states) == {"published"}
    room.now = since + HOUR
    assert undo(room, raid).moved == count
    assert state_of(room.id) == state_of(quiet.id)
    assert problems() == []


@pytest.mark.parametrize("name", MODERATING)
def test_who_undoes_a_raid(room: Room, actors: Cast[Actor], name: str) -> None:
    raid = begin(room)
    held = say(room, guest()).number
    page, path = "/moderation/raid/", f"/moderation/raid/{raid}/undo/"
    status = as_(actors[name]).get(page).status_code
    sent = send(as_(actors[name]), path, does="remove hate")
    if MODERATING[name]:
        assert status == (302 if name == "guest" else 403)
        assert (sent.status_code, row(held).state) == (403, "held")
        with pytest.raises(RefusalError, match=MODERATING[name]):
            undo(room, raid, actor=actors[name])
    else:
        assert (status, sent.status_code, row(held).state) == (200, 303, "removed")


def test_the_page_of_a_raid(room: Room) -> None:
    from broadsheet.kit.clock import utcnow

    client, page = as_(moderator()), "/moderation/raid/"
    assert "There was none yet." in html(client.get(page))  # type: ignore[arg-type]
    bad = {"kind": "raid", "turn": "on", "lasts": 5, "reason": "Kept <i>words</i>."}
    refused = send(client, page, **bad)
    assert (refused.status_code, "Kept &lt;i&gt;words&lt;/i&gt;." in html(refused)) == (422, True)
    sent = send(client, page, thread=room.id, kind="raid", turn="on", lasts=120, began=10)
    assert (sent.status_code, sent["Location"]) == (303, f"{page}?thread={room.id}")
    raid = Switch.objects.get()
    assert raid.until is not None
    assert (raid.until - raid.since) == timedelta(minutes=130)
    room.now = utcnow() - timedelta(minutes=5)
    numbers = [say(room, guest()).number for _ in range(3)]
    shown = html(client.get(f"{page}?thread={room.id}"))  # type: ignore[arg-type]
    assert 'data-on="raid"' in shown
    assert "new here: 3. Held of these: 3." in shown
    missing = send(client, f"{page}{raid.pk}/undo/", does="remove", reason="So many.")
    assert (missing.status_code, "So many." in html(missing)) == (422, True)
    assert "In a raid" in html(client.get("/moderation/queue/"))  # type: ignore[arg-type]
    done = send(client, f"{page}{raid.pk}/undo/", does="remove advertising")
    assert (done.status_code, done["Location"]) == (303, f"{page}#raid-{raid.pk}")
    assert {row(number).state for number in numbers} == {"removed"}
    assert "3 comments are removed." in html(client.get(page))  # type: ignore[arg-type]
    sequence = Sweep.objects.get().decision.sequence
    back = send(client, f"/moderation/queue/decisions/{sequence}/undo/")
    assert (back.status_code, back["Location"]) == (303, page)
    jobs.undo_raids(utcnow())
    assert {row(number).state for number in numbers} == {"held"}
    assert "Undone: 3 comments are as they were before." in html(client.get(page))  # type: ignore[arg-type]
    assert send(client, f"{page}999999/undo/", does="publish").status_code == 404


def test_nobody_means_a_raid_of_the_year_one(room: Room, settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    for began in (10**5, 10**8, 2**31 - 1):
        form = {"kind": "raid", "turn": "on", "lasts": "60", "began": str(began)}
        assert send(as_(moderator()), "/moderation/raid/", **form).status_code == 422


def test_newcomers_are_told(room: Room, rf: Any) -> None:
    from django.template.loader import render_to_string

    from broadsheet.discussion.http.thread import thread_context
    from broadsheet.kit.clock import utcnow

    begin(room, now=utcnow(), until=utcnow() + HOUR)
    page = render_to_string(
        "discussion/thread.html", thread_context(rf.get("/"), site="main", key=room.key)
    )
    assert "at present a moderator reads first what people write who are new here." in page
    sent = send(as_(guest()), f"/t/{room.id}/comments/", script=True, body="Hello.")
    assert sent.status_code == 202
    assert "many came at once" in sent.json()["message"]  # type: ignore[attr-defined]


def test_history_is_older_than_the_raid(now: datetime) -> None:
    assert pacing.known_before(guest=False, since=now) == now
    assert pacing.known_before(guest=True, since=now) == now - timedelta(days=3)


@pytest.mark.django_db(transaction=True)
def test_the_switch_the_posts_and_the_sweep_at_once(now: datetime) -> None:
    room = open_room(now=now)
    raid = begin(room)
    numbers = [say(room, guest()).number for _ in range(9)]
    sweep = api.undo_raid(
        actor=moderator(), raid_id=raid, verb="remove", rule="hate", now=room.tick()
    )
    later = room.tick()

    def post(n: int) -> Any:
        return lambda: api.post_comment(
            actor=guest(), thread_id=room.id, source=f"n{n}", policy=OPEN, now=later
        )

    def go_on() -> None:
        while api.sweep(sweep_id=sweep, now=later):
            pass

    at_once(go_on, go_on, *map(post, range(3)))
    go_on()
    assert {row(number).state for number in numbers} == {"removed"}
    assert Sweep.objects.get().moved == Moved.objects.count() == len(numbers)
    assert problems() == []
