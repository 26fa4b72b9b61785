"""One of everything, for tests that walk all routes."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from people import Cast, Person

if TYPE_CHECKING:
    from world import World


@pytest.fixture
def world(cast: Cast[Person], now: datetime, monkeypatch: pytest.MonkeyPatch) -> "World":
    from clocks import Clock
    from world import World

    Clock(monkeypatch, now)
    return World(cast, now)
