"""A campaign to test with, and shorthand for what staff enter. Needs Django set up."""

from collections.abc import Callable
from datetime import datetime

from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money

ZONE = "Europe/Berlin"

type Give = Callable[..., funding.Booked]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def open_campaign(*, actor: Actor, now: datetime) -> str:
    """Open a campaign that began with the month before; return its slug."""
    present = funding.CalendarMonth.containing(instant=now, zone=ZONE)
    assert present.month > 1
    funding.open_campaign(
        actor=actor,
        slug=funding.MAIN,
        title="The Harbour Post",
        goal=usd(500_000),
        zone=ZONE,
        steps=[
            funding.Step(usd(250_000), "pays both reporters"),
            funding.Step(usd(500_000), "also pays the printer"),
        ],
        how_to_give="By transfer to Orrin Savings Bank.\n\nWrite <b>gift</b>\nas reference.",
        first=funding.CalendarMonth(present.year, present.month - 1),
        now=now,
    )
    return funding.MAIN
