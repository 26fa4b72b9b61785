"""The demonstration's books: two closed months and the present one, entered as they came in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money, exponent
from broadsheet.site.demo import files
from broadsheet.stories import api as stories


def keep(*, owner: Actor, now: datetime) -> None:
    """Open the campaign and book each month's gifts, refunds and fees at their own times."""
    newsroom = files.newsroom()
    plan = newsroom["books"]
    face = stories.publication(now=now)
    months = _months(len(plan["months"]), face.time_zone, now)
    bookkeeper = _Bookkeeper(owner, face.currency)
    funding.open_campaign(
        actor=owner,
        slug=funding.MAIN,
        title=face.name,
        goal=bookkeeper.money(plan["goal"]),
        zone=face.time_zone,
        steps=[
            funding.Step(amount=bookkeeper.money(amount), label=label)
            for amount, label in plan["steps"]
        ],
        how_to_give=newsroom["how_to_give"].strip(),
        now=months[0][0],
    )
    for (starts_at, ends_at), month in zip(months, plan["months"], strict=True):
        # On the first of a month nearly nothing of it has passed; everything still fits into that.
        bookkeeper.book(month, starts_at, min(ends_at, now))


@dataclass(frozen=True, slots=True)
class _Bookkeeper:
    actor: Actor
    currency: str

    def book(self, month: files.Fields, starts_at: datetime, until: datetime) -> None:
        apart = (until - starts_at) / (len(month["gifts"]) + 1)
        refunds = {number: (amount, reason) for number, amount, reason in month["refunds"]}
        for number, amount in enumerate(month["gifts"]):
            at = starts_at + apart * (number + 1)
            gift = self._gift(amount, "cash" if number % 4 == 0 else "bank", at)
            if gift is not None and number in refunds:
                self._refund(gift, *refunds[number], at=at + apart / 2)
        if fee := month.get("fee"):
            self._fee(*fee, at=until - apart / 3)

    def _gift(self, amount: int, method: str, at: datetime) -> UUID | None:
        return funding.record_gift(
            actor=self.actor,
            campaign=funding.MAIN,
            amount=self.money(amount),
            method=method,
            effective_at=at,
            now=at,
        ).gift

    def _refund(self, gift: UUID, amount: int, reason: str, *, at: datetime) -> None:
        funding.refund_gift(
            actor=self.actor,
            gift=gift,
            amount=self.money(amount),
            effective_at=at,
            reason=reason,
            now=at,
        )

    def _fee(self, amount: float, reason: str, *, at: datetime) -> None:
        funding.record_fee(
            actor=self.actor,
            campaign=funding.MAIN,
            amount=self.money(amount),
            effective_at=at,
            reason=reason,
            now=at,
        )

    def money(self, whole: float) -> Money:
        return Money(round(whole * 10 ** exponent(self.currency)), self.currency)


def _months(number: int, zone: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the bounds of the last `number` months, the present one at the end."""
    found: list[tuple[datetime, datetime]] = []
    instant = now
    for _ in range(number):
        month = funding.CalendarMonth.containing(instant=instant, zone=zone)
        bounds = funding.month_bounds(year=month.year, month=month.month, zone=zone)
        found.insert(0, bounds)
        instant = bounds[0] - timedelta(hours=1)
    return found
