"""The desk's pages on money: gifts are entered and taken off here, and months are planned."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.desk.gift_forms import (
    REFUND,
    DescribeForm,
    FeeForm,
    GiftForm,
    GiveBackForm,
    HowForm,
    PlanForm,
    StartForm,
    language,
)
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for
from broadsheet.stories import api as stories

ICON = "table"
_ACCOUNT = "account:"

type Keeping[**P] = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was taken."""

    status_code = HTTPStatus.SEE_OTHER


class GiftsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(funding.may_keep_books(actor=_actor_of(request)))


def menu_item() -> MenuItem:
    return GiftsMenuItem(
        gettext_lazy("Gifts"), reverse("gifts"), name="gifts", icon_name=ICON, order=300
    )


def keeper[**P](view: Keeping[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only those pass who keep the books, and hand the view the actor.

    Wagtail answers the others: back to the desk's first page, with a word of why.
    """

    @private
    @wraps(view)
    def kept(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = _actor_of(request)
        if not funding.may_keep_books(actor=actor):
            raise PermissionDenied
        return view(request, actor, *args, **kwargs)

    return kept


@keeper
def listing(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """List gifts, the last entered first."""
    about = funding.campaign()
    if about is None:
        return redirect("gifts_start")
    rows, after = funding.latest_gifts(after=_after(request))
    names = _names(row.recorded_by for row in rows)
    context = {
        "about": about,
        "gifts": [(row, names.get(row.recorded_by, row.recorded_by)) for row in rows],
        "after": after,
        "meter": funding.meter(now=utcnow()),
    }
    return _page(request, "listing", _("Gifts"), context)


@keeper
def enter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a gift that came in cash or on the bank account."""
    about, now = _campaign(), utcnow()
    form = GiftForm(request.POST or None, currency=about.currency, today=_today(about.zone, now))

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

    return _handled(request, form, book, _("Enter a gift"), _("Book the gift"))


@keeper
def give_back(request: HttpRequest, actor: Actor, gift: UUID) -> HttpResponse:
    """Take a gift off the books, in part or whole: a refund, or a correction."""
    about, now = _campaign(), utcnow()
    row = funding.gift(id=gift)
    if row is None:
        raise Http404
    form = GiveBackForm(request.POST or None, rest=row.rest, today=_today(about.zone, now))

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
    return _handled(request, form, book, _("Refund or correct"), _("Book it"), extra)


@keeper
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set goal and steps of the present month or the next."""
    about, now = _campaign(), utcnow()
    meter = funding.meter(now=now)
    if meter is None:
        raise Http404
    present, following = meter.month, meter.month.following()
    months = [(month, _name(month)) for month in (present, following)]
    chosen = following if request.GET.get("month") == str(following) else present
    # A month that nobody has planned yet will copy the present one's plan.
    goal, steps = funding.plan_of_month(month=chosen) or (
        meter.goal,
        tuple((mark.amount, mark.label) for mark in meter.steps),
    )
    form = PlanForm(
        request.POST or None,
        currency=about.currency,
        months=months,
        chosen=chosen,
        goal=goal,
        steps=steps,
    )

    def book(data: dict[str, Any]) -> HttpResponse:
        month = funding.CalendarMonth.parse(data["month"])
        funding.plan_month(
            actor=actor,
            campaign=about.slug,
            year=month.year,
            month=month.month,
            goal=data["goal"],
            steps=form.steps,
            now=now,
        )
        messages.success(request, _("The plan of %(month)s is set.") % {"month": _name(month)})
        return SeeOther(reverse("gifts"))

    others = [(month, name) for month, name in months if month != chosen]
    extra = {"other_months": others}
    return _handled(request, form, book, _("Plan a month"), _("Set the plan"), extra)


@keeper
def how_to_give(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write what the support page says about giving."""
    about = _campaign()
    form = HowForm(request.POST or None, initial={"text": about.how_to_give})

    def book(data: dict[str, Any]) -> HttpResponse:
        funding.set_how_to_give(actor=actor, campaign=about.slug, text=data["text"], now=utcnow())
        messages.success(request, _("The support page is changed."))
        return SeeOther(reverse("gifts"))

    return _handled(request, form, book, _("How to give"), _("Save"))


@keeper
def fee(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Book what the bank kept."""
    about, now = _campaign(), utcnow()
    form = FeeForm(request.POST or None, currency=about.currency, today=_today(about.zone, now))

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

    return _handled(request, form, book, _("Enter a bank fee"), _("Book the fee"))


@keeper
def describe(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Change the campaign's name, and the clocks it lives by."""
    about = _campaign()
    form = DescribeForm(request.POST or None, initial={"title": about.title, "zone": about.zone})

    def book(data: dict[str, Any]) -> HttpResponse:
        funding.describe_campaign(
            actor=actor,
            campaign=about.slug,
            title=data["title"],
            zone=data["zone"],
            now=utcnow(),
        )
        messages.success(request, _("The campaign is changed."))
        return SeeOther(reverse("gifts"))

    return _handled(request, form, book, _("Name and time zone"), _("Save"))


@keeper
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open the campaign of a newsroom that has none."""
    now = utcnow()
    face = stories.publication(now=now)
    form = StartForm(request.POST or None, currency=face.currency)

    def book(data: dict[str, Any]) -> HttpResponse:
        funding.open_campaign(
            actor=actor,
            slug=funding.MAIN,
            title=face.name,
            goal=data["goal"],
            zone=face.time_zone,
            how_to_give=data["text"],
            now=now,
        )
        messages.success(request, _("The meter is running. It begins at zero."))
        return SeeOther(reverse("gifts"))

    return _handled(request, form, book, _("Start a campaign"), _("Start"))


urls = [
    path("gifts/", listing, name="gifts"),
    path("gifts/start/", start, name="gifts_start"),
    path("gifts/enter/", enter, name="gifts_enter"),
    path("gifts/plan/", plan, name="gifts_plan"),
    path("gifts/how-to-give/", how_to_give, name="gifts_how"),
    path("gifts/fee/", fee, name="gifts_fee"),
    path("gifts/campaign/", describe, name="gifts_describe"),
    path("gifts/<uuid:gift>/refund/", give_back, name="gifts_refund"),
]


def _handled(  # the one shape of all these pages: a form, what it does, and the words around it
    request: HttpRequest,
    form: forms.Form,
    book: Callable[[dict[str, Any]], HttpResponse],
    title: str,
    button: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Do what the form asks; a refusal is shown on the form, which keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return book(form.cleaned_data)
        except RefusalError as refusal:
            field = refusal.verdict.field
            sentence = funding.explain(refusal.verdict, locale=language())
            form.add_error(field if field in form.fields else None, sentence)
    context = {"form": form, "submit_button_label": button} | (extra or {})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(request, "form", title, context, status)


def _page(
    request: HttpRequest,
    name: str,
    title: str,
    context: dict[str, Any],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    furniture = {"page_title": title, "header_title": title, "header_icon": ICON}
    return render(request, f"desk/gifts/{name}.html", furniture | context, status=status)


def _booked(
    request: HttpRequest, booked: funding.Booked, *, when: datetime, zone: str, now: datetime
) -> HttpResponse:
    """Say what the month of the entry stands at now."""
    month = funding.CalendarMonth.containing(instant=when, zone=zone)
    meter = funding.meter_of_month(month=month, now=now)
    if meter is not None:
        locale = language()
        facts = {
            "month": _name(month),
            "raised": meter.raised.format(locale=locale),
            "goal": meter.goal.format(locale=locale, whole=True),
        }
        if booked.repeated:
            sentence = _("This was booked already. %(month)s stands at %(raised)s of %(goal)s.")
        else:
            sentence = _("Booked. %(month)s stands at %(raised)s of %(goal)s.")
        messages.success(request, sentence % facts)
    return SeeOther(reverse("gifts"))


def _name(month: funding.CalendarMonth) -> str:
    return funding.month_name(month=month, locale=language())


def _campaign() -> funding.About:
    about = funding.campaign()
    if about is None:
        raise Http404
    return about


def _actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        raise PermissionDenied
    return actor_for(request.user)


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - fits 64 bits


def _names(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those actors who have an account; an id of another kind has none."""
    accounts = {}
    for actor_id in ids:
        with suppress(ValueError):
            accounts[UUID(actor_id.removeprefix(_ACCOUNT))] = actor_id
    people = get_user_model().objects.filter(uuid__in=accounts)
    return {accounts[person.uuid]: person.shown_name for person in people}
