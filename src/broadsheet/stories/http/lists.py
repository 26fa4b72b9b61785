"""Public pages that list stories: people, topics, series, the archive, search."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.kit.exposure import public
from broadsheet.stories import archive, search, subjects
from broadsheet.stories.cursors import UnknownCursorError
from broadsheet.stories.http import jsonld


def found_or_404[Page](read: Callable[[], Page | None]) -> Page:
    """Return what was read; nothing there, or a cursor that is not ours, is 404."""
    try:
        page = read()
    except UnknownCursorError as error:
        raise Http404 from error
    if page is None:
        raise Http404
    return page


@public(query=("after",))
def person(request: HttpRequest, slug: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = found_or_404(lambda: subjects.person(slug=slug, after=after))
    said = {"jsonld": jsonld.of_person(page)}
    return _draw(
        request, "person", person=page, listed=page.listed, after=after, url=page.url, **said
    )


@public(query=("after",))
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = found_or_404(lambda: subjects.topic(slug=slug, after=after))
    said = {"jsonld": jsonld.of_subject(page)}
    return _draw(
        request, "topic", subject=page, listed=page.listed, after=after, url=page.url, **said
    )


@public(query=("after",))
def series(request: HttpRequest, slug: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = found_or_404(lambda: subjects.series(slug=slug, after=after))
    said = {"jsonld": jsonld.of_subject(page)}
    return _draw(
        request, "whole_series", subject=page, listed=page.listed, after=after, url=page.url, **said
    )


@public()
def archive_years(request: HttpRequest) -> HttpResponse:
    return _draw(request, "archive", years=archive.years(), url="/archive/")


@public(query=("after",))
def archive_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = found_or_404(
        lambda: archive.month(year=int(year), number=int(month), after=after),
    )
    return _draw(request, "month", month=page, listed=page.listed, after=after, url=page.url)


@public(query=("after", "q"))
def search_stories(request: HttpRequest) -> HttpResponse:
    after, query = request.GET.get("after", ""), request.GET.get("q", "")
    found = found_or_404(lambda: search.search(query=query, after=after))
    return _draw(request, "search", found=found, after=after, url="/search/")


def _draw(request: HttpRequest, name: str, *, url: str, **context: Any) -> HttpResponse:
    context["canonical"] = settings.BROADSHEET_URL + url
    return render(request, f"stories/{name}.html", context)
