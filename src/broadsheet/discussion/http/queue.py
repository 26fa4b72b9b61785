"""The moderators' page: what waits, why, and a form for each; what was decided lately, to undo."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.http.answers import unless_moderator
from broadsheet.discussion.http.duty import heated
from broadsheet.discussion.http.people import actor_of, is_alone, names_of
from broadsheet.discussion.http.queue_words import REASONS, claimed_words, done_words, told
from broadsheet.discussion.http.quoting import compared_in
from broadsheet.discussion.http.sanction_form import offered
from broadsheet.discussion.http.wording import MARKED, rule_names, rule_sentence, rules_of_the_house
from broadsheet.discussion.moderation.items import QueueItem
from broadsheet.discussion.moderation.queries import LIKELY, Decided, Queue
from broadsheet.discussion.rules.spotting import KEY
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private

HERE: Final = "discussion:moderation"
NEWEST: Final = "newest"
# By what a list is chosen, as forms and addresses name it, in the order of `back_to`.
LISTED: Final = ("show", "author", "order", "match")
TEMPLATE: Final = "discussion/moderation.html"
# So many of a page are asked about at once.
_MOST_ASKED: Final = 100
_NUMBER = re.compile(r"(?:^|#c|^c|/c/)(\d{1,18})/?$", re.ASCII)


@private
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue to moderators; ask guests to sign in."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    done, did = number_of_comment(request.GET.get("done", "")), request.GET.get("did", "")
    asked = request.GET.dict()
    if done and did in MARKED:
        # What was marked is looked at again, wherever it stands.
        asked["comment"] = str(done)
    context = page(asked, actor)
    if done:
        left = number_of_comment(request.GET.get("left", "")) or 0
        context |= _done(done, did, context, left=left)
    if request.GET.get("all", "").isdecimal():
        context |= {"notice": _batch_words(request.GET)}
    return render(request, TEMPLATE, context)


@private
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Say of comments on an open page who is at them, and what somebody decided: for the script."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    asked = map(number_of_comment, request.GET.get("of", "").split(",")[:_MOST_ASKED])
    items = queries.queue_items(
        numbers=[number for number in asked if number],
        actor=actor,
        now=utcnow(),
        alone=is_alone(actor),
    )
    names = _names(items.values()) | rule_names(queries.current_rules())
    return JsonResponse({str(number): standing(item, names) for number, item in items.items()})


def standing(item: QueueItem, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what the script shows of a comment that somebody else may have seen meanwhile."""
    return {
        "waits": bool(item.reasons),
        "state": item.state,
        "last": told(item.last, names) if item.last else "",
        "claim": claimed_words(item.claim, names) if item.claim else "",
        "taken": bool(item.claim and not item.claim.asks and not item.claim.mine),
    }


