"""How figures are written: amounts, shares and months as the language does; and the gauge."""

from typing import Any, Final

from babel.core import Locale
from babel.numbers import format_percent
from django import template
from django.conf import settings
from django.utils.translation import get_language, get_language_bidi

from broadsheet.funding.queries import Meter
from broadsheet.funding.rules import CalendarMonth
from broadsheet.funding.wording import month_name
from broadsheet.kit.locales import locale_of
from broadsheet.kit.money import Money

register = template.Library()

# Two amounts side by side need about this much of a phone's scale, in percent.
LABEL_WIDTH: Final = 22


@register.filter
def money(amount: Money) -> str:
    """Write an amount; a fraction of zero is dropped: $1,120."""
    return amount.format(locale=_language(), whole=True)


@register.filter
def money_exact(amount: Money) -> str:
    """Write an amount to the cent, as books do: $1,120.00."""
    return amount.format(locale=_language())


@register.filter
def percent(share: int) -> str:
    """Write whole percents: 22%, or 22 % where the language wants the space."""
    return format_percent(share / 100, locale=_locale())


@register.filter(name="month_name")
def name_of_month(month: CalendarMonth) -> str:
    """Write a month with its year: November 2026."""
    return month_name(month=month, locale=_language())


@register.inclusion_tag("funding/gauge.html")
def gauge(meter: Meter) -> dict[str, Any]:
    """Draw the month as a bar with its scale.

    The stylesheet mirrors the bar where the language runs from right to left. Text must not be
    mirrored, so the labels' places are reckoned here.
    """
    marks = [(0.0, Money(0, meter.goal.currency), "start")]
    for step in meter.steps:
        if step.position - marks[-1][0] >= LABEL_WIDTH and 100 - step.position >= LABEL_WIDTH:
            marks.append((step.position, step.amount, "middle"))
    marks.append((100.0, meter.goal, "end"))
    mirrored = get_language_bidi()
    return {
        "meter": meter,
        "labels": [
            {"x": _number(100 - place if mirrored else place), "amount": amount, "anchor": anchor}
            for place, amount, anchor in marks
        ],
        "ticks": [_number(step.position) for step in meter.steps if step.position < 100],  # noqa: PLR2004 - percent
        "width": _number(meter.percent),
    }


@register.filter
def svg(number: float) -> str:
    """Write a number as SVG reads it, whatever the language's decimal mark."""
    return _number(number)


def _number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _locale() -> Locale:
    return locale_of(_language())


def _language() -> str:
    """Return the language in force, which whoever answers the request has activated."""
    return get_language() or str(settings.LANGUAGE_CODE)
