"""A check of many tables sees one moment, however busy the site is."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from broadsheet.kit.selfcheck import Check
from broadsheet.site import jobs, selfcheck
from broadsheet.site.models import Lease
from broadsheet.site.snapshot import one_moment

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(write: Any) -> None:
    """Do something on another thread's connection."""

    def work() -> None:
        try:
            write()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=30)


def add_one(now: datetime) -> None:
    Lease.objects.create(name=f"lease-{Lease.objects.count()}", holder="x", expires_at=now)


def in_a_file() -> bool:
    return connection.vendor != "sqlite" or not connection.is_in_memory_db()


def test_what_is_written_meanwhile_is_not_seen(now: datetime) -> None:
    if not in_a_file():
        pytest.skip("only on PostgreSQL: a database in memory has no second view")
    with one_moment():
        before = Lease.objects.count()
        elsewhere(lambda: add_one(now))
        assert Lease.objects.count() == before
    assert Lease.objects.count() == before + 1


def test_nothing_can_be_written_in_it_and_everything_after_it(now: datetime) -> None:
    with pytest.raises(DatabaseError), one_moment():
        add_one(now)
    add_one(now)
    assert Lease.objects.count() == 1


def test_all_checks_look_at_the_same_moment(
    now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A total that is read before what it is a total of is no longer a false alarm."""
    seen: list[int] = []

    def check() -> Iterator[str]:
        seen.append(Lease.objects.count())
        if in_a_file():
            elsewhere(lambda: add_one(now))
        seen.append(Lease.objects.count())
        if seen[0] != seen[1]:
            yield "somebody wrote meanwhile"

    class Room:
        @staticmethod
        def checks() -> tuple[Check, ...]:
            return (Check("room.total", check),)

    for room in ("stories", "discussion", "funding", "readers"):
        monkeypatch.setattr(selfcheck, room, Room)
    with caplog.at_level(logging.INFO):
        selfcheck.log_all()
    assert "all is well" in caplog.text


def test_the_hourly_check_is_done_in_a_process_of_its_own(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(jobs, "run_in_child", done.append)
    jobs.check_everything(now)
    assert done == ["selfcheck"]
