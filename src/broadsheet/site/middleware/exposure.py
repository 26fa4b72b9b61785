"""Public or private: what reaches a view, and what its answer may carry.

A public view is given a reduced request (method, configured host, canonical path, allow-listed
query), so that its bytes cannot depend on who asks. A private view's answer is `no-store`. Unsafe
requests pass the origin guard first.
"""

from collections.abc import Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from broadsheet.kit.exposure import Exposure, Mark, mark_of
from broadsheet.kit.origin import ForeignOrigin, check_origin
from broadsheet.pagestore.api import ANYTHING, EVERY_PAGE, SLIP, Slip, collecting

type Handler = Callable[[HttpRequest], HttpResponse]

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# A page nobody declared, such as one that does not exist, is drawn like a public one.
UNKNOWN = Mark(Exposure.PUBLIC)
# What of the server's environment a public render may see: nothing of the caller's.
KEPT_META = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "SERVER_PROTOCOL", "wsgi.url_scheme")


# The fields of our forms in which people write; a refusal gives them back.
TYPED = ("body", "words", "question", "reason", "headline", "standfirst", "text")


class LeakError(Exception):
    """A public page carried something that belongs to one person; it is not sent."""


class ReducedRequest(HttpRequest):
    """A request with nothing of the caller in it; its scheme is that of the settings."""

    broadsheet_reduced = True

    def _get_scheme(self) -> str:
        return str(self.META["wsgi.url_scheme"])


class ExposureMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = _mark(request)
        mark = declared or UNKNOWN
        if request.method not in SAFE_METHODS:
            if mark.exposure is Exposure.PUBLIC:
                return _private(HttpResponseNotAllowed(["GET", "HEAD"]))
            refusal = _guard(request)
            if refusal is not None:
                return _private(refusal)
        if mark.exposure is Exposure.PRIVATE:
            response = self.get_response(request)
            return _private(response)
        slip = request.META.get(SLIP)
        if slip is None or declared is None:
            return _public(request, self.get_response(reduced(request, mark)), mark)
        with collecting(slip):
            response = self.get_response(reduced(request, mark))
        return _to_keep(request, response, mark, slip)


def reduced(request: HttpRequest, mark: Mark) -> HttpRequest:
    """Return the request a public view sees: no cookies, no headers, no session, no person."""
    bare = ReducedRequest()
    host = urlsplit(settings.BROADSHEET_URL)
    bare.method = "GET"
    bare.path, bare.path_info = request.path, request.path_info
    bare.resolver_match = request.resolver_match
    bare.META = {key: request.META[key] for key in KEPT_META if key in request.META}
    port = host.port or (443 if host.scheme == "https" else 80)
    bare.META |= {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": host.netloc,
        "SERVER_NAME": host.hostname or "",
        "SERVER_PORT": str(port),
        "wsgi.url_scheme": host.scheme,
        "HTTP_X_FORWARDED_PROTO": host.scheme,
    }
    query = allowed_query(request.GET, mark)
    bare.META["QUERY_STRING"] = query.urlencode()
    bare.GET = query  # type: ignore[assignment]  # nobody writes to it after this
    bare.user = AnonymousUser()
    return bare


def allowed_query(sent: QueryDict, mark: Mark) -> QueryDict:
    """Return of a query what a route may depend on: the last value of each name, in order."""
    query = QueryDict(mutable=True)
    for name in sorted(mark.query):
        values = sent.getlist(name)
        if values and values[-1]:
            query[name] = values[-1]
    return query


def _mark(request: HttpRequest) -> Mark | None:
    try:
        # Kept for the handler, which would look for it again.
        request.resolver_match = resolve(request.path_info)
    except Resolver404:
        return None
    return mark_of(request.resolver_match.func)


def _guard(request: HttpRequest) -> HttpResponse | None:
    """Refuse a form that did not come from our own pages; what was typed is given back."""
    foreign = _foreign(request)
    if foreign is None:
        return None
    context = {"kept": typed(request), "problem": foreign.code}
    status = HTTPStatus.FORBIDDEN
    return render(reduced(request, UNKNOWN), "broadsheet/refused.html", context, status=status)


def _foreign(request: HttpRequest) -> ForeignOrigin | None:
    try:
        check_origin(
            fetch_site=request.headers.get("Sec-Fetch-Site", ""),
            origin=request.headers.get("Origin", ""),
            referer=request.headers.get("Referer", ""),
            allowed=settings.CSRF_TRUSTED_ORIGINS,
        )
    except ForeignOrigin as error:
        return error
    return None


def sent(request: HttpRequest) -> QueryDict:
    """Return the fields of a form, none where they can no longer be read."""
    try:
        return request.POST
    except (OSError, ValueError):
        return QueryDict()


def typed(request: HttpRequest) -> str:
    """Return what somebody wrote into a form of ours."""
    found = (str(sent(request).get(name, "")) for name in TYPED)
    return "\n\n".join(words for words in found if words.strip())


def may_be_sent_again(request: HttpRequest) -> bool:
    """Say whether this is the form of a public page of ours, and not somebody else's forgery.

    Asked of a request that failed, perhaps before the guard saw it.
    """
    mark = _mark(request)
    return bool(mark and mark.guarded and sent(request)) and _foreign(request) is None


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _public(request: HttpRequest, response: HttpResponse, mark: Mark) -> HttpResponse:
    _declare(request, response, mark)
    if response.status_code != HTTPStatus.OK or response.streaming:
        return response
    etag = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    conditional = get_conditional_response(request, etag=etag, response=response)
    return cast("HttpResponse", conditional)


def _to_keep(request: HttpRequest, response: HttpResponse, mark: Mark, slip: Slip) -> HttpResponse:
    """Answer in full, for the store, which says itself what has not changed."""
    _declare(request, response, mark)
    if response.status_code == HTTPStatus.OK:
        slip.kept = mark.kept
        slip.keys |= {ANYTHING} if mark.shows is None else EVERY_PAGE | mark.shows
    return response


def _declare(request: HttpRequest, response: HttpResponse, mark: Mark) -> None:
    """Say in the headers who may keep the answer. Raises LeakError for one with a cookie."""
    if response.cookies:
        raise LeakError(f"{request.path_info} is public and set a cookie")
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = "no-store"
        return
    if "Vary" in response.headers:
        # The session machinery looked at a cookie that a reduced request does not have.
        del response.headers["Vary"]
    forever = mark.immutable and response.status_code == HTTPStatus.OK
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if forever else "public, max-age=0, must-revalidate"
    )
