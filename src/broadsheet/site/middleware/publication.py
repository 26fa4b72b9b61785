"""Every request is answered in the publication's language and time zone, the same for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.kit.clock import utcnow
from broadsheet.site.in_force import in_force


class PublicationMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_force(now=utcnow()):
            return self.get_response(request)
