"""How forms are answered: a page for people, JSON for the script that made the form smooth."""

import logging
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from broadsheet.discussion.http.people import remembered
from broadsheet.discussion.http.wording import sentence
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import Refused

logger = logging.getLogger(__name__)

# When to try again what could not be written.
BUSY_SECONDS: Final = 30

STATUS = {
    "too_fast": HTTPStatus.TOO_MANY_REQUESTS,
    "banned": HTTPStatus.FORBIDDEN,
    "unknown_person": HTTPStatus.FORBIDDEN,
    "not_a_moderator": HTTPStatus.FORBIDDEN,
    "not_an_owner": HTTPStatus.FORBIDDEN,
    "not_yours": HTTPStatus.FORBIDDEN,
    "own_comment": HTTPStatus.FORBIDDEN,
    "closed": HTTPStatus.FORBIDDEN,
    "hidden": HTTPStatus.FORBIDDEN,
    "slow_mode": HTTPStatus.TOO_MANY_REQUESTS,
    "raid_vote": HTTPStatus.FORBIDDEN,
    "raid_busy": HTTPStatus.CONFLICT,
    "called_already": HTTPStatus.CONFLICT,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "already_decided": HTTPStatus.CONFLICT,
    "branch_closed": HTTPStatus.FORBIDDEN,
    "mark_gone": HTTPStatus.CONFLICT,
    "pinned_enough": HTTPStatus.CONFLICT,
    "concerns_own": HTTPStatus.FORBIDDEN,
    "concerns_answers": HTTPStatus.FORBIDDEN,
    "concerns_quotes": HTTPStatus.FORBIDDEN,
    "concerns_reports": HTTPStatus.FORBIDDEN,
    "filter_changed": HTTPStatus.CONFLICT,
    "filter_untried": HTTPStatus.CONFLICT,
    "limit_over": HTTPStatus.CONFLICT,
    "limit_staff": HTTPStatus.FORBIDDEN,
    "limit_there": HTTPStatus.CONFLICT,
    "limited_ban": HTTPStatus.FORBIDDEN,
    "limited_mute": HTTPStatus.FORBIDDEN,
    "limited_slow_author": HTTPStatus.TOO_MANY_REQUESTS,
    "limited_suspend": HTTPStatus.FORBIDDEN,
    "limited_warn": HTTPStatus.FORBIDDEN,
    "appeal_nothing": HTTPStatus.CONFLICT,
    "appeal_waits": HTTPStatus.CONFLICT,
    "appeal_over": HTTPStatus.CONFLICT,
    "appeal_asked": HTTPStatus.CONFLICT,
    "appeal_many": HTTPStatus.CONFLICT,
    "appeal_late": HTTPStatus.CONFLICT,
    "appeal_own_decision": HTTPStatus.FORBIDDEN,
    "undo_never": HTTPStatus.CONFLICT,
    "already_undone": HTTPStatus.CONFLICT,
    "undo_late": HTTPStatus.CONFLICT,
    "decided_since": HTTPStatus.CONFLICT,
    "taken": HTTPStatus.CONFLICT,
    "already_blank": HTTPStatus.CONFLICT,
    "changed_meanwhile": HTTPStatus.CONFLICT,
    "withdrawn_by_author": HTTPStatus.CONFLICT,
    "edit_conflict": HTTPStatus.CONFLICT,
    "not_your_comment": HTTPStatus.FORBIDDEN,
    "edit_gone": HTTPStatus.FORBIDDEN,
    "edit_over": HTTPStatus.FORBIDDEN,
    "edit_never": HTTPStatus.FORBIDDEN,
    "withdraw_gone": HTTPStatus.FORBIDDEN,
    "own_report": HTTPStatus.FORBIDDEN,
    "note_gone": HTTPStatus.CONFLICT,
    "note_closed": HTTPStatus.FORBIDDEN,
    "note_decided": HTTPStatus.CONFLICT,
    "notes_by_newsroom": HTTPStatus.FORBIDDEN,
    "images_off": HTTPStatus.FORBIDDEN,
    "quote_chosen": HTTPStatus.CONFLICT,
    "quote_undone": HTTPStatus.CONFLICT,
}


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def status_of(refused: Refused) -> HTTPStatus:
    return STATUS.get(refused.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def busy(what: str, error: OperationalError) -> Refused:
    """Log that somebody else was writing for too long, and return it as a refusal.

    Reading still works, and so the words are kept.
    """
    logger.error(what, exc_info=error)
    return Refused("busy", facts=(("seconds", BUSY_SECONDS),))


def see_other(request: HttpRequest, url: str, *, as_id: str | None = "") -> HttpResponse:
    """Lead to a page after a form was taken, so that a reload does not send it again."""
    response = HttpResponseRedirect(url)
    response.status_code = HTTPStatus.SEE_OTHER
    return remembered(request, response, as_id=as_id)


def data(
    request: HttpRequest, status: HTTPStatus, *, as_id: str | None = "", **values: Any
) -> HttpResponse:
    """Answer the script after a form was taken."""
    return remembered(request, JsonResponse(values, status=status), as_id=as_id)


def refusal(
    request: HttpRequest, refused: Refused, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Answer a refused form: the page again with what was typed, or a code and its sentence."""
    status = status_of(refused)
    message = sentence(refused)
    if wants_json(request):
        values = {"code": refused.code, "message": message, "field": refused.field}
        response: HttpResponse = JsonResponse(values, status=status)
    else:
        page = {"problem": message, "field": refused.field, **context}
        response = render(request, template, page, status=status)
    wait = dict(refused.facts).get("seconds")
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def unless_moderator(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Return the answer to somebody who may not moderate, or None: a reading guest may sign in."""
    allowed = may_moderate(actor=actor)
    if not isinstance(allowed, Refused):
        return None
    if actor.is_guest and request.method != "POST":
        return redirect_to_login(request.path, settings.LOGIN_URL)
    return refusal(request, allowed, "discussion/not_allowed.html", {})
