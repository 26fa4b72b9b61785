"""The page on which moderators meet a raid: the mode, and undoing all of one by one action."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from broadsheet.discussion import queries
from broadsheet.discussion.http import pace_words
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import WordsField
from broadsheet.discussion.http.pace import address, scope_context, switch
from broadsheet.discussion.http.people import actor_of, is_alone
from broadsheet.discussion.http.wording import rules_of_the_house
from broadsheet.discussion.moderation.newcomers import counted
from broadsheet.discussion.moderation.raids import UnknownRaidError, sweep, undo_raid
from broadsheet.discussion.pace.queries import Raid, raids, running
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

TEMPLATE: Final = "discussion/raid.html"
HERE: Final = "discussion:raid"
# A few hundred comments at once, so that a small raid is undone when the page comes back; the
# scheduler does the rest.
_AT_ONCE: Final = 3
# So many raids are looked at for what is left of them.
_COUNTED: Final = 3


class UndoForm(forms.Form):
    """What to do with all of a raid: in one button the verb, and after a space the rule."""

    does = forms.RegexField(r"^(publish|remove [a-z_]{1,40})$", max_length=60)
    reason = WordsField(required=False)


@guarded
def raid(request: HttpRequest) -> HttpResponse:
    """Show the raid mode, and the raids there were (GET); turn the mode on or off (POST)."""
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
    return see_other(request, address(request.POST, HERE))


@guarded
@require_POST
def undo(request: HttpRequest, raid_id: int) -> HttpResponse:
    """Remove or publish all of a raid."""
    actor, form = actor_of(request), UndoForm(request.POST)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("rule_missing", field="does"))
        verb, _, rule = form.cleaned_data["does"].partition(" ")
        begun = undo_raid(
            actor=actor,
            raid_id=raid_id,
            verb=verb,
            rule=rule,
            reason=form.cleaned_data["reason"],
            now=utcnow(),
            alone=is_alone(actor),
        )
    except UnknownRaidError as error:
        raise Http404 from error
    except RefusalError as error:
        if not may_moderate(actor=actor):
            return refusal(request, error.verdict, "discussion/not_allowed.html", {})
        return _page(request, {}, error.verdict, of=raid_id)
    for _again in range(_AT_ONCE):
        if not sweep(sweep_id=begun, now=utcnow()):
            break
    return see_other(request, f"{address({}, HERE)}#raid-{raid_id}")


def _page(
    request: HttpRequest, asked: Mapping[str, str], refused: Refused | None = None, of: int = 0
) -> HttpResponse:
    context: dict[str, Any] = scope_context({"thread": asked.get("thread", "")})
    here = {one.kind: one for one in running(scope=context["scope"])}
    found = raids(now=utcnow())
    context |= {
        "on": here.get("raid"),
        "raids": found,
        "left": _left(found),
        "lasts": [(n, pace_words.lasts_words(n)) for n in pace_words.RAID_LASTS],
        "began": [(n, pace_words.began_words(n)) for n in pace_words.RAID_BEGAN],
        "typed": {name: asked.get(name, "") for name in ("lasts", "began", "reason")},
        "rules": rules_of_the_house(queries.current_rules()),
        "again": of,
        "reason": request.POST.get("reason", ""),
    }
    if refused is None:
        return render(request, TEMPLATE, context)
    return refusal(request, refused, TEMPLATE, context)


def _left(found: tuple[Raid, ...]) -> dict[int, tuple[int, int]]:
    """Return how much of the last raids waits to be decided about: held, and all."""
    return {one.id: counted(raid_id=one.id, now=utcnow()) for one in found[:_COUNTED]}
