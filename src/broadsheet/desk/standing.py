"""The desk's page on accounts: who is here, and who may read but not write."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers import api as readers

REASON_LIMIT = 300
REFUSALS = {
    "ban_self": gettext_lazy("You cannot ban yourself."),
    "ban_staff": gettext_lazy("Only the owner can ban staff, and nobody the owner."),
    "not_moderator": gettext_lazy("Only moderators can do this."),
}


class ModeratorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(readers.may_limit(actor=_actor(request)))


def moderation_item() -> MenuItem:
    return ModeratorsMenuItem(
        gettext_lazy("Moderation"),
        reverse("discussion:moderation"),
        icon_name="comment",
        order=310,
    )


def readers_item() -> MenuItem:
    return ModeratorsMenuItem(
        gettext_lazy("Readers"), reverse("readers"), icon_name="group", order=320
    )


@private
def listing(request: HttpRequest) -> HttpResponse:
    """List accounts with their standing."""
    _moderator(request)
    after = None
    with suppress(ValueError):
        after = int(request.GET.get("after", ""))
    search = request.GET.get("q", "")
    context = {
        "page_title": _("Readers"),
        "found": readers.accounts(search=search, after=after),
        "search": search,
        "reason_limit": REASON_LIMIT,
    }
    return render(request, "desk/readers/listing.html", context)


@private
@require_POST
def ban(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop an account from writing; the reason is kept with it."""
    actor, user = _moderator(request), _user(uuid)
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    if not reason or len(reason) > REASON_LIMIT:
        limit = {"limit": REASON_LIMIT}
        messages.error(request, _("Say why, in at most %(limit)s characters.") % limit)
        return redirect("readers")
    try:
        readers.ban(actor=actor, user=user, reason=reason, now=utcnow())
    except RefusalError as error:
        messages.error(request, REFUSALS[error.verdict.code])
    else:
        messages.success(request, _("%(name)s can read and no longer write.") % _name(user))
    return redirect("readers")


@private
@require_POST
def lift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let an account write again."""
    actor, user = _moderator(request), _user(uuid)
    try:
        readers.lift_ban(actor=actor, user=user, now=utcnow())
    except RefusalError as error:
        messages.error(request, REFUSALS[error.verdict.code])
    else:
        messages.success(request, _("%(name)s can write again.") % _name(user))
    return redirect("readers")


def _actor(request: HttpRequest) -> Actor:
    user: Any = request.user
    return readers.actor_for(user)


def _moderator(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if not readers.may_limit(actor=actor):
        raise PermissionDenied
    return actor


def _user(uuid: UUID) -> Any:
    user = readers.user_by_uuid(uuid=uuid)
    if user is None:
        raise Http404
    return user


def _name(user: Any) -> dict[str, Any]:
    return {"name": user.shown_name}


urls: Sequence[URLPattern] = (
    path("readers/", listing, name="readers"),
    path("readers/<uuid:uuid>/ban/", ban, name="readers_ban"),
    path("readers/<uuid:uuid>/lift/", lift, name="readers_lift"),
)
