"""Publishing many pages at once, from a list: those under embargo are named, and none goes out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from broadsheet.kit.clock import utcnow
from broadsheet.kit.verdict import Refused
from broadsheet.stories import rules
from broadsheet.stories.desk import wording
from broadsheet.stories.models import StoryPage


def refuse_embargoed(
    request: HttpRequest, action_type: str, objects: Sequence[Page], action: Any
) -> HttpResponse | None:
    """Say which of them is under embargo, and until when; None where nothing is in the way."""
    if action_type != "publish":
        return None
    deep = bool(action.cleaned_form.cleaned_data.get("include_descendants"))
    refusals = list(_refusals(objects, deep=deep, now=utcnow()))
    for story, refusal in refusals:
        messages.error(request, f"“{story.title}”: {wording.explain(refusal)}")
    return redirect(action.next_url) if refusals else None


def _refusals(
    objects: Sequence[Page], *, deep: bool, now: datetime
) -> Iterator[tuple[StoryPage, Refused]]:
    for story in _stories(objects, deep=deep):
        draft = story.get_latest_revision_as_object()
        verdict = rules.may_publish(
            embargo_until=draft.embargo_until, go_live_at=draft.go_live_at, now=now
        )
        if isinstance(verdict, Refused):
            yield draft, verdict


def _stories(objects: Sequence[Page], *, deep: bool) -> Iterator[StoryPage]:
    yield from StoryPage.objects.filter(pk__in=[page.pk for page in objects]).order_by("pk")
    if deep:
        for page in objects:
            yield from StoryPage.objects.descendant_of(page).not_live().order_by("pk")
