"""Forgetting somebody while others write and decide: nobody waits in a ring, nothing is left."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import psycopg
import pytest
from django.db import connection, connections, transaction

from broadsheet.discussion import api, chain
from broadsheet.discussion.models import Comment, Participant, Report
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit import verify_log
from discussion.making import Room, guest, moderator, open_room, problems, row

SECONDS = 30.0
DEVICE = guest("to-be-forgotten")
CAREFUL = api.Policy(hold_all=True, keep_network=True)


def is_whole() -> bool:
    return verify_log.verify(map(json.dumps, api.log_lines())).is_whole


def test_words_with_which_somebody_reported_go_with_them(room: Room) -> None:
    device = guest()
    first, second, third = (room.post(f"Words {n}.").number for n in range(3))
    for number in (first, second):
        room.report(number, by=device, words="She lives next door to me, in Quay Lane 3.")
    room.report(third, words="Words of somebody else.")
    room.decide(first, "remove")
    mine = room.post("Mine.", by=device).number
    api.erase_participant(actor=device, participant=row(mine).author.uuid, now=room.tick())
    assert list(Report.objects.order_by("pk").values_list("words", flat=True)) == [
        "",
        "",
        "Words of somebody else.",
    ]
    # What is open is still to be answered.
    assert [one.number for one in room.queue(show="reported").items] == [second, third]
    room.decide(second, "remove")
    assert problems() == []
    assert is_whole()


# -- at the same moment, on two connections ---------------------------------------------------


def in_a_thread(pool: ThreadPoolExecutor, call: Callable[[], object]) -> Future[object]:
    """Run a call on a connection of its own, and return when it waits for a lock, or has ended."""

    def run() -> object:
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            return call()
        finally:
            connections.close_all()

    pids: list[int] = []
    future = pool.submit(run)
    until = time.monotonic() + SECONDS
    with closing(psycopg.connect(_address(), autocommit=True)) as watching:
        asked = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s"
        while not future.done():
            assert time.monotonic() < until, "it neither waits nor ends"
            found = pids and watching.execute(asked, pids).fetchone()
            if found and found[0] == "Lock":
                break
            time.sleep(0.01)  # between two questions; what is waited for is the answer
    return future


def _address() -> str:
    chosen = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo(
        **{name: chosen[name] for name in names if chosen.get(name)}
    )


def posts(rooms: list[Room], now: datetime) -> int:
    return api.post_comment(
        actor=DEVICE, thread_id=rooms[1].id, source="Waits.", policy=CAREFUL, now=now
    ).number


def posts_and_it_is_published(rooms: list[Room], now: datetime) -> None:
    number = posts(rooms, now)
    api.decide(actor=moderator(), comment_id=number, verb="publish", rule="", reason="", now=now)


def decides_about_what_they_reported(rooms: list[Room], now: datetime) -> None:
    api.decide(
        actor=moderator(),
        comment_id=Report.objects.get().comment_id,
        verb="remove",
        rule="hate",
        reason="",
        now=now,
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "does", [posts, posts_and_it_is_published, decides_about_what_they_reported]
)
def test_nobody_waits_in_a_ring(
    now: datetime, does: Callable[[list[Room], datetime], object]
) -> None:
    """Somebody has the end of the chain, and then needs what who forgets has, or the other way."""
    rooms = [open_room(now=now, key=f"story-{n}") for n in range(3)]
    number = rooms[0].post("Here from before.", by=DEVICE).number
    # With words that are erased, which is an entry of the log.
    rooms[0].decide(number, "remove", reason="As we said yesterday.")
    rooms[2].report(rooms[2].post("Rude.").number, by=DEVICE)
    person = row(number).author.uuid
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_thread(rooms[2 if does is decides_about_what_they_reported else 1].id)
            chain.lock()
            forgotten = in_a_thread(
                pool, lambda: api.erase_participant(actor=DEVICE, participant=person, now=now)
            )
            does(rooms, now)
        assert forgotten.result(SECONDS) is None
    assert Participant.objects.get(uuid=person).name == ""
    assert not Participant.objects.filter(uuid=person, owner=DEVICE.id).exists()
    assert problems() == []
    assert is_whole()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_was_posted_elsewhere_meanwhile_is_seen(now: datetime) -> None:
    rooms = [open_room(now=now, key=f"story-{n}") for n in range(2)]
    number = rooms[0].post("Here from before.", by=DEVICE).number
    person = row(number).author.uuid
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock_thread(rooms[0].id)
            forgotten = in_a_thread(
                pool, lambda: api.erase_participant(actor=DEVICE, participant=person, now=now)
            )
            other = in_a_thread(pool, lambda: posts(rooms, now)).result(SECONDS)
            assert Comment.objects.get(pk=other).network
        forgotten.result(SECONDS)
    assert Comment.objects.get(pk=other).author.erased_at == now
    assert Comment.objects.get(pk=other).network is None
    assert problems() == []
