"""The public pages: the present month with how to give, and the books of every month."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from broadsheet.funding import books
from broadsheet.funding.http.context import meter_context
from broadsheet.funding.rules import CalendarMonth
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public


@public(query=("after",), shows=())
def support(request: HttpRequest) -> HttpResponse:
    """Show the present month; without a campaign, say so plainly."""
    page = books.support_page(now=utcnow(), after=_after(request))
    return _drawn(request, page, reverse("funding:support"), dated=False)


@public(query=("after",), shows=())
def month(request: HttpRequest, month: str) -> HttpResponse:
    """Show the books of one month, which stays at this address for good."""
    try:
        wanted = CalendarMonth.parse(month)
    except ValueError as error:
        raise Http404 from error
    page = books.support_page(now=utcnow(), month=wanted, after=_after(request))
    if page is None:
        raise Http404
    return _drawn(request, page, reverse("funding:month", args=[wanted]), dated=True)


@public(shows=())
def moved(request: HttpRequest) -> HttpResponse:
    """Show the meter alone, for pages that are open while it moves."""
    return render(request, "funding/moved.html", meter_context())


def _drawn(
    request: HttpRequest, page: books.SupportPage | None, path: str, *, dated: bool
) -> HttpResponse:
    context = {
        "page": page,
        "meter": page.meter if page else None,
        "dated": dated,
        "canonical": settings.BROADSHEET_URL + path,
    }
    return render(request, "funding/support.html", context)


def _after(request: HttpRequest) -> int | None:
    """Read the key of a page of entries; one that we never wrote is no page of ours."""
    text = request.GET.get("after", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - fits 64 bits
        raise Http404
    return int(text)
