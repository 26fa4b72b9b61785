"""The lease and the jobs that run under it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from broadsheet.site import jobs, lease, scheduler, selfcheck
from broadsheet.site.child import WORK
from broadsheet.site.lease import Keeper, give_back, take
from broadsheet.site.models import Lease
from broadsheet.site.scheduler import Job, Scheduler

TTL = timedelta(seconds=40)
NEVER = timedelta(hours=1)


# --- The lease ---------------------------------------------------------------------------------


def test_one_process_holds_the_lease_until_it_expires(db: None, now: datetime) -> None:
    assert take(name="work", holder="first", now=now)
    assert not take(name="work", holder="second", now=now + TTL / 2)
    assert take(name="work", holder="first", now=now + TTL / 2)
    assert not take(name="work", holder="second", now=now + TTL)
    assert take(name="work", holder="second", now=now + TTL * 1.5)
    assert not take(name="work", holder="first", now=now + TTL * 1.5)
    assert Lease.objects.count() == 1


def test_a_lease_given_back_is_free_at_once(db: None, now: datetime) -> None:
    take(name="work", holder="first", now=now)
    give_back(name="work", holder="second")
    assert not take(name="work", holder="second", now=now)
    give_back(name="work", holder="first")
    assert take(name="work", holder="second", now=now)


def test_different_work_has_different_leases(db: None, now: datetime) -> None:
    assert take(name="work", holder="first", now=now)
    assert take(name="other", holder="second", now=now)


def test_a_keeper_that_was_overtaken_knows_it(db: None, now: datetime) -> None:
    first = Keeper("work", clock=lambda: now)
    second = Keeper("work", clock=lambda: now + TTL)
    assert first.holder != second.holder
    assert first.beat()
    assert first.held
    assert second.beat()
    assert not first.beat()
    assert not first.held


def test_a_keeper_without_a_database_lets_go_before_others_may_take_over(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr(lease.time, "monotonic", lambda: seconds[0])
    keeper = Keeper("work", clock=lambda: now, ttl=TTL)
    keeper.beat()

    def broken(**_: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(lease, "take", broken)
    assert keeper.beat()
    seconds[0] += TTL.total_seconds() * 0.8
    assert not keeper.beat()
    assert not keeper.held


# --- Jobs --------------------------------------------------------------------------------------


class StillKeeper(Keeper):
    """Holds the lease, or does not, without a database."""

    def __init__(self, *, held: bool) -> None:
        super().__init__("still", clock=lambda: datetime(2026, 6, 12, tzinfo=UTC))
        self._is_held = held

    @property
    def held(self) -> bool:
        return self._is_held

    def beat(self) -> bool:
        return self._is_held

    def drop(self) -> None:
        self._is_held = False


type Start = Callable[..., Scheduler]


@pytest.fixture
def start(now: datetime) -> Iterator[Start]:
    """Start a scheduler; it is stopped at the end, and must stop."""
    started = []

    def start_one(*jobs: Job, held: bool = True) -> Scheduler:
        made = Scheduler(jobs, clock=lambda: now, keeper=StillKeeper(held=held))
        made.start()
        started.append(made)
        return made

    yield start_one
    for made in started:
        assert made.stop()


def test_a_job_runs_at_once_and_when_its_bell_rings(start: Start, now: datetime) -> None:
    ran = threading.Semaphore(0)
    given = []

    def run(at: datetime) -> None:
        given.append(at)
        ran.release()

    job = Job(name="work", every=NEVER, run=run)
    start(job)
    assert ran.acquire(timeout=30)
    job.wake.set()
    assert ran.acquire(timeout=30)
    assert given == [now, now]


def test_a_broken_job_is_tried_again_and_keeps_no_other_from_its_work(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "_LONGEST_BACKOFF", 0.001)
    tries, ran = threading.Semaphore(0), threading.Semaphore(0)

    def broken(at: datetime) -> None:
        tries.release()
        raise ValueError("out of order")

    soon = timedelta(milliseconds=1)
    start(
        Job(name="broken", every=soon, run=broken),
        Job(name="sound", every=soon, run=lambda _: ran.release()),
    )
    for _ in range(3):
        assert tries.acquire(timeout=30)
        assert ran.acquire(timeout=30)
    assert "The job broken failed" in caplog.text


def test_a_job_that_keeps_failing_is_tried_less_and_less_often() -> None:
    job = Job(name="work", every=timedelta(seconds=5), run=lambda _: None)
    pauses = [scheduler._pause_after(job, failures) for failures in range(10)]
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 600
    rare = Job(name="rare", every=timedelta(hours=1), run=lambda _: None)
    assert scheduler._pause_after(rare, 5) == 3600


def test_without_the_lease_nothing_runs(start: Start) -> None:
    held = threading.Event()
    job = Job(name="work", every=NEVER, run=lambda _: held.set())
    idle = start(job, held=False)
    job.wake.set()
    assert idle.stop()
    assert not held.is_set()


def test_stopping_lets_a_job_finish(start: Start) -> None:
    begun, go, done = threading.Event(), threading.Event(), threading.Event()

    def run(at: datetime) -> None:
        begun.set()
        assert go.wait(30)
        done.set()

    running = start(Job(name="work", every=NEVER, run=run))
    assert begun.wait(30)
    assert not running.stop(timeout=0.01)
    go.set()
    assert running.stop()
    assert done.is_set()


def test_a_first_run_may_be_put_off(start: Start) -> None:
    ran = threading.Event()
    late = Job(name="late", every=NEVER, first=NEVER, run=lambda _: ran.set())
    assert start(late).stop()
    assert not ran.is_set()


# --- This newsroom's jobs ------------------------------------------------------------------------


def test_every_job_runs_on_an_empty_database(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process, on this database.
    monkeypatch.setattr(jobs, "run_in_child", lambda name: WORK[name]())
    with connection.cursor():
        for job in jobs.all_jobs():
            job.run(now)


def test_jobs_have_names_of_their_own() -> None:
    names = [job.name for job in jobs.all_jobs()]
    assert len(set(names)) == len(names)


def test_what_the_selfcheck_finds_is_an_error_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        selfcheck, "run_all", lambda: iter([("counters", ["thread 7 counts 3, has 2"])])
    )
    selfcheck.log_all()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "thread 7 counts 3" in caplog.text


@pytest.mark.postgres  # SQLite's database in memory belongs to one connection
@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_one_gets_the_lease(now: datetime) -> None:
    keepers = [Keeper("work", clock=lambda: now) for _ in range(2)]
    together = threading.Barrier(len(keepers))

    def beat(keeper: Keeper) -> bool:
        together.wait(30)
        try:
            return keeper.beat()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keepers)) as pool:
        assert sorted(pool.map(beat, keepers)) == [False, True]
