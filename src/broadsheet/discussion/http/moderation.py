"""The moderators' page: what waits, what was published lately, and a form for each decision."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import DecisionForm
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.quoting import with_quotes
from broadsheet.discussion.http.wording import MARKED, VERBS, rules_of_the_house
from broadsheet.discussion.moderation.marking import Marked, mark_comment
from broadsheet.discussion.moderation.operations import (
    Decided,
    blank_image,
    decide,
    dismiss_reports,
)
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, private
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

HERE = "discussion:moderation"
_NUMBER = re.compile(r"(?:^|#c|^c|/c/)(\d{1,18})/?$", re.ASCII)


@private
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue to moderators; ask guests to sign in."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    wanted = request.GET.get("comment", "")
    done, did = _item(request.GET.get("done", "")), request.GET.get("did", "")
    context = {
        "done": done,
        "marked": str(MARKED[did]) % {"number": done.number} if done and did in MARKED else "",
        "wanted": wanted,
        "found": _item(wanted),
        **_context(),
    }
    return render(request, "discussion/moderation.html", with_quotes(context))


@guarded
@require_POST
def decision(request: HttpRequest) -> HttpResponse:
    """Take a decision, and come back to the queue."""
    form = DecisionForm(request.POST)
    actor = actor_of(request)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        decided = _decide(actor, form)
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, form, error.verdict)
    done: dict[str, Any] = {"done": decided.number}
    if form.cleaned_data["verb"] in MARKED:
        done |= {"did": form.cleaned_data["verb"]}
    return see_other(request, f"{reverse(HERE)}?{urlencode(done)}")


def _decide(actor: Actor, form: DecisionForm) -> Decided | Marked:
    sent = form.cleaned_data
    number, verb, reason = sent["number"], sent["verb"], sent["reason"]
    if verb in MARKS:
        return mark_comment(actor=actor, comment_id=number, verb=verb, reason=reason, now=utcnow())
    if verb == "blank_image":
        return blank_image(actor=actor, comment_id=number, reason=reason, now=utcnow())
    if verb == "dismiss":
        return dismiss_reports(actor=actor, comment_id=number, reason=reason, now=utcnow())
    return decide(
        actor=actor,
        comment_id=number,
        verb=verb,
        rule=sent["rule"],
        reason=reason,
        now=utcnow(),
        seen=sent["seen"],
    )


def _refused(request: HttpRequest, form: DecisionForm, refused: Refused) -> HttpResponse:
    if not may_moderate(actor=actor_of(request)):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    number = form.cleaned_data.get("number")
    typed = {
        "item": queries.queue_item(number=number) if number else None,
        "rule": request.POST.get("rule", ""),
        "reason": request.POST.get("reason", ""),
        "marking": form.cleaned_data.get("verb") in MARKS,
        "blanking": form.cleaned_data.get("verb") == "blank_image",
    }
    context = with_quotes({**_context(), "typed": typed})
    return refusal(request, refused, "discussion/moderation.html", context)


def _item(text: str) -> queries.QueueItem | None:
    """Return the comment of a number as people write it: "214", "c214", or its whole address."""
    found = _NUMBER.search(text[:500].strip())
    return queries.queue_item(number=int(found[1])) if found else None


def _context() -> dict[str, Any]:
    return {
        "queue": queries.held_queue(),
        "rules": rules_of_the_house(),
        "verbs": VERBS,
    }
