"""Notices of illegal content, for readers and authorities; statements of reasons, for staff."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django import forms
from django.core.validators import validate_email
from django.db import OperationalError
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import busy, refusal, see_other, unless_moderator
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.queue import number_of_comment
from broadsheet.discussion.notices.operations import send_notice
from broadsheet.discussion.notices.queries import notice_at
from broadsheet.discussion.notices.reasons import statements
from broadsheet.discussion.rules.noticing import WORDS_LIMIT, Sent
from broadsheet.discussion.rules.reasons import Value
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, private
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

TEMPLATE: Final = "discussion/notice_form.html"
# Statements that an export sends, as they are read: a file of half a gigabyte.
MOST: Final = 500_000
_TYPED: Final = ("address", "words", "law", "name", "email")
_TICKED: Final = ("authority", "abuse", "good_faith")


class NoticeForm(forms.Form):
    """The shape of what is sent; what is missing is the rules' to say."""

    address = forms.CharField(required=False, max_length=500)
    words = forms.CharField(required=False, max_length=20_000)
    law = forms.CharField(required=False, max_length=300)
    name = forms.CharField(required=False, max_length=200)
    email = forms.CharField(required=False, max_length=254)
    authority = forms.BooleanField(required=False)
    abuse = forms.BooleanField(required=False)
    good_faith = forms.BooleanField(required=False)


@guarded
def new(request: HttpRequest) -> HttpResponse:
    """Show the form (GET), with the comment that was chosen; and take a notice (POST)."""
    if request.method != "POST":
        typed = {"address": request.GET.get("comment", "")}
        return render(request, TEMPLATE, {"typed": typed, "limit": WORDS_LIMIT})
    form = NoticeForm(request.POST)
    try:
        require(within_limits(actor=actor_of(request), verb="report"))
        require(ALLOWED if form.is_valid() else Refused("form"))
        number = number_of_comment(form.cleaned_data["address"]) or 0
        require(ALLOWED if number else Refused("notice_address", field="address"))
        done = send_notice(comment_id=number, sent=_sent(form), now=utcnow())
    except queries.UnknownCommentError:
        return _refused(request, Refused("notice_address", field="address"))
    except RefusalError as error:
        return _refused(request, error.verdict)
    except OperationalError as error:
        return _refused(request, busy("A notice could not be written", error))
    return see_other(request, reverse("discussion:notice", args=[done.token]))


@private
@require_safe
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """Tell whoever sent a notice its number, and what was decided."""
    found = notice_at(token=token)
    if found is None:
        raise Http404
    return render(request, "discussion/notice_sent.html", {"notice": found})


@private
@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Send moderators statements of reasons, those after a number, as JSON lines or CSV.

    They are read in parts and sent on, so that their number does not matter to the memory.
    """
    if (other := unless_moderator(request, actor_of(request))) is not None:
        return other
    if ending not in {"csv", "jsonl"}:
        raise Http404
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isdecimal() and len(asked) < 18 else 0  # noqa: PLR2004 - of 64 bits
    found = statements(after=after, limit=MOST)
    kind, lines = ("text/csv", _csv) if ending == "csv" else ("application/jsonl", _jsonl)
    response = StreamingHttpResponse(lines(found), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="statements.{ending}"'
    return response


def _jsonl(found: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    for one in found:
        yield f"{json.dumps(one, ensure_ascii=False)}\n"


def _csv(found: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    # What the writer is given to write to gives the line back.
    rows = csv.writer(_Line())
    yield rows.writerow(FIELDS)
    for one in found:
        yield rows.writerow(_cell(one.get(name, "")) for name in FIELDS)


class _Line:
    def write(self, line: str) -> str:
        return line


FIELDS: Final = (
    *("puid", "decision_visibility", "decision_provision", "decision_account", "decision_ground"),
    *("illegal_content_legal_ground", "illegal_content_explanation"),
    *("incompatible_content_ground", "incompatible_content_explanation", "decision_facts"),
    *("source_type", "automated_detection", "automated_decision", "content_type"),
    *("content_language", "content_date", "application_date", "end_date", "redress"),
    "house_rules_version",
)


def _cell(value: Any) -> str:
    """Return a value for a table, which shall not take words for a formula."""
    said = ";".join(value) if isinstance(value, tuple) else str(value)
    return f"'{said}" if said.startswith(("=", "+", "-", "@", "\t", "\r")) else said


def _sent(form: NoticeForm) -> Sent:
    sent = form.cleaned_data
    email = sent["email"].strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise RefusalError(Refused("notice_email", field="email")) from error
    return Sent(
        words=sent["words"].strip(),
        law=sent["law"].strip(),
        name=sent["name"].strip(),
        email=email,
        authority=sent["authority"],
        abuse=sent["abuse"],
        good_faith=sent["good_faith"],
    )


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Draw the form again with all that was typed and ticked."""
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in _TYPED}
    typed |= {name: name in request.POST for name in _TICKED}
    return refusal(request, refused, TEMPLATE, {"typed": typed, "limit": WORDS_LIMIT})
