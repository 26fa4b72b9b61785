"""What became of one's own comment, asking for a second look at it, and the record of a person."""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.appeals.operations import (
    UnknownLimitError,
    ask_about_limit,
    ask_second_look,
)
from broadsheet.discussion.http.answers import busy, refusal, see_other
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.notice_words import statement_lines
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.sanctions import my_limits
from broadsheet.discussion.http.waits import wait_words
from broadsheet.discussion.http.wording import rule_names, rule_sentence
from broadsheet.discussion.notices.reasons import statement_of
from broadsheet.discussion.rules.appealing import WORDS_LIMIT
from broadsheet.discussion.rules.editing import WITHDRAWN
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, private
from broadsheet.kit.verdict import RefusalError, Refused, require

_DIGITS = 18


@private
@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Tell the author of a comment, known by device or account, what became of it."""
    return render(request, "discussion/status.html", _context(actor_of(request), number))


@guarded
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """Take the wish for a second look (POST); the form is on the page of the comment's status."""
    actor = actor_of(request)
    here = reverse("discussion:status", args=[number])
    if request.method != "POST":
        _context(actor, number)
        return see_other(request, f"{here}#second-look")
    words = request.POST.get("words", "")
    try:
        require(within_limits(actor=actor, verb="report"))
        ask_second_look(actor=actor, comment_id=number, words=words, now=utcnow())
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, actor, number, error.verdict)
    except OperationalError as error:
        return _refused(request, actor, number, busy("An appeal could not be written", error))
    return see_other(request, f"{here}#second-look")


@guarded
def of_limit(request: HttpRequest, number: int) -> HttpResponse:
    """Take the wish for a second look at what holds for oneself; the form is on its page."""
    actor, here = actor_of(request), reverse("discussion:my_limits")
    if request.method != "POST":
        return see_other(request, here)
    words = request.POST.get("words", "")
    try:
        require(within_limits(actor=actor, verb="report"))
        ask_about_limit(actor=actor, limit=number, words=words, now=utcnow())
    except UnknownLimitError as error:
        raise Http404 from error
    except RefusalError as error:
        context = my_limits(actor) | {"words": words, "about": number}
        return refusal(request, error.verdict, "discussion/my_limits.html", context)
    return see_other(request, here)


@private
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show somebody all that was decided about them."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else 0
    found = queries.record_of(owner=actor_of(request).id, before=before)
    names = rule_names(queries.current_rules())
    return render(request, "discussion/record.html", {"record": found, "names": names})


def _refused(request: HttpRequest, actor: Actor, number: int, refused: Refused) -> HttpResponse:
    context = _context(actor, number) | {"words": request.POST.get("words", "")}
    return refusal(request, refused, "discussion/status.html", context)


def _context(actor: Actor, number: int) -> dict[str, Any]:
    """Return what the page says of one's own comment; of no other there is a page."""
    now = utcnow()
    found = queries.status_for(owner=actor.id, number=number)
    if found is None:
        raise Http404
    hidden = found.state != "published" and found.rule != WITHDRAWN
    said = statement_of(number=found.entry) if hidden and found.entry else None
    return {
        "comment": found,
        "statement": tuple(statement_lines(said, why=rule_sentence)) if said else (),
        "own": queries.own_comment(actor=actor, number=number, policy=policy(), now=now),
        "look": queries.second_look(actor=actor, number=number, now=now),
        "wait": wait_words() if found.state == "held" else "",
        "limit": WORDS_LIMIT,
    }
