"""The page of the filters: what is in force, a draft tried on what was said lately, versions."""

from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import FiltersForm
from broadsheet.discussion.http.people import actor_of, names_of
from broadsheet.discussion.http.wording import rules_of_the_house
from broadsheet.discussion.moderation.filtering import (
    TRIED_ON,
    filters_in_force,
    switch_on,
    try_filters,
    versions,
)
from broadsheet.discussion.rules import filtering, patterns
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.filtering import Filters
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

_TEMPLATE: Final = "discussion/filters.html"
_SALT: Final = "broadsheet.discussion.filters"
# What was tried yesterday was tried on other comments.
_TRIED_FOR: Final = 60 * 60
_LISTS: Final = (
    *("hold_words", "refuse_words", "hold_patterns", "refuse_patterns"),
    *("hold_hosts", "refuse_hosts", "allow_hosts"),
)
_NUMBERS: Final = ("most_links", "repeat_hours", "repeat_people", "removals", "removal_days")


@guarded
def filters(request: HttpRequest) -> HttpResponse:
    """Show the filters in force to moderators (GET); switch on what was tried (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return render(request, _TEMPLATE, _page(_typed(_asked(request)), actor))
    form = FiltersForm(request.POST)
    try:
        require(ALLOWED if form.is_valid() else Refused("form"))
        tried, before = _read(form.cleaned_data["tried"])
        number = switch_on(
            actor=actor,
            filters=_filters(form),
            tried=tried,
            before=before,
            reason=form.cleaned_data["reason"],
            now=utcnow(),
        )
    except RefusalError as error:
        return _again(request, actor, error.verdict)
    return see_other(request, reverse("discussion:filters") + f"?done={number}")


@guarded
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """Try a draft on the last comments, beside what is in force; nothing is changed by it."""
    actor, form = actor_of(request), FiltersForm(request.POST)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("form"))
        draft = _filters(form)
        tried = try_filters(actor=actor, filters=draft, now=utcnow())
    except RefusalError as error:
        return _again(request, actor, error.verdict)
    in_force = filters_in_force()
    digest = filtering.digest_of(filtering.written(draft))
    token = signing.dumps([digest, in_force.digest if in_force else ""], salt=_SALT)
    context = _page(_typed(draft) | {"reason": form.cleaned_data["reason"]}, actor)
    context |= {"trial": tried, "tried": token}
    return render(request, _TEMPLATE, context)


def _again(request: HttpRequest, actor: Actor, refused: Refused) -> HttpResponse:
    """Draw the page again with all that was typed."""
    if not may_moderate(actor=actor):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    typed = {
        name: request.POST.get(name, "") for name in (*_LISTS, *_NUMBERS, "house_rule", "reason")
    }
    return refusal(request, refused, _TEMPLATE, _page(typed, actor))


def _page(typed: dict[str, Any], actor: Actor) -> dict[str, Any]:
    listed = versions()
    return {
        "typed": typed,
        "versions": listed,
        "names": names_of(sorted({one.by for one in listed})),
        "has_patterns": patterns.is_there(),
        "tried_on": TRIED_ON,
        "me": actor.id,
        "rules": rules_of_the_house(queries.current_rules()),
    }


def _asked(request: HttpRequest) -> Filters:
    """Return the filters to begin with: those in force, or an earlier version as a draft."""
    wanted = request.GET.get("version", "")[:9]
    if wanted.isdecimal() and (found := versions(limit=1, number=int(wanted))):
        return found[0].filters
    in_force = filters_in_force()
    return in_force.filters if in_force else Filters()


def _typed(chosen: Filters) -> dict[str, Any]:
    """Return filters as the form has them."""
    found: dict[str, Any] = {name: "\n".join(getattr(chosen, name)) for name in _LISTS}
    found["house_rule"] = chosen.house_rule
    for name in _NUMBERS:
        value = getattr(chosen, name)
        found[name] = "" if value is None else str(value)
    return found


def _filters(form: FiltersForm) -> Filters:
    """Return what was typed; empty numbers are those of no rule."""
    sent, none = form.cleaned_data, Filters()
    found: dict[str, Any] = {name: filtering.lines_of(sent[name]) for name in _LISTS}
    for name in ("hold_hosts", "refuse_hosts", "allow_hosts"):
        found[name] = tuple(filtering.host_of(one) or one for one in found[name])
    found["house_rule"] = sent["house_rule"]
    for name in _NUMBERS:
        found[name] = getattr(none, name) if sent[name] is None else sent[name]
    return Filters(**found)


def _read(token: str) -> tuple[str, str]:
    """Return the digest of what was tried, and of what was in force then; "" for nonsense."""
    try:
        tried, before = signing.loads(token, salt=_SALT, max_age=_TRIED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return "", ""
    return str(tried), str(before)
