"""The rota of moderators, and calling whoever is on duty from the queue."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.duty_letters import write
from broadsheet.discussion.http.forms import LARGEST_NUMBER, WordsField
from broadsheet.discussion.http.pace_words import weekdays
from broadsheet.discussion.http.people import actor_of, names_of
from broadsheet.discussion.pace.duty import (
    Called,
    UnknownShiftError,
    call_duty,
    calls,
    drop_shift,
    open_calls,
    plan_shift,
    rota,
    see_call,
)
from broadsheet.discussion.pace.heat import hot_threads
from broadsheet.discussion.rules.deciding import MODERATORS, may_moderate
from broadsheet.discussion.rules.duty import OnDuty, on_duty
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

TEMPLATE: Final = "discussion/duty.html"
HERE: Final = "discussion:duty"
# Dates that a clock anywhere can tell.
_YEARS: Final = range(2000, 3000)
_KEPT: Final = ("who", "weekday", "starts", "ends", "begins", "until")


class ShiftForm(forms.Form):
    """A shift: each week with a day and two times, or once with two moments."""

    who = forms.CharField(max_length=200)
    weekday = forms.IntegerField(required=False, min_value=0, max_value=6)
    starts = forms.TimeField(required=False)
    ends = forms.TimeField(required=False)
    begins = forms.DateTimeField(required=False)
    until = forms.DateTimeField(required=False)

    def clean(self) -> None:
        moments = (self.cleaned_data.get(name) for name in ("begins", "until"))
        if any(moment and moment.year not in _YEARS for moment in moments):
            raise forms.ValidationError("no year of a shift")

    def shift(self) -> OnDuty:
        """Return what was sent; what is missing of it makes no shift."""
        sent = self.cleaned_data
        if sent["weekday"] is None:
            return OnDuty(sent["who"], begins_at=sent["begins"], ends_at=sent["until"])
        starts, ends = (_minute(sent[name]) for name in ("starts", "ends"))
        return OnDuty(sent["who"], weekday=sent["weekday"], starts=starts, ends=ends)


class CallForm(forms.Form):
    thread = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    words = WordsField(required=False)


@guarded
def duty(request: HttpRequest) -> HttpResponse:
    """Show the rota and the last calls (GET); plan a shift or drop one (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _page(request)
    try:
        _change(request, actor)
    except RefusalError as error:
        return _page(request, error.verdict)
    return see_other(request, reverse(HERE))


@guarded
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call whoever is on duty, about a discussion or in general."""
    actor, form = actor_of(request), CallForm(request.POST)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        now = utcnow()
        call_duty(
            actor=actor,
            thread_id=form.cleaned_data["thread"],
            words=form.cleaned_data["words"],
            local=localtime(now),
            now=now,
            staff=moderators(),
            letter=write,
        )
    except queries.UnknownThreadError as error:
        raise Http404 from error
    except RefusalError as error:
        if not may_moderate(actor=actor):
            return refusal(request, error.verdict, "discussion/not_allowed.html", {})
        return _page(request, error.verdict)
    return see_other(request, reverse(HERE))


@guarded
@require_POST
def seen(request: HttpRequest, call_id: int) -> HttpResponse:
    """Say that one is at what somebody called about."""
    actor = actor_of(request)
    try:
        see_call(actor=actor, call_id=call_id, now=utcnow())
    except UnknownShiftError as error:
        raise Http404 from error
    except RefusalError as error:
        return refusal(request, error.verdict, "discussion/not_allowed.html", {})
    return see_other(request, reverse("discussion:moderation"))


def moderators() -> Collection[str]:
    """Return the ids of those who may decide about comments."""
    ids: Collection[str] = import_string(settings.BROADSHEET_IDS_OF_STAFF)(roles=MODERATORS)
    return ids


def heated(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return what the queue says of discussions that are hot, and of calls. Three queries."""
    hot, waiting = hot_threads(now=now), open_calls(now=now)
    return {
        "hot": hot,
        "calls": waiting,
        "called": [one for one in waiting if _is_called(actor, one)],
    }


def _is_called(actor: Actor, call: Called) -> bool:
    """Say whether a call is for somebody: where nobody was on duty, for whoever comes."""
    return call.to == actor.id or (not call.to and call.by != actor.id)


def _change(request: HttpRequest, actor: Actor) -> None:
    dropped = request.POST.get("drop", "")
    if dropped.isdecimal() and len(dropped) < len(str(LARGEST_NUMBER)):
        drop_shift(actor=actor, shift_id=int(dropped))
        return
    form = ShiftForm(request.POST)
    require(ALLOWED if form.is_valid() else Refused("duty_times", field="starts"))
    plan_shift(actor=actor, shift=form.shift(), staff=moderators(), now=utcnow())


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    staff, shifts, lately = moderators(), rota(), calls()
    there = on_duty([one.shift for one in shifts], local=localtime(utcnow()), staff=staff)
    names = _names({*staff, *(one.shift.who for one in shifts)}, lately)
    context: dict[str, Any] = {
        "rota": [(one.id, one.shift, names.get(one.shift.who, "")) for one in shifts],
        "there": [names.get(who, "") for who in there],
        "calls": lately,
        "staff": sorted((names.get(who, who), who) for who in staff),
        "names": names,
        "weekdays": weekdays(),
        "typed": {name: request.POST.get(name, "") for name in (*_KEPT, "words", "thread")},
        "me": actor_of(request).id,
    }
    if refused is None:
        return render(request, TEMPLATE, context)
    return refusal(request, refused, TEMPLATE, context)


def _names(ids: Iterable[str], called: Iterable[Called]) -> Mapping[str, str]:
    wanted = set(ids)
    for one in called:
        wanted |= {one.by, one.to, one.seen_by}
    return names_of(sorted(wanted - {""}))


def _minute(time: Any) -> int:
    return -1 if time is None else time.hour * 60 + time.minute
