"""The forms of the moderators' page: a decision, one about each of several, and undoing one."""

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from broadsheet.discussion import queries
from broadsheet.discussion.http import queue
from broadsheet.discussion.http.answers import (
    data,
    refusal,
    see_other,
    status_of,
    wants_json,
)
from broadsheet.discussion.http.deciding import Done, carry_out, read
from broadsheet.discussion.http.forms import BatchForm, DecisionForm
from broadsheet.discussion.http.people import actor_of, is_alone
from broadsheet.discussion.http.queue_words import done_words
from broadsheet.discussion.http.wording import rule_sentence, sentence
from broadsheet.discussion.moderation.batches import decide_each
from broadsheet.discussion.moderation.undoing import (
    SWEPT,
    SWITCHED,
    Undone,
    UnknownDecisionError,
    undo_decision,
)
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.discussion.rules.undoing import UNDOABLE
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

# Where what was undone is seen, if not in the queue.
_PAGES: Final = {SWITCHED: "discussion:pace", SWEPT: "discussion:raid"}


@guarded
@require_POST
def decision(request: HttpRequest) -> HttpResponse:
    """Take a decision, and come back to the queue."""
    form = read(request.POST)
    actor = actor_of(request)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        done = carry_out(actor, form)
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, actor, form, error.verdict)
    if wants_json(request):
        return data(request, HTTPStatus.OK, **_told(done, form, actor))
    more: dict[str, Any] = {"done": done.number}
    if done.verb not in UNDOABLE:
        more |= {"did": done.verb}
    return see_other(request, _back(request, **more))


@guarded
@require_POST
def undo(request: HttpRequest, sequence: int) -> HttpResponse:
    """Undo a decision, and come back to the queue."""
    actor = actor_of(request)
    try:
        undone = undo_decision(
            actor=actor,
            sequence=sequence,
            now=utcnow(),
            reason=clean_text(request.POST.get("reason", "")),
            alone=is_alone(actor),
        )
    except UnknownDecisionError as error:
        raise Http404 from error
    except RefusalError as error:
        return _page_again(request, actor, error.verdict)
    if wants_json(request):
        return data(request, HTTPStatus.OK, **_undone(undone))
    if undone.verb in _PAGES:
        return see_other(request, reverse(_PAGES[undone.verb]))
    more = {"left": undone.left} if undone.left else {}
    return see_other(request, _back(request, done=undone.number, did="undo", **more))


@guarded
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Decide about each of the comments that were chosen, or about all that wait of one kind."""
    actor, form = actor_of(request), BatchForm(request.POST)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        verb, _, rule = form.cleaned_data["does"].partition(" ")
        chosen = form.chosen(request.POST.getlist("chosen"))
        if form.cleaned_data["whole"]:
            author, match = form.cleaned_data["author"], form.cleaned_data["match"]
            chosen = dict.fromkeys(queries.waiting_numbers(author=author, match=match), "")
        require(ALLOWED if chosen else Refused("none_chosen"))
        done = decide_each(
            actor=actor,
            chosen=chosen,
            verb=verb,
            rule=rule,
            reason=form.cleaned_data["reason"],
            now=utcnow(),
            alone=is_alone(actor),
        )
    except RefusalError as error:
        return _page_again(request, actor, error.verdict)
    more = {"all": len(done.done), "left": len(done.left)}
    return see_other(request, _back(request, **more))


def _told(done: Done, form: DecisionForm, actor: Actor) -> dict[str, Any]:
    """Return what the script is told of a decision."""
    context = queue.item_context(done.number, actor)
    why = rule_sentence(form.cleaned_data["rule"], context["names"])
    said = done_words(verb=done.verb, number=done.number, why=why, comments=done.comments)
    answer = {"number": done.number, "verb": done.verb, "message": said}
    if done.verb in UNDOABLE:
        answer["sequence"] = done.sequence
    item = context["item"]
    return answer | (queue.standing(item, context["names"]) if item else {})


def _undone(undone: Undone) -> dict[str, Any]:
    said = done_words(verb="undo", number=undone.number, left=undone.left)
    return {"number": undone.number, "message": said, "comments": undone.comments}


def _back(request: HttpRequest, **more: Any) -> str:
    asked = (request.POST.get(name, "") for name in queue.LISTED)
    return queue.back_to(*asked, **more)


def _refused(
    request: HttpRequest, actor: Actor, form: DecisionForm, refused: Refused
) -> HttpResponse:
    if not may_moderate(actor=actor):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    number = form.cleaned_data.get("number")
    about = queue.item_context(number, actor) if number else {"item": None, "names": {}}
    item, names = about["item"], about["names"]
    if wants_json(request):
        more = queue.standing(item, names) if item else {}
        values = {"code": refused.code, "message": sentence(refused), "field": refused.field}
        return data(request, status_of(refused), **values, **more)
    typed = {
        "item": item,
        "reason": form.cleaned_data.get("reason", ""),
        "verb": form.cleaned_data.get("verb", ""),
        "marking": form.cleaned_data.get("verb") in MARKS,
    }
    context = _context(request, actor)
    context |= {"typed": typed, "names": {**context["names"], **names}}
    context["quotes"] = {**context["quotes"], **about.get("quotes", {})}
    return refusal(request, refused, queue.TEMPLATE, context)


def _page_again(request: HttpRequest, actor: Actor, refused: Refused) -> HttpResponse:
    if not may_moderate(actor=actor):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    if wants_json(request):
        return refusal(request, refused, queue.TEMPLATE, {})
    context = _context(request, actor) | {
        "chosen": {one.partition("-")[0] for one in request.POST.getlist("chosen")},
        "reason": request.POST.get("reason", ""),
    }
    return refusal(request, refused, queue.TEMPLATE, context)


def _context(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    asked = {name: request.POST.get(name, "") for name in queue.LISTED}
    return queue.page(asked, actor)
