"""Filing a story from wherever one is: light pages that lose no word, at `/desk/file/`."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for
from broadsheet.stories import rules
from broadsheet.stories.desk import wording
from broadsheet.stories.desk.checking import check_story
from broadsheet.stories.desk.queries import sections_for
from broadsheet.stories.desk.situation import situation_of
from broadsheet.stories.field import operations, queries
from broadsheet.stories.field.forms import FilingForm
from broadsheet.stories.field.queries import Filled
from broadsheet.stories.http.field_answers import (
    REFUSALS,
    VERBS,
    busy,
    form_page,
    key_of,
    see_other,
    signed_out,
    wants_json,
    why,
)
from broadsheet.stories.http.pages import draw
from broadsheet.stories.models import StoryPage
from broadsheet.stories.shown import DraftBar

PREVIEW: Final = "preview"
SEND: Final = "send"

type Writing = Callable[..., HttpResponse]


def writer(view: Writing) -> Writing:
    """Let those pass who may use the desk; whoever is signed out keeps what they typed."""

    @guarded
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return signed_out(request)
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return entered


@writer
def drafts(request: HttpRequest) -> HttpResponse:
    """List one's own drafts, with what became of them."""
    context = {"drafts": queries.drafts_of(request.user), "done": request.GET.get("done", "")}
    return render(request, "stories/field/drafts.html", context)


@writer
def new(request: HttpRequest) -> HttpResponse:
    """Begin a story."""
    sections = sections_for(user=request.user)
    if not sections:
        raise PermissionDenied
    if request.method != "POST":
        return form_page(request, FilingForm(), sections=sections)
    form = FilingForm(request.POST, request.FILES)
    chosen = [row for row in sections if str(row.pk) == request.POST.get("section")]
    if not form.is_valid() or not chosen:
        problem = "" if chosen else _("Choose the section it belongs to.")
        return form_page(request, form, sections=sections, problem=problem)
    try:
        story = operations.start_story(
            actor=actor_for(_user(request)),
            section=chosen[0],
            filed=form.filed,
            key=key_of(request) or uuid4(),
            now=utcnow(),
        )
    except RefusalError as error:
        return form_page(request, form, sections=sections, problem=why(error))
    except OperationalError:
        return busy(request, form, sections=sections)
    return _saved(request, story)


@writer
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a draft."""
    story = _story(request, pk)
    there = queries.filled(story)
    elsewhere = "public_already" if story.live else "more_than_text" if there.text is None else ""
    if request.method == "POST":
        # Words that were typed while a story went elsewhere are given back.
        return _revise(request, story, there, problem=elsewhere)
    if elsewhere:
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=(pk,)))
    if queries.is_locked_for(story=story, user=request.user):
        return render(request, "stories/field/locked.html", {"story": there})
    names = ("headline", "standfirst", "text", "alt", "credit", "caption")
    return form_page(
        request, FilingForm(initial={name: getattr(there, name) for name in names}), there=there
    )


def _revise(request: HttpRequest, story: StoryPage, there: Filled, *, problem: str) -> HttpResponse:
    form = FilingForm(request.POST, request.FILES)
    if problem:
        sentence = str(REFUSALS[problem])
        return form_page(request, form, there=there, problem=sentence, status=HTTPStatus.CONFLICT)
    if not form.is_valid():
        return form_page(request, form, there=there)
    try:
        saved = operations.revise_story(
            actor=actor_for(_user(request)),
            story=story,
            filed=form.filed,
            seen=_number(request.POST.get("revision", "")),
            now=utcnow(),
        )
    except RefusalError as error:
        overrule = error.verdict.code == "changed_meanwhile"
        status = HTTPStatus.CONFLICT if overrule else None
        return form_page(
            request, form, there=there, problem=why(error), status=status, overrule=overrule
        )
    except OperationalError:
        return busy(request, form, there=there)
    return _saved(request, saved)


@writer
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the newest draft as readers would see it."""
    draft: StoryPage = _story(request, pk).get_latest_revision_as_object()
    bar = DraftBar(embargo_until=draft.embargo_until, edit_url=reverse("field:edit", args=(pk,)))
    return draw(request, draft, draft=bar)


@writer
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is to be mended; hand the story on when that is confirmed."""
    story = _story(request, pk)
    step = rules.next_step(situation=situation_of(page=story, user=request.user), now=utcnow())
    problem = ""
    seen = _number(request.POST.get("revision", ""))
    if request.method == "POST" and seen not in (None, story.latest_revision_id):
        problem = str(_("Somebody saved another version meanwhile. Read it before it goes on."))
    elif request.method == "POST":
        problem = _sent(request, story, step)
        if not problem:
            return see_other(f"{reverse('field:drafts')}?done={story.pk}")
    found = check_story(story=story.get_latest_revision_as_object())
    context = {
        "story": queries.filled(story),
        "findings": [wording.sentence(one) for one in found],
        "button": wording.anyway(step) if step.step in VERBS and found else wording.label(step),
        "may_send": step.step in VERBS,
        "problem": problem,
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "stories/field/send.html", context, status=status)


def _sent(request: HttpRequest, story: StoryPage, step: rules.Next) -> str:
    """Do the last step; returns why not, if it was refused."""
    verb = VERBS.get(step.step)
    if verb is None:
        return str(_("Nothing can be done with it at present."))
    try:
        verb(actor=actor_for(_user(request)), story=story, now=utcnow())
    except RefusalError as error:
        return why(error)
    return ""


def _saved(request: HttpRequest, story: StoryPage) -> HttpResponse:
    """Lead on after the draft was saved: to the form, its preview, or the last step."""
    todo = request.POST.get("todo", "")
    here = reverse("field:edit", args=(story.pk,))
    if todo == PREVIEW:
        url = reverse("field:preview", args=(story.pk,))
    elif todo == SEND:
        url = reverse("field:send", args=(story.pk,))
        if not check_story(story=story):
            step = rules.next_step(
                situation=situation_of(page=story, user=request.user), now=utcnow()
            )
            if not _sent(request, story, step):
                url = f"{reverse('field:drafts')}?done={story.pk}"
    else:
        url = f"{here}?saved=1"
    if wants_json(request):
        values = {"url": url, "edit": here, "revision": story.latest_revision_id}
        return JsonResponse(values | {"message": str(_("Saved."))})
    return see_other(url)


def _story(request: HttpRequest, pk: int) -> StoryPage:
    story: StoryPage | None = StoryPage.objects.filter(pk=pk).first()
    if story is None or not story.permissions_for_user(request.user).can_edit():
        raise Http404
    return story


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - fits 64 bits


def _user(request: HttpRequest) -> Any:
    return request.user
