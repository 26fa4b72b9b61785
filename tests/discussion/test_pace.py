"""Slow mode and closing, of a branch, a thread and the whole site: said before, exact, undone."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.http.fragment import draw
from broadsheet.discussion.models import Comment, Decision, SiteState, Switch, Thread
from broadsheet.discussion.pace.queries import turned_lately
from broadsheet.discussion.rules import pacing
from broadsheet.discussion.rules.pacing import Switches
from broadsheet.kit.actor import Actor, system
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.site import jobs
from crowd import at_once
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader
from discussion.test_http import as_, html, send
from discussion.test_marking import MODERATING
from discussion.test_posting import queries_of
from people import Cast

SITE = api.Scope()
_serial = count(1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"hold_first_comment": False}
    )


def turn(room: Room, kind: str = "slow", *, where: api.Scope | None = None, **more: Any) -> int:
    values = {"actor": moderator(), "now": room.now, "seconds": 600 if kind == "slow" else 0} | more
    return api.turn_on(scope=where or api.Scope(room.id), kind=kind, **values)


def off(room: Room, kind: str = "slow", *, where: api.Scope | None = None) -> int:
    scope = where or api.Scope(room.id)
    return api.turn_off(actor=moderator(), scope=scope, kind=kind, now=room.now)


def refusal(room: Room, **more: Any) -> Refused | None:
    try:
        room.post(f"Words number {next(_serial)}.", **more)
    except RefusalError as error:
        return error.verdict
    return None


def code(room: Room, **more: Any) -> str:
    refused = refusal(room, **more)
    return "" if refused is None else refused.code


@pytest.mark.parametrize(
    ("on", "until", "holds"),
    [
        (False, None, False),
        (True, None, True),
        (True, 1, True),
        (True, 0, False),
        (True, -1, False),
    ],
)
def test_what_holds_ends_by_itself(now: datetime, on: bool, until: int | None, holds: bool) -> None:
    end = None if until is None else now + timedelta(seconds=until)
    assert pacing.is_on(on=on, until=end, now=now) == holds
    slow = Switches(slow_seconds=60 * on, slow_until=end)
    assert pacing.slowest([slow, Switches()], now=now) == 60 * holds
    closed = Switches(closed_at=now if on else None, closed_until=end)
    assert pacing.is_closed([Switches(), closed], now=now) == holds


@pytest.mark.parametrize(
    ("kind", "seconds", "lasts", "refused"),
    [
        ("slow", 10, None, ""),
        ("slow", 9, None, "pace_seconds"),
        ("slow", 86_400, HOUR, ""),
        ("slow", 86_401, None, "pace_seconds"),
        ("slow", 60, timedelta(), "pace_until"),
        ("slow", 60, timedelta(days=91), "pace_until"),
        ("closed", 0, None, ""),
        ("closed", 0, timedelta(days=90), ""),
        ("raid", 0, None, "raid_lasts"),
        ("raid", 0, timedelta(minutes=15), ""),
        ("raid", 0, timedelta(minutes=14), "raid_lasts"),
        ("raid", 0, timedelta(hours=25), "raid_lasts"),
    ],
)
def test_what_may_be_turned_on(
    now: datetime, kind: str, seconds: int, lasts: timedelta | None, refused: str
) -> None:
    until = None if lasts is None else now + lasts
    verdict = pacing.may_turn(
        actor=moderator(), kind=kind, seconds=seconds, since=None, until=until, reason="", now=now
    )
    assert (verdict.code if isinstance(verdict, Refused) else "") == refused


@pytest.mark.parametrize("name", MODERATING)
def test_who_turns_on_and_off(room: Room, actors: Cast[Actor], name: str) -> None:
    for scope in (SITE, api.Scope(room.id), api.Scope(comment=room.post().number)):
        for does in (
            lambda where: turn(room, where=where, actor=actors[name]),
            lambda where: api.turn_off(actor=actors[name], scope=where, kind="slow", now=room.now),
        ):
            try:
                does(scope)
                got = ""
            except RefusalError as error:
                got = error.verdict.code
            assert got == MODERATING[name]


def test_one_person_waits_and_others_do_not(room: Room) -> None:
    rhea = reader("Rhea")
    room.post("First.", by=rhea)
    turn(room, until=room.now + HOUR)
    refused = refusal(room, by=rhea)
    assert refused is not None
    facts = dict(refused.facts)
    assert (refused.code, facts["every"], facts["seconds"]) == ("slow_mode", 600, 9 * 60 + 1)
    assert datetime.fromisoformat(str(facts["again"])) == room.now + 9 * MINUTE
    assert code(room, by=reader("Ada")) == ""
    assert code(room, by=moderator()) == ""
    assert code(room, by=moderator()) == "", "who works here writes as they must"
    room.now += 10 * MINUTE
    assert code(room, by=rhea) == ""
    assert code(room, by=rhea) == "slow_mode"
    room.now += HOUR
    assert [code(room, by=rhea), code(room, by=rhea)] == ["", ""], "it ended by itself"


def test_the_strictest_of_branch_thread_and_site_counts(room: Room) -> None:
    rhea, other = reader("Rhea"), open_room(now=room.now, key="other")
    branch = room.post("Branch.").number
    deep = branch
    for _ in range(11):
        deep = room.post("Deeper.", to=deep).number
    beside = room.post("Beside.").number
    turn(room, where=api.Scope(comment=branch), seconds=1800)
    assert code(room, by=rhea, to=beside) == ""
    assert code(room, by=rhea, to=deep) == "", "what was written beside the branch does not count"
    assert code(room, by=rhea, to=branch) == "slow_mode", "what stands deep in it does"
    assert code(room, by=rhea, to=beside) == ""
    turn(room, seconds=600)
    turn(room, where=SITE, seconds=60 * 60)
    room.now += 40 * MINUTE
    assert code(room, by=rhea, to=branch) == "slow_mode", "the site has the longest wait"
    other.now = room.now
    assert code(other, by=rhea) == "slow_mode"
    off(room, where=SITE)
    assert code(room, by=rhea, to=branch) == ""
    assert problems() == []


def test_a_post_costs_no_query_more_where_nothing_holds(room: Room) -> None:
    rhea, branch = reader("Rhea"), room.post().number
    room.post("Known.", by=rhea)
    plain = queries_of(lambda: room.post("Plain.", by=rhea))
    answer = queries_of(lambda: room.post("Answer.", by=rhea, to=branch))
    SiteState.objects.create(slow_seconds=60, slow_until=room.now)
    assert queries_of(lambda: room.post("It is over.", by=rhea)) == plain
    turn(room)
    room.now += HOUR
    assert queries_of(lambda: room.post("It holds.", by=rhea)) == plain + 2
    off(room)
    turn(room, where=api.Scope(comment=branch))
    assert queries_of(lambda: room.post("Elsewhere.", by=rhea)) == plain
    room.now += HOUR
    assert queries_of(lambda: room.post("There.", by=rhea, to=branch)) <= answer + 4


def test_the_whole_site_is_closed_and_opens_by_itself(room: Room) -> None:
    comment = room.post().number
    end = room.now + HOUR
    turn(room, "closed", where=SITE, until=end, reason="The server moves.")
    assert code(room) == "closed"
    with pytest.raises(RefusalError, match="closed"):
        room.vote(comment, 1)
    page = room.page().thread
    assert (page.closed, page.closed_with_site, page.opens_at) == (True, True, end)
    assert page.closed_because == "The server moves."
    room.now = end
    assert code(room) == "", "to the second, whoever is late with telling it"
    assert room.page().thread.closed
    jobs.turn_off_due(room.now)
    jobs.turn_off_due(room.now)
    assert not room.page().thread.closed
    last = Decision.objects.order_by("-sequence")[0]
    assert (last.verb, last.rule, last.by_role, last.thread_id) == (
        *("reopen", "time_over", "system"),
        None,
    )
    assert Decision.objects.filter(verb="reopen").count() == 1
    assert problems() == []


def test_a_thread_is_closed_for_a_while(room: Room) -> None:
    turn(room, "closed", until=room.now + HOUR)
    assert code(room) == "closed"
    room.now += HOUR
    assert api.turn_off_due(now=room.now) == 1
    assert code(room) == ""
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    turn(room, "closed", until=room.now + HOUR)
    off(room, "closed")
    assert off(room, "closed") == 0
    assert code(room) == ""
    thread = Thread.objects.get(pk=room.id)
    assert (thread.closed_at, thread.closed_by, thread.closed_until) == (None, "", None)
    assert problems() == []


def test_a_branch_takes_no_replies_for_a_while(room: Room) -> None:
    top = room.post("top").number
    chain = [top]
    for depth in range(10):
        chain.append(room.post(f"level {depth}", to=chain[-1]).number)
    where, end = api.Scope(room.id, chain[1]), room.now + HOUR
    closed = turn(room, "closed", where=where, until=end, reason="It goes round.")
    assert [code(room, to=number) for number in chain] == ["", *["branch_closed"] * 10]
    shown = next(one for one in room.page(sort="oldest").comments if one.number == chain[1])
    assert (shown.closed, shown.closed_until) == (True, end)
    assert "No more replies until June 12, 2026" in draw([shown], thread=room.page().thread)
    (turned, *_) = turned_lately(now=room.now)
    assert (turned.sequence, turned.comment, turned.undoable) == (closed, chain[1], True)
    # To the second, whether the calendar looked or not.
    room.now = end - timedelta(seconds=61)
    assert code(room, to=chain[10]) == "branch_closed"
    room.now = end - timedelta(seconds=60)
    assert [code(room, to=chain[10]), code(room, to=chain[1])] == ["", ""]
    assert api.turn_off_due(now=room.tick()) == 1
    comment = Comment.objects.get(pk=chain[1])
    assert (comment.closed_at, comment.closed_until) == (None, None)
    last = Decision.objects.order_by("sequence").last()
    assert last is not None
    assert (last.verb, last.comment_id, last.rule) == ("reopen", chain[1], "time_over")
    assert problems() == []


def test_closing_a_branch_is_undone_and_replaced_like_any_switch(room: Room) -> None:
    top = room.post("top").number
    where, until, mona = api.Scope(room.id, top), room.now + 2 * HOUR, moderator()
    api.mark_comment(actor=mona, comment_id=top, verb="close", reason="", now=room.tick())
    changed = turn(room, "closed", where=where, until=until)
    assert Comment.objects.get(pk=top).closed_until == until
    api.undo_decision(actor=mona, sequence=changed, now=room.tick())
    assert Comment.objects.get(pk=top).closed_until is None
    assert code(room, to=top) == "branch_closed"
    reopened = off(room, "closed", where=where)
    assert code(room, to=top) == ""
    api.undo_decision(actor=mona, sequence=reopened, now=room.tick())
    assert code(room, to=top) == "branch_closed"
    room.decide(top, "remove")
    assert off(room, "closed", where=where)
    with pytest.raises(RefusalError, match="mark_gone"):
        turn(room, "closed", where=where)
    assert problems() == []


def test_the_form_closes_a_branch_until_then_and_opens_it(room: Room) -> None:
    top = room.post("top").number
    client, where = as_(moderator()), {"comment": str(top), "kind": "closed"}
    answer = send(client, "/moderation/pace/", **where, turn="on", lasts="60")
    assert answer["Location"] == f"/moderation/pace/?comment={top}"
    page = html(client.get(answer["Location"]))  # type: ignore[arg-type]
    assert 'data-on="closed"' in page
    assert "No replies are taken below it." in page
    assert Comment.objects.get(pk=top).closed_until is not None
    assert send(client, "/moderation/pace/", **where, turn="off").status_code == 303
    assert Comment.objects.get(pk=top).closed_at is None


def test_a_discussion_that_was_closed_for_a_while_grows_old_all_the_same(room: Room) -> None:
    turn(room, "closed", until=room.now + HOUR)
    assert api.turn_off_due(now=room.now + HOUR) == 1
    late = room.now + timedelta(days=30)
    assert api.close_old_threads(days=30, now=late) == 1


def test_what_a_story_closes_stays_closed_whatever_is_turned(room: Room) -> None:
    story = system(name="newsroom")
    turn(room, "closed", until=room.now + HOUR)
    api.close_thread(actor=story, thread_id=room.id, now=room.now)
    assert api.turn_off_due(now=room.now + HOUR) == 0
    assert Thread.objects.get(pk=room.id).closed_by == story.id
    with pytest.raises(RefusalError, match="closed"):
        turn(room, "closed", until=room.now + HOUR)
    api.reopen_thread(actor=story, thread_id=room.id, now=room.now)
    assert code(room) == ""
    turn(room, "closed", until=room.now + HOUR)
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    assert Thread.objects.get(pk=room.id).closed_until is None
    assert Switch.objects.filter(ended_at=None).count() == 1
    last = Decision.objects.order_by("-sequence")[0].sequence
    api.undo_decision(actor=moderator(), sequence=last, now=room.now)
    assert Thread.objects.get(pk=room.id).closed_until == room.now + HOUR
    assert problems() == []


def test_undoing_lets_hold_again_what_held_before(room: Room) -> None:
    first = turn(room, seconds=60, until=room.now + HOUR)
    second = turn(room, seconds=600)
    with pytest.raises(RefusalError, match="decided_since"):
        api.undo_decision(actor=moderator(), sequence=first, now=room.now)
    undone = api.undo_decision(actor=moderator(), sequence=second, now=room.now)
    assert undone.sequence == second + 1
    thread = Thread.objects.get(pk=room.id)
    assert (thread.slow_seconds, thread.slow_until) == (60, room.now + HOUR)
    ended = off(room)
    api.undo_decision(actor=moderator(), sequence=ended, now=room.now)
    assert Thread.objects.get(pk=room.id).slow_seconds == 60
    with pytest.raises(RefusalError, match="already_undone"):
        api.undo_decision(actor=moderator(), sequence=ended, now=room.now)
    ended = off(room)
    room.now += HOUR
    with pytest.raises(RefusalError, match="decided_since"):
        api.undo_decision(actor=moderator(), sequence=ended, now=room.now)
    closing = turn(room, "closed", where=SITE)
    api.undo_decision(actor=moderator(), sequence=closing, now=room.now)
    assert SiteState.objects.get().closed_at is None
    branch = api.Scope(comment=room.post().number)
    slow = turn(room, where=branch)
    api.undo_decision(actor=moderator(), sequence=slow, now=room.now)
    assert Thread.objects.get(pk=room.id).slow_branches == 0
    assert Switch.objects.filter(ended_at=None).count() == 0
    assert problems() == []


def test_composers_say_so_before_anybody_writes(room: Room, rf: Any) -> None:
    from django.template.loader import render_to_string

    from broadsheet.discussion.http.thread import thread_context

    branch = room.post().number

    def page(query: str = "") -> str:
        context = thread_context(rf.get(f"/{query}"), site="main", key=room.key)
        return render_to_string("discussion/thread.html", context)

    assert "Slow mode" not in page()
    now = api_now()
    turn(room, where=api.Scope(comment=branch), seconds=900, now=now)
    assert "Slow mode" not in page()
    assert "Slow mode: one comment every 15 minutes." in page(f"?reply={branch}")
    turn(room, seconds=120, now=now)
    assert "Slow mode: one comment every 2 minutes." in page()
    turn(room, seconds=7200, until=now + HOUR, where=SITE, now=now)
    assert "Slow mode: one comment every 2 hours." in page()
    turn(room, "closed", where=SITE, reason="A <b>pause</b>.", now=now)
    closed = page()
    assert "All discussions are closed at present." in closed
    assert "Closed by the newsroom: <bdi>A &lt;b&gt;pause&lt;/b&gt;.</bdi>" in closed
    assert 'id="composer"' not in closed


def api_now() -> datetime:
    from broadsheet.kit.clock import utcnow

    return utcnow()


def test_a_refused_post_keeps_its_words_and_says_when(room: Room) -> None:
    device = guest()
    client, path = as_(device), f"/t/{room.id}/comments/"
    turn(room, seconds=900, now=api_now())
    assert send(client, path, body="First.").status_code == 303
    again = send(client, path, body="Second <thought>.")
    page = html(again)
    assert (again.status_code, int(again["Retry-After"]) in range(880, 902)) == (429, True)
    assert "Second &lt;thought&gt;." in page
    assert "You can post again at " in page
    assert "in 15 minutes; your words are kept." in page
    assert "Slow mode: one comment every 15 minutes." in page
    told = send(client, path, script=True, body="Third.")
    assert (told.status_code, told.json()["code"]) == (429, "slow_mode")  # type: ignore[attr-defined]
    assert Comment.objects.count() == 1


def test_the_page_of_the_pace(room: Room) -> None:
    number = room.post().number
    client = as_(moderator())
    for where in ({}, {"thread": room.id}, {"comment": number}):
        query = "".join(f"?{name}={value}" for name, value in where.items())
        path = f"/moderation/pace/{query}"
        assert "Everything is as usual." in html(client.get(path))  # type: ignore[arg-type]
        fields = {"kind": "slow", "turn": "on", "seconds": 300, "lasts": 60, "reason": "Hot."}
        done = send(client, "/moderation/pace/", **where, **fields)
        assert (done.status_code, done["Location"]) == (303, path)
        page = html(client.get(path))  # type: ignore[arg-type]
        assert 'data-on="slow"' in page
        assert "Slow mode: one comment every 5 minutes." in page
        assert "Hot." in page
        done = send(client, "/moderation/pace/", **where, kind="slow", turn="off")
        assert (done.status_code, 'data-on="slow"' in html(client.get(path))) == (303, False)  # type: ignore[arg-type]
    sequence = turn(room, "closed", where=SITE, now=api_now())
    undo = f"/moderation/queue/decisions/{sequence}/undo/"
    assert undo in html(client.get("/moderation/pace/"))  # type: ignore[arg-type]
    assert send(client, undo)["Location"] == "/moderation/pace/"
    assert not SiteState.objects.get().closed_at
    long = send(client, "/moderation/pace/", kind="closed", turn="on", reason="kept " * 300)
    assert (long.status_code, "kept kept" in html(long)) == (422, True)
    assert send(client, "/moderation/pace/", kind="burn", turn="on").status_code == 422
    bad = {"kind": "slow", "turn": "on", "seconds": 1}
    assert send(client, "/moderation/pace/", **bad).status_code == 422
    assert (
        send(
            client, "/moderation/pace/", comment=number, kind="raid", turn="on", lasts="60"
        ).status_code
        == 422
    )
    for query in ("?thread=99999", "?comment=99999"):
        assert client.get(f"/moderation/pace/{query}").status_code == 404
    assert (
        send(client, "/moderation/pace/", kind="closed", turn="on", thread=99999).status_code == 404
    )


@pytest.mark.parametrize("name", MODERATING)
def test_who_sees_the_page_of_the_pace(room: Room, actors: Cast[Actor], name: str) -> None:
    status = as_(actors[name]).get("/moderation/pace/").status_code
    sent = send(as_(actors[name]), "/moderation/pace/", kind="closed", turn="on", lasts="60")
    if MODERATING[name]:
        assert status == (302 if name == "guest" else 403)
        assert sent.status_code == 403
    else:
        assert (status, sent.status_code) == (200, 303)
    assert SiteState.objects.filter(closed_at__isnull=False).exists() != bool(MODERATING[name])


@pytest.mark.django_db(transaction=True)
def test_switches_and_posts_at_once(now: datetime) -> None:
    room = open_room(now=now)
    end = now + HOUR

    def post(n: int) -> Any:
        return lambda: api.post_comment(
            actor=guest(), thread_id=room.id, source=f"n{n}", policy=OPEN, now=now
        )

    def switch(scope: api.Scope) -> Any:
        return lambda: api.turn_on(
            actor=moderator(), scope=scope, kind="slow", seconds=60, until=end, now=now
        )

    at_once(*map(post, range(4)), switch(SITE), switch(SITE), switch(api.Scope(room.id)))
    assert Comment.objects.count() == 4
    assert Switch.objects.filter(ended_at=None).count() == 2
    assert (SiteState.objects.get().slow_seconds, Thread.objects.get().slow_seconds) == (60, 60)
    assert problems() == []
