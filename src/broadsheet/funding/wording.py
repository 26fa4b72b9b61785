"""The sentences of this room's refusals, by code: what is wrong, and what to do about it."""

from datetime import date
from typing import Final

from babel.dates import format_skeleton
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from broadsheet.funding.rules import CalendarMonth
from broadsheet.kit.locales import locale_of
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import Refused

SENTENCES: Final[dict[str, Promise]] = {
    "amount.currency": _("The books of this campaign are kept in %(currency)s."),
    "amount.not_positive": _("Enter an amount above zero."),
    "amount.too_large": _(
        "That is more than %(limit)s. Check the amount; split it if it is right."
    ),
    "books.not_yours": _("Only owners and editors keep the books."),
    "campaign.exists": _("There is a campaign called %(campaign)s already."),
    "campaign.title": _("Give the campaign a name of up to %(limit)s characters."),
    "campaign.zone": _("Choose a time zone of the list, such as Europe/Berlin."),
    "campaign.unknown": _("There is no campaign yet. Start one first."),
    "date.before_campaign": _("The campaign began on %(day)s; choose that day or a later one."),
    "date.before_gift": _("The gift came in on %(day)s; choose that day or a later one."),
    "date.in_the_future": _("That day is still to come. Enter the day on which the money moved."),
    "entry.key_reused": _(
        "This form was sent before, with other figures, and that entry stands. "
        "Look at the list, then open a new form."
    ),
    "gift.unknown": _("This gift does not exist."),
    "goal.not_positive": _("Enter a goal above zero."),
    "month.closed": _("%(month)s is closed and keeps its plan."),
    "month.too_far": _("%(month)s is too far ahead; plan the present month or the next."),
    "refund.beyond_rest": _("Only %(rest)s of this gift is left."),
    "refund.no_reason": _("Say why; colleagues read it, the public does not."),
    "steps.label": _("Say what each step pays for, in up to %(limit)s characters."),
    "steps.off_the_scale": _("Each step is more than zero and at most the goal, %(goal)s."),
    "steps.too_many": _("There is room for %(limit)s steps."),
    "steps.twice": _("Two steps have the same amount."),
}
_MONEY: Final = frozenset({"rest", "goal"})


def explain(refused: Refused, *, locale: str) -> str:
    """Return the sentence of a refusal in the active language, amounts as `locale` writes them.

    Raises KeyError for a code of another room.
    """
    facts: dict[str, str | int] = dict(refused.facts)
    currency = facts.get("currency")
    for name, value in facts.items():
        is_amount = name in _MONEY or (name == "limit" and currency is not None)
        if is_amount and isinstance(value, int) and isinstance(currency, str):
            facts[name] = Money(value, currency).format(locale=locale, whole=True)
        elif name == "day":
            facts[name] = date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
        elif name == "month":
            facts[name] = month_name(month=CalendarMonth.parse(str(value)), locale=locale)
    return str(SENTENCES[refused.code]) % facts


def month_name(*, month: CalendarMonth, locale: str) -> str:
    """Write a month with its year as people of `locale` do: November 2026."""
    first_day = date(month.year, month.month, 1)
    name = format_skeleton("yMMMM", first_day, locale=locale_of(locale))
    return str(name)
