"""Reporting a comment: a page with a form, and with thanks once it was sent."""

from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import busy, data, refusal, see_other, wants_json
from broadsheet.discussion.http.forms import ReportForm
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.wording import rules_of_the_house
from broadsheet.discussion.reports.operations import report_comment
from broadsheet.discussion.rules.reporting import WORDS_LIMIT
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require


@guarded
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Show a comment with a form to report it (GET), and take the report (POST)."""
    if request.method != "POST":
        actor = actor_of(request)
        reported = queries.has_reported(owner=actor.id, number=number)
        context = _context(number) | {"reported": reported}
        return render(request, "discussion/report.html", context)
    form = ReportForm(request.POST)
    actor = actor_of(request)
    try:
        require(ALLOWED if form.is_valid() else Refused("form"))
        require(within_limits(actor=actor, verb="report"))
        report_comment(
            actor=actor,
            comment_id=number,
            rule=form.cleaned_data["rule"],
            words=form.cleaned_data["words"],
            now=utcnow(),
        )
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, number, error.verdict)
    except OperationalError as error:
        return _refused(request, number, busy("A report could not be written", error))
    if wants_json(request):
        message = gettext("Thank you. A moderator will read your report.")
        return data(request, HTTPStatus.CREATED, number=number, message=message)
    return see_other(request, reverse("discussion:report", args=[number]))


def _refused(request: HttpRequest, number: int, refused: Refused) -> HttpResponse:
    """Draw the form again with what was typed."""
    if wants_json(request):
        return refusal(request, refused, "discussion/report.html", {})
    typed = {"rule": request.POST.get("rule", ""), "words": request.POST.get("words", "")}
    return refusal(request, refused, "discussion/report.html", _context(number) | {"typed": typed})


def _context(number: int) -> dict[str, Any]:
    page = queries.comment_page(number=number)
    if page is None:
        raise Http404
    rules = rules_of_the_house(queries.current_rules())
    return {"comment": page.comment, "rules": rules, "limit": WORDS_LIMIT}
