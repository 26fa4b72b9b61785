"""Imported before Django is set up, so fixtures import from the house when they are asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from broadsheet.kit.actor import Actor, Role

type Give = Callable[..., Any]


@pytest.fixture
def keeper() -> Actor:
    return Actor(id="account:keeper", roles=frozenset({Role.EDITOR}), name="Edda Marsh")


@pytest.fixture
def campaign(db: None, keeper: Actor, now: datetime) -> str:
    """A campaign that began with May 2026, in Berlin's time, seen in June: the slug."""
    from treasury import open_campaign

    return open_campaign(actor=keeper, now=now)


@pytest.fixture
def give(campaign: str, keeper: Actor, now: datetime) -> Give:
    """Book a gift of so many cents, today by default."""
    from broadsheet.funding import api as funding
    from treasury import usd

    def book(minor: int, at: datetime | None = None, **other: object) -> funding.Booked:
        facts: dict[str, Any] = {"method": "bank", "actor": keeper, "now": now} | other
        return funding.record_gift(
            campaign=campaign, amount=usd(minor), effective_at=at or now, **facts
        )

    return book
