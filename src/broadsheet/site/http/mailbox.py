"""The demonstration's mailbox: mail that did not leave, shown on this machine alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.kit.exposure import private
from broadsheet.kit.hosts import is_loopback
from broadsheet.outbox import api as outbox


@private
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest messages.

    Anybody could sign in with the codes in it, so it exists only where `mail` is `mailbox`, and
    answers only to this machine: asked by a name of it, and serving readers nowhere else, for
    behind a proxy everybody comes from here.
    """
    if settings.CONFIG["mail"] != "mailbox" or not _is_local(request):
        raise Http404
    return render(request, "broadsheet/mailbox.html", {"messages_sent": outbox.latest(limit=50)})


def _is_local(request: HttpRequest) -> bool:
    return (
        request.META.get("REMOTE_ADDR", "") in {"127.0.0.1", "::1"}
        and is_loopback(settings.BROADSHEET_URL)
        and is_loopback(request.get_host())
    )
