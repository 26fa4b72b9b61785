"""Fixtures of the discussion: a thread with its clock."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from discussion.making import Room


@pytest.fixture
def room(db: None, now: datetime) -> "Room":
    from discussion.making import open_room

    return open_room(now=now)


@pytest.fixture(autouse=True)
def _no_limits_yet() -> None:
    """Each test begins as if nobody had posted or voted for a while."""
    from broadsheet.discussion.http import limits

    limits.forget()
