"""Pages about people: for moderators, who limit them; for themselves, who read what holds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.appeals.queries import SecondLook
from broadsheet.discussion.http.answers import refusal, see_other, unless_moderator
from broadsheet.discussion.http.forms import LimitForm
from broadsheet.discussion.http.notice_words import statement_lines
from broadsheet.discussion.http.people import (
    actor_of,
    has_colleagues,
    ids_of_staff,
    is_alone,
    names_of,
)
from broadsheet.discussion.http.queue import LISTED, back_to
from broadsheet.discussion.http.sanction_form import offered
from broadsheet.discussion.http.sanction_words import yours_words
from broadsheet.discussion.http.wording import rule_names, rule_sentence, rules_of_the_house
from broadsheet.discussion.moderation.limits import (
    UnknownSanctionError,
    acknowledge_warning,
    confirm_limit,
    lift_limit,
    limit_person,
)
from broadsheet.discussion.moderation.people import PersonPage, ShownLimit
from broadsheet.discussion.notices.reasons import statements_of
from broadsheet.discussion.rules.appealing import WORDS_LIMIT
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.reasons import Value
from broadsheet.discussion.rules.sanctioning import Wanted
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, private
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

_PERSON: Final = "discussion/person.html"
# What a statement of reasons says of a comment and to whoever wrote it.
_OF_WRITER: Final = frozenset({"decision_facts", "content_date", "source_type"})


@private
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show moderators whom something holds for at present."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    limits = queries.limits_in_force(now=utcnow())
    book = queries.current_rules()
    context = {"limits": limits, "names": _names(limits) | rule_names(book), "me": actor.id}
    return render(request, "discussion/people.html", context)


@private
@require_safe
def person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show moderators somebody who wrote: last comments, decisions, and what holds for them."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    return render(request, _PERSON, _context(request, actor, uuid))


@guarded
@require_POST
def limit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let something hold for somebody, and come back to where the form was sent from."""
    actor, form = actor_of(request), LimitForm.read(request.POST)
    try:
        require(may_moderate(actor=actor))
        require(ALLOWED if form.is_valid() else Refused("limit_kind", field="kind"))
        done = limit_person(
            actor=actor,
            comment_id=form.cleaned_data["number"],
            wanted=_wanted(form),
            now=utcnow(),
            staff=ids_of_staff(),
            colleagues=has_colleagues(actor),
            alone=is_alone(actor),
        )
    except queries.UnknownCommentError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, actor, uuid, error.verdict)
    if "show" in request.POST:
        asked = (request.POST.get(name, "") for name in LISTED)
        return see_other(request, back_to(*asked, done=done.number))
    return see_other(request, reverse("discussion:person", args=[uuid]) + f"?done={done.limit}")


@guarded
@require_POST
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """End something before its time."""
    actor, reason = actor_of(request), clean_text(request.POST.get("reason", ""))
    try:
        lift_limit(actor=actor, limit=number, reason=reason, now=utcnow(), alone=is_alone(actor))
    except UnknownSanctionError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused_at(request, actor, number, error.verdict, reason)
    return see_other(request, _person_of(number))


@guarded
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm what a colleague decided."""
    actor = actor_of(request)
    try:
        confirm_limit(actor=actor, limit=number, now=utcnow(), alone=is_alone(actor))
    except UnknownSanctionError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused_at(request, actor, number, error.verdict)
    return see_other(request, _person_of(number))


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Tell somebody what holds for them: what, why, until when, and what they can do."""
    return render(request, "discussion/my_limits.html", my_limits(actor_of(request)))


