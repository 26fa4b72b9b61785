"""What filing a story answers: the form again, with all that was typed; as a page or as JSON."""

import logging
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.kit.clock import utcnow
from broadsheet.kit.verdict import RefusalError
from broadsheet.stories import rules
from broadsheet.stories.desk import wording
from broadsheet.stories.desk.operations import publish_story, submit_story
from broadsheet.stories.desk.situation import situation_below, situation_of
from broadsheet.stories.field.forms import FilingForm
from broadsheet.stories.field.queries import Filled
from broadsheet.stories.models import SectionPage, StoryPage

logger = logging.getLogger(__name__)

# What the button of the last step does, by what the rules say of the person and the story.
VERBS: Final = {
    rules.Step.SUBMIT: submit_story,
    rules.Step.RESUBMIT: submit_story,
    rules.Step.PUBLISH: publish_story,
    rules.Step.PUBLISH_AT: publish_story,
}
REFUSALS: Final = {
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


def busy(request: HttpRequest, form: FilingForm, **place: Any) -> HttpResponse:
    """Answer while somebody else writes for too long: the words are kept, and sent again later."""
    logger.error("A story could not be filed: the database is busy")
    problem = str(_("The newsroom is busy. Nothing is lost: send it again in a minute."))
    return form_page(request, form, problem=problem, status=HTTPStatus.SERVICE_UNAVAILABLE, **place)


def form_page(
    request: HttpRequest,
    form: FilingForm,
    *,
    sections: list[SectionPage] | None = None,
    there: Filled | None = None,
    problem: str = "",
    status: int | None = None,
    overrule: bool = False,
) -> HttpResponse:
    """Show the form: empty, as it was saved, or with what is wrong and a status that says so."""
    refused = bool(problem or form.errors)
    code = status or (HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK)
    if refused and wants_json(request):
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        values = {"message": problem, "errors": errors, "overrule": overrule}
        return JsonResponse(values, status=code)
    context = {
        "form": form,
        "sections": sections or [],
        "key": key_of(request) or uuid4(),
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
    return wording.label(step) if step.step in VERBS else ""


def signed_out(request: HttpRequest) -> HttpResponse:
    """Answer whoever is not signed in, or not any more: what was typed is given back."""
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?next={reverse('field:drafts')}"
    message = str(
        _("You are signed out. Sign in on another page, come back and send again: it is all here.")
    )
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if wants_json(request):
        return JsonResponse(
            {"message": message, "sign_in": sign_in}, status=HTTPStatus.UNAUTHORIZED
        )
    form = FilingForm(request.POST)
    context = {"form": form, "problem": message, "sign_in": sign_in, "signed_out": True}
    kept = ("section", "key", "revision")
    context["kept"] = [(name, request.POST[name]) for name in kept if name in request.POST]
    return render(request, "stories/field/form.html", context, status=HTTPStatus.UNAUTHORIZED)


def why(error: RefusalError) -> str:
    """Return the sentence for a refusal."""
    code = error.verdict.code
    return str(REFUSALS[code]) if code in REFUSALS else wording.explain(error.verdict)


def wants_json(request: HttpRequest) -> bool:
    """Say whether the page's script asks, which keeps the form where it is."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def see_other(url: str) -> HttpResponse:
    """Lead on after a POST."""
    response = HttpResponseRedirect(url)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def key_of(request: HttpRequest) -> UUID | None:
    """Return the key by which a form that is sent twice is one story."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
