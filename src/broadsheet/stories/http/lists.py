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
from broadsheet.stories.shown import ShownMonth, ShownPerson, ShownSubject


def found_or_404[Page](read: Callable[[], Page | None]) -> Page:
    """Return what was read; nothing there, or a cursor that is not ours, is 404."""
    try:
        page = read()
    except UnknownCursorError as error:
        raise Http404 from error
    if page is None:
        raise Http404
    return page


@public(query=("after",), shows=())
def person(request: HttpRequest, slug: str) -> HttpResponse:
    page = _page(request, lambda after: subjects.person(slug=slug, after=after))
    return _listed(request, "person", page, person=page, jsonld=jsonld.of_person(page))


@public(query=("after",), shows=())
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    page = _page(request, lambda after: subjects.topic(slug=slug, after=after))
    return _listed(request, "topic", page, subject=page, jsonld=jsonld.of_subject(page))


@public(query=("after",), shows=())
def series(request: HttpRequest, slug: str) -> HttpResponse:
    page = _page(request, lambda after: subjects.series(slug=slug, after=after))
    return _listed(request, "whole_series", page, subject=page, jsonld=jsonld.of_subject(page))


@public(shows=())
def archive_years(request: HttpRequest) -> HttpResponse:
    return _draw(request, "archive", years=archive.years(), url="/archive/")


@public(query=("after",), shows=())
def archive_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    page = _page(
        request, lambda after: archive.month(year=int(year), number=int(month), after=after)
    )
    return _listed(request, "month", page, month=page)


@public(query=("after", "q"), shows=("search",))
def search_stories(request: HttpRequest) -> HttpResponse:
    after, query = request.GET.get("after", ""), request.GET.get("q", "")
    found = found_or_404(lambda: search.search(query=query, after=after))
    return _draw(request, "search", found=found, after=after, url="/search/")


def _page[Page](request: HttpRequest, read: Callable[[str], Page | None]) -> Page:
    """Return the stretch of a list that a request asks for."""
    return found_or_404(lambda: read(request.GET.get("after", "")))


def _listed(
    request: HttpRequest,
    name: str,
    page: ShownPerson | ShownSubject | ShownMonth,
    **context: Any,
) -> HttpResponse:
    """Draw a page that is a list, from its place on."""
    after = request.GET.get("after", "")
    return _draw(request, name, url=page.url, listed=page.listed, after=after, **context)


def _draw(request: HttpRequest, name: str, *, url: str, **context: Any) -> HttpResponse:
    context["canonical"] = settings.BROADSHEET_URL + url
    return render(request, f"stories/{name}.html", context)
