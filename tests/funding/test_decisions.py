"""What was decided about a campaign is kept, in order, and nobody can change it unseen."""

from datetime import datetime

import pytest

from broadsheet.funding import api as funding
from broadsheet.funding import decisions
from broadsheet.funding.models import BookDecision
from people import Cast
from treasury import open_campaign, usd


@pytest.fixture
def campaign(cast: Cast, now: datetime) -> str:
    slug = open_campaign(actor=cast.owner.actor, now=now)
    funding.set_how_to_give(actor=cast.editor.actor, campaign=slug, text="Cash.", now=now)
    for goal in (600_000, 600_000, 400_000):
        funding.plan_month(
            actor=cast.editor.actor,
            campaign=slug,
            year=now.year,
            month=now.month,
            goal=usd(goal),
            steps=(),
            now=now,
        )
    funding.describe_campaign(
        actor=cast.owner.actor, campaign=slug, title="Other", zone="UTC", now=now
    )
    return slug


def test_each_change_is_one_decision_with_who_and_when(
    campaign: str, cast: Cast, now: datetime
) -> None:
    rows = list(BookDecision.objects.order_by("sequence"))
    # The same plan a second time decides nothing.
    assert [row.verb for row in rows] == ["open", "how_to_give", "plan", "plan", "describe"]
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5]
    assert {row.decided_at for row in rows} == {now}
    assert rows[2].decided_by == cast.editor.actor.id
    assert list(decisions.broken()) == []


@pytest.mark.parametrize(
    "change", [{"facts": "{}"}, {"decided_by": "account:other"}, {"subject": "2026-05"}]
)
def test_a_changed_decision_is_found(campaign: str, change: dict[str, str]) -> None:
    BookDecision.objects.filter(sequence=3).update(**change)
    assert "main: decision 3 was changed after it was written" in list(decisions.broken())


def test_a_decision_that_is_gone_is_found(campaign: str) -> None:
    BookDecision.objects.filter(sequence=4).delete()
    assert list(decisions.broken()) == ["main: decision 5 does not continue decision 3"]