def page(asked: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Return what the page shows. `asked`: what of LISTED is there, after, a comment to find."""
    moment, alone = utcnow(), is_alone(actor)
    show, wanted = asked.get("show", ""), asked.get("comment", "")
    author, match = number_of_comment(asked.get("author", "")), match_of(asked.get("match", ""))
    found = queries.queue_page(
        actor=actor,
        now=moment,
        show=show,
        after=asked.get("after", ""),
        author=author,
        match=match,
        alone=alone,
        order=asked.get("order", ""),
    )
    items = found.items
    if show == NEWEST and not match:
        items = queries.newest(actor=actor, now=moment, alone=alone)
    number = number_of_comment(wanted)
    single = (
        queries.queue_item(number=number, actor=actor, now=moment, alone=alone) if number else None
    )
    lately, book = queries.decided_lately(actor=actor, now=moment), queries.current_rules()
    all_items = [*items, *([single] if single else [])]
    return {
        "show": show if show in {*REASONS, NEWEST} else "",
        "lists": [(code, said, found.counts.get(code, 0)) for code, said in REASONS.items()],
        "items": items,
        "order": found.order,
        "ordered": back_to(show, str(author or ""), LIKELY, match),
        "unordered": back_to(show, str(author or ""), "", match),
        "scored": found.order or any(item.likelihood for item in items),
        "next": _next(found, author=author, match=match) if match or show != NEWEST else "",
        "author": author,
        "match": match,
        "matched": items[0].match if match and items else None,
        "of_author": items[0].author if author and items else None,
        "wanted": wanted,
        "found": single,
        "lately": lately,
        **heated(actor, now=moment),
        "rules": rules_of_the_house(book),
        "names": _names(all_items, lately) | rule_names(book),
        "quotes": compared_in(all_items),
        "seconds": queries.limits_in_force(now=moment, waiting=True),
    } | offered(actor)


def item_context(number: int, actor: Actor) -> dict[str, Any]:
    """Return what the page shows of one comment."""
    item = queries.queue_item(number=number, actor=actor, now=utcnow(), alone=is_alone(actor))
    items, book = [item] if item else [], queries.current_rules()
    return offered(actor) | {
        "item": item,
        "rules": rules_of_the_house(book),
        "names": _names(items) | rule_names(book),
        "quotes": compared_in(items),
    }


def back_to(show: str, author: str = "", order: str = "", match: str = "", **more: Any) -> str:
    """Return the address of the list that somebody decided from."""
    query: dict[str, Any] = {}
    if order == LIKELY:
        query["order"] = order
    if show in {*REASONS, NEWEST} and show:
        query["show"] = show
    if number := number_of_comment(author):
        query["author"] = number
    if match_of(match):
        query["match"] = match
    query |= more
    return f"{reverse(HERE)}?{urlencode(query)}" if query else reverse(HERE)


def _next(found: Queue, *, author: int | None, match: str) -> str:
    if not found.after:
        return ""
    return back_to(found.show, str(author or ""), found.order, match, after=found.after)


def number_of_comment(text: str) -> int | None:
    """Return the number of a comment as people write it: "214", "c214", or its whole address."""
    found = _NUMBER.search(text[:500].strip())
    return int(found[1]) if found else None


def match_of(text: str) -> str:
    """Return the key of a match, "" for what is none."""
    return text if KEY.fullmatch(text) else ""


def _names(items: Iterable[QueueItem], lately: Iterable[Decided] = ()) -> dict[str, str]:
    ids = {one.deed.by for one in lately}
    for item in items:
        ids |= {item.claim.by} if item.claim else set()
        ids |= {item.last.by} if item.last else set()
        ids |= {item.appeal.by} if item.appeal else set()
        ids |= {deed.by for deed in item.history.decisions} if item.history else set()
    return dict(names_of(sorted(ids - {""})))


def _done(number: int, did: str, context: Mapping[str, Any], *, left: int) -> dict[str, Any]:
    """Return the notice about a form that was taken, with the decision to undo where it is one."""
    if did:
        return {"notice": done_words(verb=did, number=number, left=left), "notice_of": number}
    lately: tuple[Decided, ...] = context["lately"]
    mine = next((one for one in lately if one.number == number and one.mine), None)
    if mine is None:
        return {}
    why = rule_sentence(mine.deed.rule, context["names"])
    said = done_words(verb=mine.deed.verb, number=number, why=why, comments=mine.comments)
    return {"notice": said, "notice_of": number, "undoable": mine}


def _batch_words(asked: Mapping[str, str]) -> str:
    done = int(asked["all"][:4])
    said = ngettext("%(count)s comment is decided.", "%(count)s comments are decided.", done)
    left = asked.get("left", "")
    more = ""
    if left.isdecimal() and int(left[:4]):
        more = ngettext(
            "%(count)s is left as it was: somebody decided meanwhile, or it concerns you.",
            "%(count)s are left as they were: somebody decided meanwhile, or they concern you.",
            int(left[:4]),
        ) % {"count": int(left[:4])}
    return f"{said % {'count': done}} {more}".strip()
