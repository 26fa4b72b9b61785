"""Sitemaps for search engines, by month, and the short one that news is found by.

Formats: https://www.sitemaps.org/protocol.html and Google's news extension.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public
from broadsheet.kit.html import printable
from broadsheet.pagestore.api import true_until
from broadsheet.stories import archive, inventory
from broadsheet.stories.inventory import Place
from broadsheet.stories.publication.queries import publication

_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"
# Google reads two days of news, a thousand stories at most.
NEWS_AGE: Final = timedelta(days=2)
NEWS_LENGTH: Final = 1000
MOMENT: Final = timedelta(microseconds=1)


@public(shows=())
def index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps: the pages that stay, and each month's stories."""
    months = (month.first for year in archive.years() for month in year.months)
    names = ["pages", *(f"{first:%Y-%m}" for first in months)]
    lines = (f"<sitemap><loc>{_whole(f'/sitemap/{name}.xml')}</loc></sitemap>" for name in names)
    return _document("sitemapindex", lines)


@public(shows=())
def pages(request: HttpRequest) -> HttpResponse:
    """List what is no story: the front, sections, plain pages, topics, series and people."""
    return _document("urlset", map(_url, inventory.standing_pages()))


@public(shows=())
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """List the stories that were published in a month."""
    found = inventory.stories_of_month(year=int(year), month=int(month))
    if not found:
        raise Http404
    return _document("urlset", map(_url, found))


@public(shows=())
def news(request: HttpRequest) -> HttpResponse:
    """List the stories of the last two days, as news."""
    face = publication(now=utcnow())
    since = utcnow() - NEWS_AGE
    found: Sequence[inventory.News] = inventory.news(since=since, most=NEWS_LENGTH)
    # The oldest goes when nothing but time has passed.
    true_until(*(story.published_at + NEWS_AGE + MOMENT for story in found[-1:]))
    lines = (
        f"<url><loc>{_whole(story.url)}</loc><news:news><news:publication>"
        f"<news:name>{_text(face.name)}</news:name>"
        f"<news:language>{_text(story.language.partition('-')[0])}</news:language>"
        f"</news:publication>"
        f"<news:publication_date>{_moment(story.published_at)}</news:publication_date>"
        f"<news:title>{_text(story.headline)}</news:title></news:news></url>"
        for story in found
    )
    return _document("urlset", lines, extra=f' xmlns:news="{_NEWS}"')


def _url(place: Place) -> str:
    changed = f"<lastmod>{_moment(place.changed_at)}</lastmod>" if place.changed_at else ""
    return f"<url><loc>{_whole(place.url)}</loc>{changed}</url>"


def _document(root: str, lines: Iterable[str], *, extra: str = "") -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITEMAP}"{extra}>'
    text = "\n".join((head, *lines, f"</{root}>\n"))
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _whole(path: str) -> str:
    return escape(str(settings.BROADSHEET_URL) + path)


def _text(text: str) -> str:
    return escape(printable(text))


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
