"""Filing a story from wherever one is: light pages that lose no word, at `/desk/file/`."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for
from broadsheet.stories import rules
from broadsheet.stories.desk import wording
from broadsheet.stories.desk.checking import check_story
from broadsheet.stories.desk.operations import publish_story, submit_story
from broadsheet.stories.desk.queries import sections_for
from broadsheet.stories.desk.situation import situation_below, situation_of
from broadsheet.stories.field import operations, queries
from broadsheet.stories.field.forms import FilingForm
from broadsheet.stories.field.queries import Filled
from broadsheet.stories.http.pages import draw
from broadsheet.stories.models import SectionPage, StoryPage
from broadsheet.stories.shown import DraftBar

logger = logging.getLogger(__name__)

PREVIEW: Final = "preview"
SEND: Final = "send"
# What the button of the last step does, by what the rules say of the person and the story.
_VERBS: Final = {
    rules.Step.SUBMIT: submit_story,
    rules.Step.RESUBMIT: submit_story,
    rules.Step.PUBLISH: publish_story,
    rules.Step.PUBLISH_AT: publish_story,
}
_REFUSALS: Final = {
    "public_already": gettext_lazy("This story is public. Change it in the full editor."),
    "more_than_text": gettext_lazy(
        "Somebody put more into this story than this page can show. Copy your words from here into "
        "the full editor."
    ),
    "changed_meanwhile": gettext_lazy(
        "Somebody saved another version of this story meanwhile. Look at it in the full editor; "
        "or send again to make yours the newest draft. Both are kept."
    ),
}


type Writing = Callable[..., HttpResponse]


def writer(view: Writing) -> Writing:
    """Let those pass who may use the desk; whoever is signed out keeps what they typed."""

    @guarded
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _signed_out(request)
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
        return _form(request, FilingForm(), sections=sections)
    form = FilingForm(request.POST, request.FILES)
    chosen = [row for row in sections if str(row.pk) == request.POST.get("section")]
    if not form.is_valid() or not chosen:
        problem = "" if chosen else _("Choose the section it belongs to.")
        return _form(request, form, sections=sections, problem=problem)
    try:
        story = operations.start_story(
            actor=actor_for(_user(request)),
            section=chosen[0],
            filed=form.filed,
            key=_key(request) or uuid4(),
            now=utcnow(),
        )
    except RefusalError as error:
        return _form(request, form, sections=sections, problem=_why(error))
    except OperationalError:
        return _busy(request, form, sections=sections)
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
    return _form(
        request, FilingForm(initial={name: getattr(there, name) for name in names}), there=there
    )


def _revise(request: HttpRequest, story: StoryPage, there: Filled, *, problem: str) -> HttpResponse:
    form = FilingForm(request.POST, request.FILES)
    if problem:
        why = str(_REFUSALS[problem])
        return _form(request, form, there=there, problem=why, status=HTTPStatus.CONFLICT)
    if not form.is_valid():
        return _form(request, form, there=there)
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
        return _form(
            request, form, there=there, problem=_why(error), status=status, overrule=overrule
        )
    except OperationalError:
        return _busy(request, form, there=there)
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
            return _see_other(f"{reverse('field:drafts')}?done={story.pk}")
    found = check_story(story=story.get_latest_revision_as_object())
    context = {
        "story": queries.filled(story),
        "findings": [wording.sentence(one) for one in found],
        "button": wording.anyway(step) if step.step in _VERBS and found else wording.label(step),
        "may_send": step.step in _VERBS,
        "problem": problem,
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "stories/field/send.html", context, status=status)


def _sent(request: HttpRequest, story: StoryPage, step: rules.Next) -> str:
    """Do the last step; returns why not, if it was refused."""
    verb = _VERBS.get(step.step)
    if verb is None:
        return str(_("Nothing can be done with it at present."))
    try:
        verb(actor=actor_for(_user(request)), story=story, now=utcnow())
    except RefusalError as error:
        return _why(error)
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
    if _wants_json(request):
        values = {"url": url, "edit": here, "revision": story.latest_revision_id}
        return JsonResponse(values | {"message": str(_("Saved."))})
    return _see_other(url)


def _busy(request: HttpRequest, form: FilingForm, **place: Any) -> HttpResponse:
    """Answer while somebody else writes for too long: the words are kept, and sent again later."""
    logger.error("A story could not be filed: the database is busy")
    problem = str(_("The newsroom is busy. Nothing is lost: send it again in a minute."))
    return _form(request, form, problem=problem, status=HTTPStatus.SERVICE_UNAVAILABLE, **place)


def _form(
    request: HttpRequest,
    form: FilingForm,
    *,
    sections: list[SectionPage] | None = None,
    there: Filled | None = None,
    problem: str = "",
    status: int | None = None,
    overrule: bool = False,
) -> HttpResponse:
    refused = bool(problem or form.errors)
    code = status or (HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK)
    if refused and _wants_json(request):
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        values = {"message": problem, "errors": errors, "overrule": overrule}
        return JsonResponse(values, status=code)
    context = {
        "form": form,
        "sections": sections or [],
        "key": _key(request) or uuid4(),
        "section": request.POST.get("section", ""),
        "there": there,
        "problem": problem,
        "overrule": overrule,
        "saved": request.GET.get("saved", "") and not refused,
        "sign_in_url": resolve_url(settings.LOGIN_URL),
        "button": _last_step(request, sections, there),
    }
    return render(request, "stories/field/form.html", context, status=code)


def _last_step(
    request: HttpRequest, sections: list[SectionPage] | None, there: Filled | None
) -> str:
    """Return what the button of the last step says, or "" where there is none."""
    if there:
        page = StoryPage.objects.get(pk=there.pk)
        situation = situation_of(page=page, user=request.user)
    elif sections:
        situation = situation_below(parent=sections[0], user=request.user)
    else:
        return ""
    step = rules.next_step(situation=situation, now=utcnow())
    return wording.label(step) if step.step in _VERBS else ""


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Answer whoever is not signed in, or not any more: what was typed is given back."""
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?next={reverse('field:drafts')}"
    message = str(
        _("You are signed out. Sign in on another page, come back and send again: it is all here.")
    )
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if _wants_json(request):
        return JsonResponse(
            {"message": message, "sign_in": sign_in}, status=HTTPStatus.UNAUTHORIZED
        )
    form = FilingForm(request.POST)
    context = {"form": form, "problem": message, "sign_in": sign_in, "signed_out": True}
    kept = ("section", "key", "revision")
    context["kept"] = [(name, request.POST[name]) for name in kept if name in request.POST]
    return render(request, "stories/field/form.html", context, status=HTTPStatus.UNAUTHORIZED)


def _story(request: HttpRequest, pk: int) -> StoryPage:
    story: StoryPage | None = StoryPage.objects.filter(pk=pk).first()
    if story is None or not story.permissions_for_user(request.user).can_edit():
        raise Http404
    return story


def _why(error: RefusalError) -> str:
    code = error.verdict.code
    return str(_REFUSALS[code]) if code in _REFUSALS else wording.explain(error.verdict)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - fits 64 bits


def _user(request: HttpRequest) -> Any:
    return request.user
