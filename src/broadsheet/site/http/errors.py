"""Pages for what went wrong; neither depends on the database."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation

from broadsheet.site.theme import stylesheet
from broadsheet.stories import api as stories


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def no_access(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def broken(request: HttpRequest) -> HttpResponse:
    """Say so in the publication's name and language as they were last known."""
    face = stories.known_publication()
    sheet = stylesheet(home=settings.HOME, accent_colour=face.accent)
    context = {"face": face, "stylesheet": sheet.path if sheet else ""}
    with translation.override(face.language):
        page = get_template("500.html").render(context)
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
