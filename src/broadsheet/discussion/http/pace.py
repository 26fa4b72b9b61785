"""The page on which moderators slow discussions down or close them: one, a branch, or all."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from broadsheet.discussion import queries
from broadsheet.discussion.http import pace_words
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import LARGEST_NUMBER, WordsField
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.pace.queries import running, turned_lately
from broadsheet.discussion.pace.switching import Scope, lasting, turn_off, turn_on
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

TEMPLATE: Final = "discussion/pace.html"
# So far from now there are dates still: the rules say what is too long.
_LONGEST: Final = 10**8


class ScopeForm(forms.Form):
    """Where: a thread, the branch below a comment, or with neither the whole site."""

    thread = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    comment = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)


class PaceForm(ScopeForm):
    """A switch; `lasts` are minutes, 0 until somebody turns it off."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("slow", "closed", "raid")])
    turn = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])
    seconds = forms.IntegerField(required=False, min_value=0, max_value=_LONGEST)
    lasts = forms.IntegerField(required=False, min_value=0, max_value=_LONGEST)
    began = forms.IntegerField(required=False, min_value=0, max_value=_LONGEST)
    reason = WordsField(required=False)


@guarded
def pace(request: HttpRequest) -> HttpResponse:
    """Show what is on, and forms for a slow mode and closing (GET); turn one on or off (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _page(request, request.GET)
    try:
        switch(request)
    except (queries.UnknownThreadError, queries.UnknownCommentError) as error:
        raise Http404 from error
    except RefusalError as error:
        return _page(request, request.POST, error.verdict)
    return see_other(request, address(request.POST))


def switch(request: HttpRequest) -> None:
    """Turn on or off what the form says. Raises RefusalError and what the operations raise."""
    form, now = PaceForm(request.POST), utcnow()
    require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
    sent = form.cleaned_data
    about: dict[str, Any] = {
        "actor": actor_of(request),
        "scope": Scope(sent["thread"], sent["comment"]),
        "kind": sent["kind"],
        "reason": sent["reason"],
        "now": now,
    }
    if sent["turn"] == "off":
        turn_off(**about)
        return
    turn_on(
        **about,
        seconds=sent["seconds"] or 0,
        since=lasting(minutes=-(sent["began"] or 0), now=now),
        until=lasting(minutes=sent["lasts"] or 0, now=now),
    )


def address(asked: Mapping[str, str], page: str = "discussion:pace") -> str:
    """Return the page of the scope that was asked for."""
    for name in ("comment", "thread"):
        if asked.get(name, "").isdecimal():
            return f"{reverse(page)}?{name}={asked[name]}"
    return reverse(page)


def scope_context(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page says of where it is about. Raises Http404 for no such place."""
    form = ScopeForm(asked)
    sent = form.cleaned_data if form.is_valid() else {}
    comment, thread = sent.get("comment"), sent.get("thread")
    if comment:
        thread = queries.threads_of(numbers=[comment]).get(comment)
        if thread is None:
            raise Http404
    found = queries.thread_facts(thread_id=thread) if thread else None
    if thread and found is None:
        raise Http404
    return {"thread": found, "comment": comment, "scope": Scope(thread, comment)}


def _page(
    request: HttpRequest, asked: Mapping[str, str], refused: Refused | None = None
) -> HttpResponse:
    context = scope_context(asked)
    here = running(scope=context["scope"])
    context |= {
        "on": {one.kind: one for one in here},
        "everywhere": running(),
        "lately": turned_lately(now=utcnow()),
        "seconds": [(n, pace_words.duration(n)) for n in pace_words.SECONDS],
        "lasts": [(n, pace_words.lasts_words(n)) for n in pace_words.LASTS],
        "typed": {name: asked.get(name, "") for name in ("kind", "seconds", "lasts", "reason")},
    }
    if refused is None:
        return render(request, TEMPLATE, context)
    return refusal(request, refused, TEMPLATE, context)
