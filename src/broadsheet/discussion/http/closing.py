"""The page on which moderators close a discussion with a reason, or open it again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import ClosingForm
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.threads.operations import close_thread, reopen_thread
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require


@guarded
def thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Show whether a discussion is open and what was decided about it (GET); decide (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _page(request, thread_id)
    form = ClosingForm(request.POST)
    try:
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        does = close_thread if form.cleaned_data["verb"] == "close" else reopen_thread
        reason = form.cleaned_data["reason"]
        does(actor=actor, thread_id=thread_id, reason=reason, now=utcnow())
    except queries.UnknownThreadError as error:
        raise Http404 from error
    except RefusalError as error:
        return _page(request, thread_id, error.verdict)
    return see_other(request, reverse("discussion:thread", args=[thread_id]))


def _page(request: HttpRequest, thread_id: int, refused: Refused | None = None) -> HttpResponse:
    found = queries.thread_facts(thread_id=thread_id)
    if found is None:
        raise Http404
    decisions = queries.thread_decisions(thread_id=thread_id)
    context = {"thread": found, "decisions": decisions, "reason": request.POST.get("reason", "")}
    if refused is None:
        return render(request, "discussion/closing.html", context)
    return refusal(request, refused, "discussion/closing.html", context)
