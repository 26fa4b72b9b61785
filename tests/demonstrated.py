"""The demonstration newsroom in the database of a test."""

from datetime import datetime

import pytest

from broadsheet.site.demo import load
from newsroom import set_up


def load_quickly(monkeypatch: pytest.MonkeyPatch, *, now: datetime) -> None:
    """Load it without votes and without the sizes of its pictures: both take most of the time."""
    monkeypatch.setattr("broadsheet.site.demo.talking._votes", lambda *_: iter(()))
    monkeypatch.setattr("broadsheet.stories.api.make_first_renditions", lambda **_: 0)
    set_up()
    assert load(now=now)
