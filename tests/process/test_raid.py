"""Ten thousand comments a minute of five hundred, through the server: readers go on, all undone."""

import sys
from typing import Final

import pytest

import raiding
from homes import Home

pytestmark = [pytest.mark.process, pytest.mark.deep]

POSTS: Final = 10_000
SECONDS: Final = 60


def test_readers_go_on_in_a_raid_and_all_of_it_is_undone(home: Home) -> None:
    found = raiding.evening(home, posts=POSTS, seconds=SECONDS)
    slowest = found.waits[int(len(found.waits) * 0.99)]
    sys.stderr.write(
        f"{POSTS} in {found.lasted:.0f} s: {dict(found.raiders)}; readers {dict(found.readers)},"
        f" p99 {slowest:.2f} s; {found.after['moved']} undone in {found.undone:.1f} s\n"
    )
    assert found.share >= 0.99
    assert found.raiders[raiding.CREATED] == 0
    assert set(found.raiders) == {202, 429}, "held, or more than a person may in that time"
    assert found.after["moved"] == found.raiders[202]
    assert found.after["decisions"] == 1
    assert found.after["state"] == found.before["state"]
    assert found.after["problems"] == []
