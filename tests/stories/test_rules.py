"""Embargo and next step, without a database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from broadsheet.kit.verdict import Refused
from broadsheet.stories.rules import (
    Next,
    Situation,
    Step,
    is_forgotten_schedule,
    may_publish,
    next_step,
)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("embargo", "go_live", "allowed"),
    [
        (None, None, True),
        (None, 1, True),
        (-1, None, True),
        (0, None, True),
        (1, None, False),
        (1, -1, False),
        (2, 1, False),
        (1, 1, True),
        (1, 2, True),
    ],
)
def test_an_embargo_holds_until_its_end(
    now: datetime, embargo: int | None, go_live: int | None, allowed: bool
) -> None:
    ends = None if embargo is None else now + embargo * HOUR
    at = None if go_live is None else now + go_live * HOUR
    verdict = may_publish(embargo_until=ends, go_live_at=at, now=now)
    assert bool(verdict) is allowed
    if isinstance(verdict, Refused):
        assert ends is not None
        assert dict(verdict.facts)["until"] == ends.isoformat()


def test_the_next_step_says_what_and_when(now: datetime) -> None:
    later, past = now + HOUR, now - HOUR
    table: list[tuple[Situation, Next]] = [
        (Situation(), Next(Step.SAVE)),
        (Situation(may_submit=True), Next(Step.SUBMIT)),
        (Situation(may_submit=True, returned=True), Next(Step.RESUBMIT)),
        (Situation(may_submit=True, embargo_until=later), Next(Step.SUBMIT)),
        (Situation(may_publish=True, may_submit=True), Next(Step.PUBLISH)),
        (Situation(may_publish=True, go_live_at=past), Next(Step.PUBLISH)),
        (Situation(may_publish=True, go_live_at=later), Next(Step.PUBLISH_AT, later)),
        (Situation(may_publish=True, live=True), Next(Step.PUBLISH_CHANGES)),
        (
            Situation(may_publish=True, live=True, go_live_at=later),
            Next(Step.PUBLISH_CHANGES_AT, later),
        ),
        (Situation(may_publish=True, embargo_until=later), Next(Step.HOLD, later)),
        (
            Situation(may_publish=True, embargo_until=later, go_live_at=later),
            Next(Step.PUBLISH_AT, later),
        ),
        (Situation(may_publish=True, may_approve=True), Next(Step.APPROVE)),
        (
            Situation(may_publish=True, may_approve=True, go_live_at=later),
            Next(Step.APPROVE_AT, later),
        ),
        (Situation(may_approve=True, embargo_until=later), Next(Step.HOLD, later)),
        (Situation(may_approve=True, last_task=False, embargo_until=later), Next(Step.PASS_ON)),
    ]
    for situation, expected in table:
        assert next_step(situation=situation, now=now) == expected, situation


def test_a_time_that_nobody_confirmed_is_noticed(now: datetime) -> None:
    facts: dict[str, Any] = {"go_live_at": now + HOUR, "was_public": True, "unpublished": True}
    facts |= {"scheduled": False, "now": now}
    missed = {"go_live_at": now - HOUR}
    assert is_forgotten_schedule(**facts)
    assert is_forgotten_schedule(**(facts | missed | {"was_public": False}))
    for change in (missed, {"go_live_at": None}, {"unpublished": False}, {"scheduled": True}):
        assert not is_forgotten_schedule(**(facts | change))
