"""Addresses of the site this one was before: `/?p=12` and its kin, and paths that lead nowhere."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)

from broadsheet.importing import api as importing

# The only query parameters by which WordPress addresses a page.
QUERY_NAMES = ("p", "page_id", "attachment_id", "cat", "feed")


class OldAddressMiddleware:
    """Asks where an old address leads; stands before the query of a public request is reduced."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        by_query = request.path_info == "/" and any(name in request.GET for name in QUERY_NAMES)
        if by_query:
            target = _target(request)
            # Or to the front page as it is kept, which would be drawn anew for each number.
            return _leading(
                HttpResponsePermanentRedirect(target) if target else HttpResponseRedirect("/")
            )
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and (target := _target(request)):
            return _leading(HttpResponsePermanentRedirect(target))
        return response


def _leading(response: HttpResponse) -> HttpResponse:
    """Have nobody keep where an address leads: a newsroom may let it lead elsewhere tomorrow."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _target(request: HttpRequest) -> str | None:
    return importing.old_address(path=request.path_info, query=request.META.get("QUERY_STRING", ""))
