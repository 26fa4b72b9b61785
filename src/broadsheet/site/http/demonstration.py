"""Seeing the demonstration as somebody of its cast. On any other site there is nothing here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from broadsheet.kit.actor import STAFF
from broadsheet.kit.exposure import guarded, private
from broadsheet.readers import api as readers

# Addresses that turn away whoever is not staff.
STAFF_ONLY = ("/desk/", "/moderation/queue/")


def only_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view exist in the demonstration alone."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMONSTRATION:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@private
@only_here
@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Say as whom the visitor sees the demonstration, for the bar of a public page."""
    from broadsheet.site.demo.bar import persona_of  # noqa: PLC0415 - a real site never loads it

    return JsonResponse({"persona": persona_of(request)})


@guarded
@only_here
@require_POST
def see_as(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast, or out to be a guest, and return to the page one came from."""
    from broadsheet.site.demo import people  # noqa: PLC0415 - as above

    persona = request.POST.get("persona", "")
    if persona not in people.PERSONAS:
        raise Http404
    back = request.POST.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    if persona not in set(map(str, STAFF)) and back.startswith(STAFF_ONLY):
        back = "/"
    if persona == people.GUEST:
        logout(request)
        return HttpResponseRedirect(back)
    user = readers.user_by_email(email=people.email_of(persona))
    if user is None:
        # The setting alone makes nobody: on a site that was not loaded from our files it is empty.
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(back)
