"""The publisher's own style sheet."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from broadsheet.kit.exposure import public
from broadsheet.site.theme import stylesheet
from broadsheet.stories import api as stories


@public(immutable=True, shows=())
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer the style at the address that holds its hash; an older address leads to the present.

    A page that somebody kept still names the style of its day.
    """
    sheet = stylesheet(home=settings.HOME, accent_colour=stories.known_publication().accent)
    if sheet is None:
        raise Http404
    if digest != sheet.digest:
        return HttpResponseRedirect(sheet.path, status=HTTPStatus.FOUND)
    return HttpResponse(sheet.css, content_type="text/css; charset=utf-8")
