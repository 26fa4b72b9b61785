"""The versions of a comment that was edited; and the page on which moderators blank one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from broadsheet.discussion import queries
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import BlankForm
from broadsheet.discussion.http.people import actor_of, is_alone
from broadsheet.discussion.moderation.operations import UnknownVersionError, blank_version
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, public
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require


@public(shows=())
def versions(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a comment said before; of one that is not public, its stub tells why."""
    found = queries.comment_versions(number=number)
    if found is None:
        if not queries.is_standing(number=number):
            raise Http404
        return HttpResponseRedirect(addresses.permalink(number))
    return render(request, "discussion/versions.html", {"found": found})


@guarded
def blank(request: HttpRequest, number: int) -> HttpResponse:
    """Show moderators the versions with a form at each (GET), and blank one (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _page(request, number)
    form = BlankForm(request.POST)
    try:
        require(ALLOWED if form.is_valid() else Refused("form"))
        blank_version(
            actor=actor,
            comment_id=number,
            number=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            now=utcnow(),
            alone=is_alone(actor),
        )
    except (queries.UnknownCommentError, UnknownVersionError) as error:
        raise Http404 from error
    except RefusalError as error:
        return _page(request, number, form, error.verdict)
    return see_other(request, reverse("discussion:blank", args=[number]))


def _page(
    request: HttpRequest,
    number: int,
    form: BlankForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    found = queries.comment_versions(number=number, for_staff=True)
    if found is None:
        raise Http404
    context = {"found": found, "for_staff": True}
    if form is None or refused is None:
        return render(request, "discussion/versions.html", context)
    typed = {
        "version": form.cleaned_data.get("version"),
        "reason": request.POST.get("reason", ""),
    }
    return refusal(request, refused, "discussion/versions.html", context | {"typed": typed})
