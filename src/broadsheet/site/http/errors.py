"""Pages for what went wrong; neither depends on the database."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    page = get_template("500.html").render({})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
