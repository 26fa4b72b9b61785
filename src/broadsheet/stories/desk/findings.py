"""The page between the button and what it does: what is to be mended, "go back" and "anyway"."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.stories import rules
from broadsheet.stories.desk import steps, wording
from broadsheet.stories.desk.checking import check_story
from broadsheet.stories.desk.panels import shown
from broadsheet.stories.desk.situation import situation_of
from broadsheet.stories.models import StoryPage


@private
def findings(request: HttpRequest, story: int, verb: str = "") -> HttpResponse:
    """List what the checks found, dead links included; with a verb, do it on POST."""
    page = _draft(request, story)
    asked = _verb(verb)
    if request.method == "POST" and asked is not None:
        return _go_on(request, page, asked)
    found = [shown(finding) for finding in check_story(story=page)]
    user: Any = request.user
    step = rules.next_step(situation=situation_of(page=page, user=user), now=utcnow())
    words = wording.anyway if found else wording.label
    context = {
        "header_title": _("Before it goes out"),
        "page_title": _("Before it goes out"),
        "story": page,
        "findings": found,
        "button": words(_for_verb(step, asked)) if asked else "",
        "revision": page.latest_revision_id,
        "edit_url": reverse("wagtailadmin_pages:edit", args=(page.pk,)),
        "breadcrumbs_items": _breadcrumbs(page),
    }
    return render(request, "stories/desk/findings.html", context)


urls = [
    path("stories/<int:story>/check/", findings, name="stories_check"),
    path("stories/<int:story>/check/<slug:verb>/", findings, name="stories_check"),
]


def _go_on(request: HttpRequest, page: StoryPage, verb: steps.Verb) -> HttpResponse:
    if request.POST.get("revision") != str(page.latest_revision_id):
        messages.warning(request, _("Somebody has changed the story meanwhile. Please look again."))
        return redirect("stories_check", page.pk, verb)
    answer = steps.take(request, story=page, verb=verb, now=utcnow(), confirmed=True)
    return answer or redirect("wagtailadmin_explore", page.get_parent().pk)


def _draft(request: HttpRequest, pk: int) -> StoryPage:
    story = get_object_or_404(StoryPage, pk=pk)
    user: Any = request.user
    draft: StoryPage = story.get_latest_revision_as_object()
    if not draft.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return draft


def _verb(text: str) -> steps.Verb | None:
    if not text:
        return None
    try:
        return steps.Verb(text)
    except ValueError as error:
        raise Http404 from error


def _for_verb(step: rules.Next, verb: steps.Verb) -> rules.Next:
    """The step of the button that was pressed: who may publish can submit as well."""
    if verb is steps.Verb.SUBMIT and step.step is not rules.Step.RESUBMIT:
        return rules.Next(rules.Step.SUBMIT)
    return rules.Next(rules.Step.PUBLISH) if step.step is rules.Step.HOLD else step


def _breadcrumbs(page: StoryPage) -> list[dict[str, str]]:
    edit = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    return [home, {"url": edit, "label": page.title}, {"url": "", "label": _("Check")}]