@guarded
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Take the word of somebody that they read a warning."""
    try:
        acknowledge_warning(actor=actor_of(request), limit=number, now=utcnow())
    except UnknownSanctionError as error:
        raise Http404 from error
    return see_other(request, reverse("discussion:my_limits"))


def holds_here(actor: Actor, thread_id: int) -> str:
    """Return a link that an open discussion shows to whom something holds there, "" to others."""
    for one in queries.my_limits(actor=actor, now=utcnow()):
        if one.holds and one.limit.thread in {None, thread_id}:
            page = reverse("discussion:my_limits")
            return format_html('<a href="{}">{}</a> ', page, yours_words(one.limit))
    return ""


def my_limits(actor: Actor) -> dict[str, Any]:
    """Return what the page says to somebody: each limit with what they asked, and its statement."""
    found = queries.my_limits(actor=actor, now=utcnow())
    looks = _looks(actor, found)
    said = statements_of(numbers=[one.sequence for one in found if one.holds])
    return {
        "holding": [
            (one, looks.get(one.sequence), _lines(said.get(one.sequence), own=bool(one.number)))
            for one in found
            if one.holds
        ],
        "over": [(one, looks.get(one.sequence)) for one in found if not one.holds],
        "banned": actor.is_banned,
        "limit": WORDS_LIMIT,
        "names": rule_names(queries.current_rules()),
    }


def _lines(statement: Mapping[str, Value] | None, *, own: bool) -> tuple[tuple[Promise, str], ...]:
    """Return a statement of reasons for who is limited.

    Who is reached by mail or network alone is perhaps somebody else than whoever wrote.
    """
    if statement is None:
        return ()
    told = statement if own else {key: statement[key] for key in statement if key not in _OF_WRITER}
    return tuple(statement_lines(told, why=rule_sentence))


def _looks(actor: Actor, found: Collection[ShownLimit]) -> dict[int, SecondLook]:
    """Return what somebody asked about limits, and the answers; the words of one are for its own.

    Others who are reached by it read that it was answered.
    """
    looks = queries.looks_at(actor=actor, decisions=[one.sequence for one in found])
    own = {one.sequence for one in found if one.number}
    return {
        about: look if about in own else replace(look, answer="") for about, look in looks.items()
    }


def _wanted(form: LimitForm) -> Wanted:
    sent = form.cleaned_data
    return Wanted(
        kind=sent["kind"],
        rule=sent["rule"],
        reason=sent["reason"],
        days=sent["days"],
        minutes=sent["minutes"] or 0,
        mail=sent["mail"],
        network=sent["network"],
    )


def _context(request: HttpRequest, actor: Actor, uuid: UUID) -> dict[str, Any]:
    page = queries.person_page(uuid=uuid, now=utcnow())
    if page is None:
        raise Http404
    book = queries.current_rules()
    works_here = page.by_staff or page.owner in ids_of_staff()
    done = request.GET.get("done", "")
    context = {
        "person": page,
        "works_here": works_here,
        "holding": [one for one in page.limits if one.holds],
        "held": [one for one in page.limits if not one.holds],
        "may_limit": bool(page.comments) and not page.erased and not works_here,
        "done": next((one for one in page.limits if str(one.limit.number) == done), None),
        "names": _names(page.limits, page) | rule_names(book),
        "rules": rules_of_the_house(book),
        "occasion": str(page.comments[0].number) if page.comments else "",
    }
    return context | offered(actor)


def _refused(request: HttpRequest, actor: Actor, uuid: UUID, refused: Refused) -> HttpResponse:
    """Draw the person's page again, with all that was chosen and typed."""
    if not may_moderate(actor=actor):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    context = _context(request, actor, uuid)
    names = ("kind", "days", "minutes", "mail", "network")
    typed = {name: request.POST.get(name, "") for name in names}
    typed["reason"] = next(filter(str.strip, map(str, request.POST.getlist("reason"))), "")
    context |= {"typed": typed, "occasion": request.POST.get("number", context["occasion"])}
    return refusal(request, refused, _PERSON, context)


def _refused_at(
    request: HttpRequest, actor: Actor, number: int, refused: Refused, reason: str = ""
) -> HttpResponse:
    if not may_moderate(actor=actor):
        return refusal(request, refused, "discussion/not_allowed.html", {})
    uuid = queries.person_of_limit(number=number)
    if uuid is None:
        raise Http404
    lifting = {"lifting": number, "why": reason, "lift_field": refused.field}
    context = _context(request, actor, uuid) | lifting
    # The form of another limit stands on the page, too.
    return refusal(request, refused, _PERSON, context | {"field": ""})


def _person_of(number: int) -> str:
    return reverse("discussion:person", args=[queries.person_of_limit(number=number)])


def _names(limits: Iterable[ShownLimit], page: PersonPage | None = None) -> dict[str, str]:
    ids = {one.by for one in limits}
    if page is not None:
        ids |= {deed.by for deed in page.history.decisions}
    return dict(names_of(sorted(ids - {""})))
