"""What is known to have changed, and what is not known."""

import threading

import pytest

from broadsheet.pagestore import versions as module
from broadsheet.pagestore.api import ANYTHING, Versions


class Told:
    """A source that a test fills."""

    def __init__(self) -> None:
        self.news: list[frozenset[str] | Exception | None] = []

    def read(self) -> frozenset[str] | None:
        found = self.news.pop(0) if self.news else frozenset()
        if isinstance(found, Exception):
            raise found
        return found

    def wait(self, seconds: float) -> bool:
        return bool(seconds)

    def close(self) -> None: ...


@pytest.fixture
def source() -> Told:
    return Told()


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def versions(source: Told, clock: list[float]) -> Versions:
    return Versions(source, clock=lambda: clock[0])


def test_a_page_is_old_when_one_of_its_keys_changed_since(source: Told, versions: Versions) -> None:
    began = versions.epoch
    source.news = [frozenset({"thread:1"})]
    versions.refresh()
    assert not versions.is_current({"stories", "thread:1"}, since=began)
    assert versions.is_current({"stories", "thread:2"}, since=began)
    assert versions.is_current({"thread:1"}, since=versions.epoch)


def test_a_page_of_everything_is_old_after_any_change(source: Told, versions: Versions) -> None:
    began = versions.epoch
    versions.refresh()
    assert versions.is_current({ANYTHING}, since=began)
    source.news = [frozenset({"whatever"})]
    versions.refresh()
    assert not versions.is_current({ANYTHING}, since=began)


def test_nothing_new_moves_nothing(versions: Versions) -> None:
    began = versions.epoch
    versions.refresh()
    assert versions.epoch == began


def test_where_the_source_cannot_tell_everything_is_old(source: Told, versions: Versions) -> None:
    began = versions.epoch
    source.news = [None]
    versions.refresh()
    assert not versions.is_current(set(), since=began)
    assert versions.is_current({"stories"}, since=versions.epoch)


def test_whoever_slept_for_long_trusts_nothing(
    source: Told, versions: Versions, clock: list[float]
) -> None:
    began = versions.epoch
    clock[0] = 3600.0
    source.news = [frozenset()]
    versions.refresh()
    assert not versions.is_current({"stories"}, since=began)


def test_while_the_database_is_away_pages_stay_and_monitors_are_told(
    source: Told, versions: Versions
) -> None:
    began = versions.epoch
    source.news = [OSError("gone"), OSError("gone"), frozenset()]
    versions.refresh()
    assert not versions.sees
    assert versions.is_current({"stories"}, since=began)
    versions.refresh()
    versions.refresh()
    assert versions.sees
    assert not versions.is_current({"stories"}, since=began), "it may be another database"


def test_a_database_that_went_is_looked_at_at_once_and_then_each_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may be back, as another, before anybody else noticed."""

    class Going(Told):
        def __init__(self) -> None:
            super().__init__()
            self.done: list[str] = []
            self.went = threading.Event()

        def read(self) -> frozenset[str] | None:
            self.done.append("read")
            return super().read()

        def wait(self, seconds: float) -> bool:
            self.done.append("wait")
            if self.done.count("wait") == 1:
                return bool(seconds)
            if self.done.count("wait") == 3:
                self.went.set()
            raise OSError("gone")

    monkeypatch.setattr(module, "FALLBACK_SECONDS", 3600.0)
    source = Going()
    watching = Versions(source)
    watching.start()
    assert source.went.wait(60)
    monkeypatch.setattr(module, "FALLBACK_SECONDS", 1.0)
    watching.stop()
    assert source.done == ["read", "wait"] * 3, "then it rests"


def test_listeners_are_told_and_one_that_fails_keeps_nobody_out(
    source: Told, versions: Versions
) -> None:
    heard: list[frozenset[str]] = []

    def fails(_keys: frozenset[str]) -> None:
        raise RuntimeError

    versions.subscribe(fails)
    versions.subscribe(heard.append)
    source.news = [frozenset({"thread:1", "talk"})]
    versions.refresh()
    versions.refresh()
    versions.touch(frozenset({"site"}))
    assert heard == [frozenset({"thread:1", "talk"}), frozenset({"site"})]


def test_what_is_kept_beside_pages_is_forgotten_before_they_are_old(
    source: Told, versions: Versions
) -> None:
    """A page that is drawn as soon as the old one is old must not be made with it."""
    told: list[tuple[str, frozenset[str], int]] = []
    versions.subscribe(lambda keys: told.append(("then", keys, versions.epoch)))
    versions.subscribe(lambda keys: told.append(("first", keys, versions.epoch)), first=True)
    began, keys = versions.epoch, frozenset({"stories"})
    source.news = [keys]
    versions.refresh()
    assert told == [("first", keys, began), ("then", keys, began + 1)]


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_keys_are_bounded_and_pages_are_old_rather_than_kept_too_long(
    source: Told, versions: Versions, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(module, "MOST_KEYS", 10)
    began = versions.epoch
    for first in range(0, 30, at_once):
        source.news = [frozenset(f"thread:{number}" for number in range(first, first + at_once))]
        versions.refresh()
        assert len(versions._at) <= 11
        assert not versions.is_current({f"thread:{first}"}, since=began)
        assert versions.is_current({f"thread:{first}"}, since=versions.epoch)
    assert not versions.is_current({"thread:0"}, since=began)
