"""The desk's pages on the campaign: start it, plan its months, describe it, say how to give."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from broadsheet.desk.answers import SeeOther
from broadsheet.desk.gift_forms import DescribeForm, HowForm, PlanForm, StartForm
from broadsheet.desk.gift_pages import handled, keeper, month_name, the_campaign
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.stories import api as stories


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

    return handled(request, form, book, _("Start a campaign"), _("Start"))


@keeper
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set goal and steps of the present month or the next."""
    about, now = the_campaign(), utcnow()
    meter = funding.meter(now=now)
    if meter is None:
        raise Http404
    present, following = meter.month, meter.month.following()
    months = [(month, month_name(month)) for month in (present, following)]
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
        messages.success(request, _("The plan of %(month)s is set.") % {"month": month_name(month)})
        return SeeOther(reverse("gifts"))

    others = [(month, name) for month, name in months if month != chosen]
    extra = {"other_months": others}
    return handled(request, form, book, _("Plan a month"), _("Set the plan"), extra)


@keeper
def how_to_give(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write what the support page says about giving."""
    about = the_campaign()
    form = HowForm(request.POST or None, initial={"text": about.how_to_give})

    def book(data: dict[str, Any]) -> HttpResponse:
        funding.set_how_to_give(actor=actor, campaign=about.slug, text=data["text"], now=utcnow())
        messages.success(request, _("The support page is changed."))
        return SeeOther(reverse("gifts"))

    return handled(request, form, book, _("How to give"), _("Save"))


@keeper
def describe(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Change the campaign's name, and the clocks it lives by."""
    about = the_campaign()
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

    return handled(request, form, book, _("Name and time zone"), _("Save"))


urls: Sequence[URLPattern] = (
    path("gifts/start/", start, name="gifts_start"),
    path("gifts/plan/", plan, name="gifts_plan"),
    path("gifts/how-to-give/", how_to_give, name="gifts_how"),
    path("gifts/campaign/", describe, name="gifts_describe"),
)
