"""The desk's pages on what was booked: gifts and fees are entered and taken off here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.desk.answers import SeeOther
from broadsheet.desk.gift_forms import REFUND, FeeForm, GiftForm, GiveBackForm, language
from broadsheet.desk.gift_pages import (
    ICON,
    actor_of,
    handled,
    keeper,
    month_name,
    page,
    the_campaign,
    today,
)
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.readers import api as readers


class GiftsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(funding.may_keep_books(actor=actor_of(request)))


def menu_item() -> MenuItem:
    return GiftsMenuItem(
        gettext_lazy("Gifts"), reverse("gifts"), name="gifts", icon_name=ICON, order=300
    )


@keeper
def listing(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """List gifts, the last entered first."""
    about = funding.campaign()
    if about is None:
        return redirect("gifts_start")
    rows, after = funding.latest_gifts(after=_after(request))
    names = readers.names_of(actor_ids=(row.recorded_by for row in rows))
    context = {
        "about": about,
        "gifts": [(row, names.get(row.recorded_by, row.recorded_by)) for row in rows],
        "after": after,
        "meter": funding.meter(now=utcnow()),
    }
    return page(request, "listing", _("Gifts"), context)


@keeper
def enter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a gift that came in cash or on the bank account."""
    about, now = the_campaign(), utcnow()
    form = GiftForm(request.POST or None, currency=about.currency, today=today(about.zone, now))

    def book(data: dict[str, Any]) -> HttpResponse:
        when = funding.instant_of_day(day=data["day"], zone=about.zone)
        booked = funding.record_gift(
            actor=actor,
            campaign=about.slug,
            amount=data["amount"],
            method=data["method"],
            effective_at=when,
            note=data["note"],
            key=data["key"],
            now=now,
        )
        return _booked(request, booked, when=when, zone=about.zone, now=now)

    return handled(request, form, book, _("Enter a gift"), _("Book the gift"))


@keeper
def give_back(request: HttpRequest, actor: Actor, gift: UUID) -> HttpResponse:
    """Take a gift off the books, in part or whole: a refund, or a correction."""
    about, now = the_campaign(), utcnow()
    row = funding.gift(id=gift)
    if row is None:
        raise Http404
    form = GiveBackForm(request.POST or None, rest=row.rest, today=today(about.zone, now))

    def book(data: dict[str, Any]) -> HttpResponse:
        facts = {"actor": actor, "gift": gift, "amount": data["amount"], "now": now}
        facts |= {"reason": data["reason"], "key": data["key"]}
        when = funding.instant_of_day(
            day=data["day"] if data["what"] == REFUND else row.day, zone=about.zone
        )
        if data["what"] == REFUND:
            booked = funding.refund_gift(**facts, effective_at=when)
        else:
            booked = funding.correct_gift(**facts)
        return _booked(request, booked, when=when, zone=about.zone, now=now)

    extra = {"gift": row, "reasons": funding.reasons_of(gift=gift)}
    return handled(request, form, book, _("Refund or correct"), _("Book it"), extra)


@keeper
def fee(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Book what the bank kept."""
    about, now = the_campaign(), utcnow()
    form = FeeForm(request.POST or None, currency=about.currency, today=today(about.zone, now))

    def book(data: dict[str, Any]) -> HttpResponse:
        when = funding.instant_of_day(day=data["day"], zone=about.zone)
        booked = funding.record_fee(
            actor=actor,
            campaign=about.slug,
            amount=data["amount"],
            effective_at=when,
            reason=data["reason"],
            key=data["key"],
            now=now,
        )
        return _booked(request, booked, when=when, zone=about.zone, now=now)

    return handled(request, form, book, _("Enter a bank fee"), _("Book the fee"))


urls: Sequence[URLPattern] = (
    path("gifts/", listing, name="gifts"),
    path("gifts/enter/", enter, name="gifts_enter"),
    path("gifts/fee/", fee, name="gifts_fee"),
    path("gifts/<uuid:gift>/refund/", give_back, name="gifts_refund"),
)


def _booked(
    request: HttpRequest, booked: funding.Booked, *, when: datetime, zone: str, now: datetime
) -> HttpResponse:
    """Say what the month of the entry stands at now."""
    month = funding.CalendarMonth.containing(instant=when, zone=zone)
    meter = funding.meter_of_month(month=month, now=now)
    if meter is not None:
        locale = language()
        facts = {
            "month": month_name(month),
            "raised": meter.raised.format(locale=locale),
            "goal": meter.goal.format(locale=locale, whole=True),
        }
        if booked.repeated:
            sentence = _("This was booked already. %(month)s stands at %(raised)s of %(goal)s.")
        else:
            sentence = _("Booked. %(month)s stands at %(raised)s of %(goal)s.")
        messages.success(request, sentence % facts)
    return SeeOther(reverse("gifts"))


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - fits 64 bits
