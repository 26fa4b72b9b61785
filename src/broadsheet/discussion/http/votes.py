"""Voting: a button on every comment, and a page that says what one's vote is."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.discussion import queries
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import data, refusal, see_other, wants_json
from broadsheet.discussion.http.forms import VoteForm
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.policy import counts_down, policy
from broadsheet.discussion.votes.operations import vote
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require


@guarded
def vote_on(request: HttpRequest, number: int) -> HttpResponse:
    """Take a vote (POST), or show the one there is with buttons to change it (GET)."""
    if request.method != "POST":
        return render(request, "discussion/vote.html", _context(request, number))
    form = VoteForm(request.POST)
    actor = actor_of(request)
    try:
        require(ALLOWED if form.is_valid() else Refused("vote_value"))
        require(within_limits(actor=actor, verb="vote"))
        voted = vote(
            actor=actor,
            comment_id=number,
            value=form.cleaned_data["value"],
            now=utcnow(),
            up_only=policy().up_only,
        )
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        context = {} if wants_json(request) else _context(request, number)
        return refusal(request, error.verdict, "discussion/vote.html", context)
    if wants_json(request):
        counted: dict[str, Any] = {"up": voted.up}
        if counts_down():
            counted["down"] = voted.down
        return data(request, HTTPStatus.OK, **counted, mine=voted.mine)
    referer = request.headers.get("Referer", "")
    url = addresses.back_to(referer=referer, number=number, thread_url=voted.thread_url)
    return see_other(request, url)


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    page = queries.comment_page(number=number)
    if page is None:
        raise Http404
    mine = queries.my_vote(owner=actor_of(request).id, number=number)
    facts = {"comment": page.comment, "thread": page.thread, "mine": mine}
    return {**facts, "up_only": policy().up_only}
