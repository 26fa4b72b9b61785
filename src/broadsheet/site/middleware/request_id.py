"""Every request has an id of our own making; none is accepted from outside."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.site.logs import request_id


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(request_id.get() or secrets.token_hex(8))
        try:
            return self.get_response(request)
        finally:
            request_id.reset(token)
