"""What other sites may show of a story: oEmbed (https://oembed.com/), as a link with its words.

No script comes with it, and nothing that could tell who reads.
"""

import json
from html import escape
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape as xml_escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public
from broadsheet.kit.html import printable
from broadsheet.stories import queries
from broadsheet.stories.cards import cards_of
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publication.queries import publication
from broadsheet.stories.shown import Card

_WIDTH: Final = 600
_NARROWEST: Final = 200


@public(query=("format", "maxwidth", "url"), shows=())
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer for a story's address, 404 for any other, 501 for a format that is not there."""
    wanted = request.GET.get("format") or "json"
    if wanted not in {"json", "xml"}:
        return HttpResponse(status=HTTPStatus.NOT_IMPLEMENTED)
    card = _story_at(request.GET.get("url", ""))
    if card is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    answer = _answer(card, most=_number(request.GET.get("maxwidth", "")))
    if wanted == "json":
        text, kind = json.dumps(answer, ensure_ascii=False), "application/json"
    else:
        text, kind = _xml(answer), "text/xml"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    # It is made to be read by other sites' pages.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _story_at(url: str) -> Card | None:
    try:
        parts, own = urlsplit(url), urlsplit(settings.BROADSHEET_URL)
        if (parts.scheme, parts.netloc.lower()) != (own.scheme, own.netloc):
            return None
    except ValueError:
        return None
    path = unquote(parts.path)
    if printable(path) != path:
        return None
    page = queries.live_page(path=path)
    cards = cards_of(story_ids=[page.pk]) if isinstance(page, StoryPage) else ()
    return cards[0] if cards else None


def _answer(card: Card, *, most: int | None) -> dict[str, Any]:
    """Compose the answer. `most` is the width that was asked for, in CSS pixels, if one was."""
    width = max(_NARROWEST, min(_WIDTH, most or _WIDTH))
    face, base = publication(now=utcnow()), settings.BROADSHEET_URL
    url = escape(base + card.url)
    words = f"<p>{escape(card.standfirst)}</p>" if card.standfirst else ""
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": card.headline,
        "author_name": ", ".join(card.bylines) or face.name,
        "provider_name": face.name,
        "provider_url": base + "/",
        "cache_age": 3600,
        "html": f'<blockquote cite="{url}"><p><a href="{url}">{escape(card.headline)}</a></p>'
        f"{words}<footer>{escape(face.name)}</footer></blockquote>",
        "width": width,
        "height": None,
    }
    if card.picture and card.picture.width <= (most or card.picture.width):
        answer |= {
            "thumbnail_url": base + card.picture.src,
            "thumbnail_width": card.picture.width,
            "thumbnail_height": card.picture.height,
        }
    return answer


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004 - no screen is wider


def _xml(answer: dict[str, Any]) -> str:
    inside = "".join(
        f"<{name}>{xml_escape(printable(str(value)))}</{name}>"
        for name, value in answer.items()
        if value is not None
    )
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inside}</oembed>\n'
