"""Pages for what went wrong; neither depends on the database."""

import sys
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext

from broadsheet.site.http.again import form_again
from broadsheet.site.middleware.exposure import sent, typed
from broadsheet.site.theme import stylesheet
from broadsheet.stories import api as stories


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def no_access(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


# A database that was stopped is usually back by then.
AWAY_SECONDS: Final = 10


def broken(request: HttpRequest) -> HttpResponse:
    """Say so in the publication's name and language as they were last known.

    When it was the database that is not there, or cannot write, whoever sent a form is given back
    what they typed.
    """
    face = stories.known_publication()
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    with translation.override(face.language):
        if not away:
            return _page(face, {}, HTTPStatus.INTERNAL_SERVER_ERROR)
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            values = {"code": "away", "message": _sentence(request), "field": ""}
            response: HttpResponse = JsonResponse(values, status=HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            kept: dict[str, object] = {
                "away": True,
                "form": form_again(request),
                "kept": typed(request),
            }
            response = _page(face, kept, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(AWAY_SECONDS)
    return response


def _sentence(request: HttpRequest) -> str:
    """Say to a script what holds, and where the words are: it keeps those of a comment."""
    if sent(request).get("body", "").strip():
        return gettext(
            "Nothing can be written at the moment. What you wrote is kept on this device;"
            " please send it again in a minute."
        )
    if typed(request):
        return gettext(
            "Nothing can be written at the moment. What you wrote is still here;"
            " please send it again in a minute."
        )
    return gettext("Nothing can be written at the moment. Please try again in a minute.")


def _page(face: stories.Face, context: dict[str, object], status: HTTPStatus) -> HttpResponse:
    sheet = stylesheet(home=settings.HOME, accent_colour=face.accent)
    context = {"face": face, "stylesheet": sheet.path if sheet else "", **context}
    return HttpResponse(get_template("500.html").render(context), status=status)
