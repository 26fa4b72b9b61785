"""Heat: more than usual is seen, whatever is usual; and the person on duty is called once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.http.duty_letters import call_by_heat
from broadsheet.discussion.models import Comment, DutyCall, Heat, HeatCursor, Shift, Thread
from broadsheet.discussion.pace import duty
from broadsheet.discussion.rules import heat
from broadsheet.discussion.rules.duty import OnDuty, is_in, on_duty
from broadsheet.discussion.rules.heat import CALLS, HOT, KINDS, Sums, heat_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.verdict import RefusalError
from broadsheet.outbox.models import Message
from broadsheet.site import jobs
from discussion.making import Room, guest, moderator, open_room, problems, row
from discussion.test_http import as_, html, send
from discussion.test_marking import MODERATING
from discussion.test_posting import queries_of
from people import Cast, Person

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOTHING = dict.fromkeys(KINDS, 0.0)


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"hold_first_comment": False}
    )


def burst(lately: int, *, normally: float = 0.0) -> Sums:
    """Return the sums after so many events at once, above what is there in a day."""
    return Sums(lately + normally / 96, lately + normally)


@pytest.mark.parametrize(
    ("comments", "reports", "removals", "normally", "age", "hot", "calls"),
    [
        (0, 0, 0, 0.0, DAY, False, False),
        (1, 1, 0, 0.0, DAY, False, False),
        (2, 0, 0, 0.0, timedelta(), False, False),
        (3, 3, 0, 0.0, DAY, True, False),
        (8, 4, 2, 5.0, DAY, True, True),
        # A story that has just been published is lively, and nobody is called for that.
        (12, 0, 0, 0.0, 20 * MINUTE, False, False),
        # So many as always.
        (6, 0, 0, 600.0, 30 * DAY, False, False),
        (6, 0, 0, 2.0, 30 * DAY, False, False),
        (300, 0, 0, 20.0, 30 * DAY, True, True),
    ],
)
def test_what_is_hot(
    comments: int, reports: int, removals: int, normally: float, age: timedelta, hot: bool,
    calls: bool,
) -> None:  # fmt: skip
    sums = {
        "comments": burst(comments, normally=normally),
        "reports": burst(reports),
        "removals": burst(removals),
    }
    found = heat_of(sums=sums, usual=NOTHING | {"comments": 3.0}, age=age)
    assert (found >= HOT, found >= CALLS) == (hot, calls), found


def test_sums_fade_and_others_of_the_site_speak_for_a_young_thread() -> None:
    once = Sums().plus(age=timedelta())
    assert once.faded(DAY).lately < 1e-9
    assert once.faded(DAY).normally == pytest.approx(0.3679, abs=1e-3)
    assert once.faded(HOUR).faded(HOUR).lately == pytest.approx(once.faded(2 * HOUR).lately)
    sums = {"comments": burst(20), "reports": Sums(), "removals": Sums()}
    quiet = heat_of(sums=sums, usual=NOTHING, age=10 * MINUTE)
    lively = heat_of(sums=sums, usual=NOTHING | {"comments": 400.0}, age=10 * MINUTE)
    assert lively < quiet


def heated(room: Room, *, comments: int = 12, reports: int = 6) -> None:
    """Let all of it happen at one moment."""
    moment = room.now
    for n in range(comments):
        number = room.post(f"Number {n} of {moment}.").number
        if n < reports:
            room.report(number)
        room.now = moment


def test_a_thread_gets_hot_and_cools_down(room: Room) -> None:
    calm = open_room(now=room.now, key="calm")
    calm.post("One.")
    heated(room, comments=3, reports=0)
    jobs.look_for_heat(room.now)
    assert api.hot_threads(now=room.now) == ()
    heated(room)
    api.count_heat(now=room.now)
    (hot,) = api.hot_threads(now=room.now)
    assert (hot.thread, hot.title, hot.since) == (room.id, "The last ferry", room.now)
    before = Heat.objects.get(thread=room.id)
    api.count_heat(now=room.now)
    after = Heat.objects.get(thread=room.id)
    assert after.heat == pytest.approx(before.heat), "counted once"
    api.count_heat(now=room.now + 5 * MINUTE)
    assert api.hot_threads(now=room.now + 5 * MINUTE)[0].since == room.now
    later = room.now + 3 * HOUR
    api.count_heat(now=later)
    assert api.hot_threads(now=later) == ()
    api.count_heat(now=later + 8 * DAY)
    assert Heat.objects.count() == 0


def test_heat_is_counted_in_bounded_steps(room: Room) -> None:
    api.count_heat(now=room.now)
    heated(room, comments=25, reports=0)
    for _ in range(3):
        api.count_heat(now=room.now, limit=10)
    assert Heat.objects.get().comments_normally == pytest.approx(25, abs=1)
    assert HeatCursor.objects.get().comments == Comment.objects.latest("pk").pk
    few = queries_of(lambda: api.count_heat(now=room.now))
    for n in range(3):
        open_room(now=room.now, key=f"more-{n}").post("Hello.")
    assert queries_of(lambda: api.count_heat(now=room.now)) <= few + 3 * 6


def test_what_an_import_brings_is_passed_over_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much it is: each minute so many rows, and none of them twice."""
    room.post("First.")
    api.count_heat(now=room.now, limit=1)
    monkeypatch.setattr("broadsheet.discussion.pace.heat._FAR", 4)
    for n in range(10):
        room.bring(str(n))
    number = room.post("Hello.").number
    seen = []
    while not seen or seen[-1] < number:
        api.count_heat(now=room.now)
        seen.append(HeatCursor.objects.get().comments)
    assert seen == sorted(set(seen))
    assert len(seen) == 3
    assert Heat.objects.get().comments_normally == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("shift", "at", "there"),
    [
        (OnDuty("m", 4, 18 * 60, 22 * 60), datetime(2026, 6, 12, 18, 0, tzinfo=UTC), True),
        (OnDuty("m", 4, 18 * 60, 22 * 60), datetime(2026, 6, 12, 22, 0, tzinfo=UTC), False),
        (OnDuty("m", 4, 18 * 60, 22 * 60), datetime(2026, 6, 13, 19, 0, tzinfo=UTC), False),
        (OnDuty("m", 6, 22 * 60, 2 * 60), datetime(2026, 6, 15, 1, 59, tzinfo=UTC), True),
        (OnDuty("m", 6, 22 * 60, 2 * 60), datetime(2026, 6, 15, 2, 0, tzinfo=UTC), False),
        (OnDuty("m", 4, 0, 24 * 60), datetime(2026, 6, 12, 23, 59, tzinfo=UTC), True),
        (OnDuty("m"), datetime(2026, 6, 12, 12, 0, tzinfo=UTC), False),
    ],
)
def test_weekly_shifts(shift: OnDuty, at: datetime, there: bool) -> None:
    assert is_in(shift, local=at) == there


