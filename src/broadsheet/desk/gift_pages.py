"""What the desk's pages on money share: who may see them, a form that does one thing."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.desk.gift_forms import language
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for

ICON = "table"

type Keeping[**P] = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]


def keeper[**P](view: Keeping[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only those pass who keep the books, and hand the view the actor.

    Wagtail answers the others: back to the desk's first page, with a word of why.
    """

    @private
    @wraps(view)
    def kept(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = actor_of(request)
        if not funding.may_keep_books(actor=actor):
            raise PermissionDenied
        return view(request, actor, *args, **kwargs)

    return kept


def handled(  # the one shape of all these pages: a form, what it does, and the words around it
    request: HttpRequest,
    form: forms.Form,
    book: Callable[[dict[str, Any]], HttpResponse],
    title: str,
    button: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Do what the form asks; a refusal is shown on the form, which keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return book(form.cleaned_data)
        except RefusalError as refusal:
            field = refusal.verdict.field
            sentence = funding.explain(refusal.verdict, locale=language())
            form.add_error(field if field in form.fields else None, sentence)
    context = {"form": form, "submit_button_label": button} | (extra or {})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, "form", title, context, status)


def page(
    request: HttpRequest,
    name: str,
    title: str,
    context: dict[str, Any],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    furniture = {"page_title": title, "header_title": title, "header_icon": ICON}
    return render(request, f"desk/gifts/{name}.html", furniture | context, status=status)


def month_name(month: funding.CalendarMonth) -> str:
    return funding.month_name(month=month, locale=language())


def the_campaign() -> funding.About:
    about = funding.campaign()
    if about is None:
        raise Http404
    return about


def actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        raise PermissionDenied
    return actor_for(request.user)


def today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
