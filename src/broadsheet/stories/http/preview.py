"""A draft, read by a link that ends: for one person, never kept, never found by a search."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.stories.addresses import url_of
from broadsheet.stories.desk.previews import EndedLinkError, UnknownLinkError, story_of_preview
from broadsheet.stories.http.pages import draw
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
    return _secret(draw(request, story, draft=bar))


def _secret(response: HttpResponse) -> HttpResponse:
    """The address is the key: no index keeps it, and no link on the page hands it on."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
