"""A clock that a test sets, for Wagtail as for us."""

import sys
from datetime import datetime

import pytest
from django.urls import get_resolver
from django.utils import timezone

from broadsheet.kit import clock


class Clock:
    """What time it is; `at(moment)` moves it. Every module that reads the clock reads this one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
        self.now = now
        monkeypatch.setattr(timezone, "now", self.read)
        # A module that were loaded now would keep this clock for the tests to come.
        _ = get_resolver().url_patterns
        real = clock.utcnow
        for name, module in list(sys.modules.items()):
            if (
                name.startswith("broadsheet.")
                and module is not clock
                and vars(module).get("utcnow") is real
            ):
                monkeypatch.setattr(module, "utcnow", self.read)

    def read(self) -> datetime:
        return self.now

    def at(self, moment: datetime) -> None:
        self.now = moment
