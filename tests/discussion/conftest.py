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
