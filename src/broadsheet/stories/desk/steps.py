"""From a pressed button to a verb: refuse, show what is to be mended, or do it and say so."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for
from broadsheet.stories import rules
from broadsheet.stories.addresses import url_of
from broadsheet.stories.desk import operations, wording
from broadsheet.stories.desk.checking import check_story
from broadsheet.stories.desk.situation import situation_of
from broadsheet.stories.models import StoryPage

_COMMENTS: Final = "stories.approval_comments"


class Verb(StrEnum):
    """What a button of the editor asks for; part of the address of the page of findings."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    APPROVE = "approve"


def take(
    request: HttpRequest,
    *,
    story: StoryPage,
    verb: Verb,
    now: datetime,
    confirmed: bool = False,
) -> HttpResponse | None:
    """Do what was asked of a draft that is saved. None: done, and the caller leaves the editor.

    Anything else is an answer: back to the editor with a reason, or to the findings.
    """
    user: Any = request.user
    step = rules.next_step(situation=situation_of(page=story, user=user), now=now)
    held = step.step is rules.Step.HOLD and verb is not Verb.SUBMIT
    if not (held or confirmed) and check_story(story=story):
        return redirect("stories_check", story.pk, verb)
    try:
        _VERBS[verb](request, actor_for(user), story, now)
    except RefusalError as error:
        if error.verdict.code == "embargo":
            # The editor, which opens again, says until when.
            messages.success(request, _("The draft is saved."))
        else:
            reason = wording.explain(error.verdict)
            messages.warning(request, _("The draft is saved. %(reason)s") % {"reason": reason})
        return redirect("wagtailadmin_pages:edit", story.pk)
    return None


def keep_comment(request: HttpRequest, *, story: StoryPage, comment: str) -> None:
    """Remember what an approving editor wrote while they look at the findings."""
    kept = request.session.get(_COMMENTS, {})
    request.session[_COMMENTS] = kept | {str(story.pk): comment}


def _submit(request: HttpRequest, actor: Actor, story: StoryPage, now: datetime) -> None:
    operations.submit_story(actor=actor, story=story, now=now)
    words = _("“%(title)s” is with the editors now. You will be told when they are through.")
    messages.success(request, words % {"title": story.title})


def _publish(request: HttpRequest, actor: Actor, story: StoryPage, now: datetime) -> None:
    done = operations.publish_story(actor=actor, story=story, now=now)
    _say_published(request, story, done)


def _approve(request: HttpRequest, actor: Actor, story: StoryPage, now: datetime) -> None:
    comment = request.session.get(_COMMENTS, {}).get(str(story.pk), "")
    done = operations.approve_story(actor=actor, story=story, now=now, comment=comment)
    keep_comment(request, story=story, comment="")
    if done is None:
        words = _("You have approved “%(title)s”. It goes to whoever has to approve it next.")
        messages.success(request, words % {"title": story.title})
    else:
        _say_published(request, story, done)


def _say_published(request: HttpRequest, story: StoryPage, done: operations.Published) -> None:
    if done.at:
        words = _("“%(title)s” will be published at %(when)s. Nothing else has to be done.")
        messages.success(request, words % {"title": story.title, "when": wording.moment(done.at)})
        return
    edit = reverse("wagtailadmin_pages:edit", args=(story.pk,))
    live = StoryPage.objects.get(pk=story.pk)
    buttons = [messages.button(url_of(live), _("Read it")), messages.button(edit, _("Edit"))]
    words = _("“%(title)s” is published.")
    messages.success(request, words % {"title": story.title}, buttons=buttons)


_VERBS: Final[dict[Verb, Callable[[HttpRequest, Actor, StoryPage, datetime], None]]] = {
    Verb.SUBMIT: _submit,
    Verb.PUBLISH: _publish,
    Verb.APPROVE: _approve,
}