def test_a_shift_that_is_once_stands_for_the_weekly_ones(now: datetime) -> None:
    weekly = OnDuty("mona", now.weekday(), 0, 24 * 60)
    once = OnDuty("edda", begins_at=now - HOUR, ends_at=now + HOUR)
    staff = {"mona", "edda"}
    assert on_duty([weekly, once], local=now, staff=staff) == ("edda",)
    assert on_duty([weekly, once], local=now, staff={"mona"}) == ("mona",), "the other has left"
    assert on_duty([weekly, once], local=now + HOUR, staff=staff) == ("mona",)
    assert on_duty([], local=now, staff=staff) == ()


def always(who: str, now: datetime) -> OnDuty:
    return OnDuty(who, begins_at=now - HOUR, ends_at=now + 30 * DAY)


def test_somebody_is_called_once_an_hour(room: Room, cast: Cast[Person]) -> None:
    mona = cast.moderator.actor
    duty.plan_shift(actor=mona, shift=always(mona.id, room.now), staff={mona.id}, now=room.now)
    heated(room, comments=40, reports=20)
    jobs.look_for_heat(room.now)
    jobs.look_for_heat(room.now + MINUTE)
    call = DutyCall.objects.get()
    assert (call.thread_id, call.to, call.by, call.at) == (room.id, mona.id, "", room.now)
    letter = Message.objects.get()
    assert (letter.kind, letter.to) == ("duty", mona.email)
    assert "The last ferry" in letter.subject
    assert "/moderation/queue/" in letter.text
    with pytest.raises(RefusalError, match="called_already"):
        duty.call_duty(
            actor=moderator(), thread_id=room.id, local=room.now, now=room.now, staff=set()
        )
    room.now += HOUR
    heated(room, comments=40, reports=20)
    assert call_by_heat(now=room.now) == 0, "it is as hot as was counted last"
    api.count_heat(now=room.now)
    assert call_by_heat(now=room.now) == 1
    duty.see_call(actor=mona, call_id=call.pk, now=room.now)
    duty.see_call(actor=moderator("Edda Marsh"), call_id=call.pk, now=room.now + MINUTE)
    assert DutyCall.objects.get(pk=call.pk).seen_by == mona.id
    assert [one.id for one in duty.open_calls(now=room.now)] == [call.pk + 1]
    assert problems() == []


def test_where_nobody_is_on_duty_a_call_waits_in_the_queue(room: Room) -> None:
    called = duty.call_duty(
        actor=moderator(), local=room.now, now=room.now, staff=set(), words="Come.", letter=fail
    )
    assert (called.to, called.thread, called.words) == ("", None, "Come.")
    with pytest.raises(RefusalError, match="reason_too_long"):
        duty.call_duty(
            actor=moderator(), local=room.now, now=room.now, staff=set(), words="x" * 301
        )


def test_everybody_but_the_caller_sees_a_call_to_whoever_comes(room: Room) -> None:
    mona, bo, now = moderator(), moderator("Bo Quist"), utcnow()
    duty.call_duty(actor=mona, local=now, now=now, staff=set(), words="Come.", letter=fail)
    assert "whoever comes is called:" in html(as_(bo).get("/moderation/queue/"))  # type: ignore[arg-type]
    assert "whoever comes is called:" not in html(as_(mona).get("/moderation/queue/"))  # type: ignore[arg-type]


