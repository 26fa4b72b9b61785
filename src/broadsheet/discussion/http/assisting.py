"""The assistant's page: its record for all who moderate, what it may do for the owner."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from broadsheet.discussion.assistant.operations import set_assistant
from broadsheet.discussion.assistant.queries import assistant as shown
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.people import actor_of, names_of
from broadsheet.discussion.rules.assistant.standing import (
    LEAST_PERCENT,
    MOST_PERCENT,
    USUAL_PERCENT,
    may_set,
)
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import RefusalError, Refused, require

TEMPLATE: Final = "discussion/assistant.html"


class AssistantForm(forms.Form):
    """`percent` is asked for only where it may approve."""

    approves = forms.BooleanField(required=False)
    percent = forms.FloatField(required=False, localize=True)


@guarded
def assistant(request: HttpRequest) -> HttpResponse:
    """Show the assistant's record (GET); let it approve or not, for the owner (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _page(request)
    try:
        require(may_set(actor=actor, percent=None))
        asks = bool(request.POST.get("asks"))
        set_assistant(actor=actor, percent=_percent(request), asks=asks, now=utcnow())
    except RefusalError as error:
        return _page(request, error.verdict)
    return see_other(request, f"{reverse('discussion:assistant')}?done=1")


def _percent(request: HttpRequest) -> float | None:
    """Return what was chosen; None where it may not approve. What is no number is out of range."""
    form = AssistantForm(request.POST)
    valid = form.is_valid()
    if not form.cleaned_data.get("approves"):
        return None
    return (form.cleaned_data["percent"] or 0.0) if valid else 0.0


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    found = shown()
    actor = actor_of(request)
    context: dict[str, Any] = {
        "assistant": found,
        "record": found.record,
        "set_by": names_of([found.set_by]).get(found.set_by, "") if found.set_by else "",
        "may_set": bool(may_set(actor=actor, percent=None)),
        "approves": found.percent is not None,
        "asks": found.asks,
        "percent": found.percent or USUAL_PERCENT,
        "least": LEAST_PERCENT,
        "most": MOST_PERCENT,
        "done": request.GET.get("done") == "1",
    }
    if refused is None:
        return render(request, TEMPLATE, context)
    typed = {
        "approves": bool(request.POST.get("approves")),
        "asks": bool(request.POST.get("asks")),
        "typed": request.POST.get("percent", "")[:40],
    }
    return refusal(request, refused, TEMPLATE, context | typed)
