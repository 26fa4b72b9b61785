"""Changing and taking back what one wrote: two pages that only its author can use."""

from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from broadsheet.discussion import queries
from broadsheet.discussion.editing.operations import Edited, edit_comment, withdraw_comment
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import (
    busy,
    data,
    refusal,
    see_other,
    status_of,
    wants_json,
)
from broadsheet.discussion.http.forms import EditForm
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.wording import rule_sentence, sentence
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, Verdict, require


@guarded
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Show a comment's words to its author, to be changed (GET), and take them (POST)."""
    if request.method != "POST":
        own = _own(request, number)
        verdict = own.may_edit if own else Refused("not_your_comment")
        return _shown(request, verdict, "discussion/edit.html", _context(number, own))
    form = EditForm(request.POST)
    actor = actor_of(request)
    try:
        require(ALLOWED if form.is_valid() else Refused("form"))
        require(within_limits(actor=actor, verb="edit"))
        edited = edit_comment(
            actor=actor,
            comment_id=number,
            source=form.cleaned_data["body"],
            seen=form.cleaned_data["seen"],
            policy=policy(),
            now=utcnow(),
        )
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, number, error.verdict)
    except OperationalError as error:
        return _refused(request, number, busy("A comment could not be changed", error))
    return _edited(request, edited)


@guarded
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Ask whether a comment shall be taken back (GET), and take it back (POST)."""
    if request.method != "POST":
        own = _own(request, number)
        verdict = own.may_withdraw if own else Refused("not_your_comment")
        return _shown(request, verdict, "discussion/withdraw.html", _context(number, own))
    actor = actor_of(request)
    try:
        require(within_limits(actor=actor, verb="edit"))
        withdrawn = withdraw_comment(actor=actor, comment_id=number, now=utcnow())
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        context = {} if wants_json(request) else _context(number, _own(request, number))
        return refusal(request, error.verdict, "discussion/withdraw.html", context)
    own_page = reverse("discussion:status", args=[number])
    url = addresses.permalink(number) if withdrawn.has_place else own_page
    if not wants_json(request):
        return see_other(request, url)
    message = gettext("Your comment is withdrawn.")
    return data(request, HTTPStatus.OK, state="removed", number=number, url=url, message=message)


def _own(request: HttpRequest, number: int) -> queries.OwnComment | None:
    """Return the comment if it is the asker's own. Raises Http404 for one nobody knows of."""
    own = queries.own_comment(actor=actor_of(request), number=number, policy=policy(), now=utcnow())
    if own is None and not queries.is_standing(number=number):
        raise Http404
    return own


def _context(number: int, own: queries.OwnComment | None) -> dict[str, Any]:
    return {"number": number, "own": own, "policy": policy()}


def _shown(
    request: HttpRequest, verdict: Verdict, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Draw the page with its form, or with the reason why there is none."""
    if isinstance(verdict, Refused):
        context |= {"problem": sentence(verdict), "over": True}
        return render(request, template, context, status=status_of(verdict))
    return render(request, template, context)


def _refused(request: HttpRequest, number: int, refused: Refused) -> HttpResponse:
    """Draw the form again with what was typed; after somebody else's edit with both texts."""
    if wants_json(request):
        return refusal(request, refused, "discussion/edit.html", {})
    own = _own(request, number)
    context = _context(number, own) | {
        "typed": request.POST.get("body", ""),
        "over": own is None or not own.may_edit,
        "conflict": refused.code == "edit_conflict",
    }
    return refusal(request, refused, "discussion/edit.html", context)


def _edited(request: HttpRequest, edited: Edited) -> HttpResponse:
    public_now = edited.state == "published"
    own_page = reverse("discussion:status", args=[edited.number])
    url = addresses.permalink(edited.number) if public_now else own_page
    if not wants_json(request):
        return see_other(request, url)
    message = gettext("Your comment is changed.")
    if not public_now:
        why = {"why": rule_sentence(edited.rule)}
        message = gettext("Your comment waits for a moderator: %(why)s.") % why
    return data(
        request,
        HTTPStatus.OK if public_now else HTTPStatus.ACCEPTED,
        state=edited.state,
        number=edited.number,
        revision=edited.revision,
        url=url,
        message=message,
    )