def fail(_called: duty.Called) -> None:
    raise AssertionError("there is nobody to write to")


@pytest.mark.parametrize("name", MODERATING)
def test_who_plans_and_calls(room: Room, actors: Cast[Actor], name: str) -> None:
    actor = actors[name]
    shift = always(actor.id, room.now)
    does = (
        lambda: duty.plan_shift(actor=actor, shift=shift, staff={actor.id}, now=room.now),
        lambda: duty.call_duty(actor=actor, local=room.now, now=room.now, staff=set()),
        lambda: duty.drop_shift(actor=actor, shift_id=1),
    )
    for does_it in does:
        try:
            does_it()
            got = ""
        except RefusalError as error:
            got = error.verdict.code
        assert got == MODERATING[name]


def test_the_pages_of_duty(room: Room, cast: Cast[Person]) -> None:
    mona = cast.moderator.actor
    client, page = as_(mona), "/moderation/duty/"
    assert "Nobody is on duty at present." in html(client.get(page))  # type: ignore[arg-type]
    sent = send(client, page, who=mona.id, weekday=0, starts="22:00", ends="02:00")
    assert (sent.status_code, sent["Location"]) == (303, page)
    assert "Monday, 22:00 – 02:00" in html(client.get(page))  # type: ignore[arg-type]
    wrong = send(client, page, who="account:nobody", weekday=0, starts="22:00", ends="02:00")
    assert (wrong.status_code, Shift.objects.count()) == (422, 1)
    for bad in ({"weekday": 0}, {"begins": "2026-06-12T10:00", "until": "2026-06-12T09:00"}):
        assert send(client, page, who=mona.id, **bad).status_code == 422
    now = utcnow()
    begins, until = (now + HOUR * n for n in (-2, 5))
    once = {"begins": f"{begins:%Y-%m-%dT%H:%M}", "until": f"{until:%Y-%m-%dT%H:%M}"}
    assert send(client, page, who=mona.id, **once).status_code == 303
    room.now = now - MINUTE
    Thread.objects.update(opened_at=now - 3 * DAY)
    heated(room, comments=12, reports=6)
    api.count_heat(now=now)
    queue = html(client.get("/moderation/queue/"))  # type: ignore[arg-type]
    assert f'data-hot="{room.id}"' in queue
    for link in ("pace", "raid"):
        assert f"/moderation/{link}/?thread={room.id}" in queue
    called = send(client, "/moderation/duty/call/", thread=room.id)
    assert (called.status_code, called["Location"]) == (303, page)
    again = send(client, "/moderation/duty/call/", thread=room.id, words="Now!")
    assert (again.status_code, "Now!" in html(again)) == (409, True)
    assert "You are called:" in html(client.get("/moderation/queue/"))  # type: ignore[arg-type]
    number = DutyCall.objects.get().pk
    seen = send(client, f"/moderation/duty/calls/{number}/seen/")
    assert (seen.status_code, seen["Location"]) == (303, "/moderation/queue/")
    assert "You are called:" not in html(client.get("/moderation/queue/"))  # type: ignore[arg-type]
    assert send(client, "/moderation/duty/calls/999999/seen/").status_code == 404
    assert send(client, "/moderation/duty/call/", thread=999999).status_code == 404
    assert send(client, page, drop=Shift.objects.order_by("pk")[0].pk).status_code == 303
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("name", MODERATING)
def test_who_sees_the_pages_of_duty(room: Room, actors: Cast[Actor], name: str) -> None:
    status = as_(actors[name]).get("/moderation/duty/").status_code
    called = send(as_(actors[name]), "/moderation/duty/call/").status_code
    expected = (302 if name == "guest" else 403, 403) if MODERATING[name] else (200, 303)
    assert (status, called) == expected
    assert DutyCall.objects.count() == (not MODERATING[name])
    assert row(room.post(by=guest()).number).state == "published"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_years_that_no_clock_tells_are_no_shift(
    room: Room, settings: Any, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.TIME_ZONE = zone
    mona = moderator()
    monkeypatch.setattr("broadsheet.discussion.http.duty.moderators", lambda: {mona.id})
    for year in ("0001-01-01", "9999-12-31"):
        begins, until = f"{year}T00:00", f"{year}T23:59"
        sent = send(as_(mona), "/moderation/duty/", who=mona.id, begins=begins, until=until)
        assert sent.status_code == 422
        assert begins in html(sent)


def test_calling_again_waits_an_hour(now: datetime) -> None:
    assert heat.may_call(heat=CALLS, called_at=None, now=now)
    assert not heat.may_call(heat=CALLS - 0.1, called_at=None, now=now)
    assert not heat.may_call(heat=CALLS, called_at=now - 59 * MINUTE, now=now)
    assert heat.may_call(heat=CALLS, called_at=now - HOUR, now=now)
