"""The desk's page on preview links: make one, copy it, take all of them back."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.readers.api import actor_for
from broadsheet.stories.desk import previews, wording
from broadsheet.stories.models import StoryPage


def buttons(*, page: Page, user: Any, view_name: str) -> Iterator[Button]:
    """The line in the editor's menu of more, for who may edit the story."""
    if view_name != "edit" or not isinstance(page, StoryPage):
        return
    if page.permissions_for_user(user).can_edit():
        url = reverse("stories_previews", args=(page.pk,))
        yield Button(_("Share a preview"), url, icon_name="link", priority=35)


@private
def sharing(request: HttpRequest, story: int) -> HttpResponse:
    """List the links that are valid; on POST make one, or take all back."""
    page = get_object_or_404(StoryPage, pk=story)
    user: Any = request.user
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    if request.method == "POST":
        _change(request, page)
        here = reverse("stories_previews", args=(page.pk,))
        return HttpResponseRedirect(here, status=HTTPStatus.SEE_OTHER)
    now = utcnow()
    edit = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    context = {
        "header_title": _("Share a preview"),
        "page_title": _("Share a preview"),
        "story": page,
        "days": [(days, _lasting(days)) for days in previews.DAYS],
        "links": [
            (settings.BROADSHEET_URL + link.path, wording.moment(link.expires_at))
            for link in previews.previews_of(story=page, now=now)
        ],
        "edit_url": edit,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": edit, "label": page.draft_title},
            {"url": "", "label": _("Share a preview")},
        ],
    }
    return render(request, "stories/desk/sharing.html", context)


urls = [path("stories/<int:story>/previews/", sharing, name="stories_previews")]


def _change(request: HttpRequest, page: StoryPage) -> None:
    user: Any = request.user
    actor, now = actor_for(user), utcnow()
    if "revoke" in request.POST:
        ended = previews.revoke_previews(actor=actor, story=page, now=now)
        words = ngettext("%(n)s link is ended.", "%(n)s links are ended.", ended) % {"n": ended}
        messages.success(request, words)
        return
    try:
        days = int(request.POST.get("days", ""))
        previews.share_preview(actor=actor, story=page, days=days, now=now)
    except ValueError:
        messages.error(request, _("Choose how long the link should be valid."))
    else:
        messages.success(request, _("The link is ready. Whoever has it can read the draft."))


def _lasting(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
