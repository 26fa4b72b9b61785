"""A draft, read by a link that ends: for one person, never kept, never found by a search."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.stories.addresses import url_of
from broadsheet.stories.desk.previews import (
    EndedLinkError,
    UnknownLinkError,
    document_of_preview,
    story_of_preview,
)
from broadsheet.stories.http.documents import sent
from broadsheet.stories.http.pages import draw
from broadsheet.stories.models import NewsDocument
from broadsheet.stories.shown import DraftBar


@private
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the latest draft with the template that readers get."""
    try:
        story, until = story_of_preview(token=token, now=utcnow())
    except UnknownLinkError as error:
        raise Http404 from error
    except EndedLinkError:
        gone = render(request, "stories/preview_gone.html", status=HTTPStatus.GONE)
        return _secret(gone)
    bar = DraftBar(
        until=until,
        embargo_until=story.embargo_until,
        live_url=url_of(story) if story.live else "",
    )

    def address(document: NewsDocument) -> str:
        where = [token, document.pk, document.filename]
        return reverse("stories:preview_document", args=where)

    return _secret(draw(request, story, draft=bar, address=address))


@private
@require_safe
def document(request: HttpRequest, token: str, number: str, name: str) -> HttpResponseBase:
    """Send a document that the latest draft shows, for as long as the link to it lasts."""
    try:
        found = document_of_preview(token=token, number=int(number), name=name, now=utcnow())
    except (UnknownLinkError, EndedLinkError) as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return _secret(sent(found))


def _secret[Answer: HttpResponseBase](response: Answer) -> Answer:
    """The address is the key: no index keeps it, and no link on the page hands it on."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
