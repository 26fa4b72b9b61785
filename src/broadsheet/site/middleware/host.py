"""A request for another host is not for this site.

Such a request comes from a name that somebody else points at this machine (and its scripts would
count as ours), or from a proxy that does not pass on which site was asked for.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.site.middleware.exposure import UNKNOWN, reduced

logger = logging.getLogger(__name__)

# A balancer asks a machine by its number.
ASKED_BY_NUMBER = "/readyz"
MISDIRECTED = 421


class HostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == ASKED_BY_NUMBER:
            request.META["HTTP_HOST"] = urlsplit(settings.BROADSHEET_URL).netloc
        try:
            request.get_host()
        except DisallowedHost:
            asked = request.META.get("HTTP_HOST", "")[:100]
            logger.warning("A request for another host, %r, was turned away", asked)
            return _misdirected(request)
        return self.get_response(request)


def _misdirected(request: HttpRequest) -> HttpResponse:
    response = render(reduced(request, UNKNOWN), "broadsheet/misdirected.html", status=MISDIRECTED)
    response.headers["Cache-Control"] = "no-store"
    return response
