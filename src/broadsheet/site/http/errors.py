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

from broadsheet.site.middleware.exposure import typed
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
            message = gettext("Nothing can be written at the moment. Please try again in a minute.")
            values = {"code": "away", "message": message, "field": ""}
            response: HttpResponse = JsonResponse(values, status=HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            kept = {"away": True, "kept": typed(request)}
            response = _page(face, kept, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(AWAY_SECONDS)
    return response


def _page(face: stories.Face, context: dict[str, object], status: HTTPStatus) -> HttpResponse:
    sheet = stylesheet(home=settings.HOME, accent_colour=face.accent)
    context = {"face": face, "stylesheet": sheet.path if sheet else "", **context}
    return HttpResponse(get_template("500.html").render(context), status=status)
