"""The context of `discussion/thread.html`, for the room that draws the story above it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext, gettext_noop

from broadsheet.discussion.comments import queries
from broadsheet.discussion.comments.queries import ReplyTarget
from broadsheet.discussion.comments.shown import ThreadFacts, ThreadPage
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.quoting import QuoteCard, whole_card
from broadsheet.discussion.notes.queries import note_target
from broadsheet.discussion.notes.shown import NoteTarget
from broadsheet.discussion.pace.slow import slow_below
from broadsheet.discussion.rules import pacing
from broadsheet.kit.clock import utcnow

# As the setting has it when nobody chose another: this one is in the catalogues.
INVITATION = gettext_noop("What do you know about this, or want to know?")


@dataclass(frozen=True, slots=True)
class Composer:
    """What stands in the composer: empty on public pages, what was typed when it was refused.

    `reply_url` leads to the comment that is answered, `note` is the question that is; `sort` is the
    order that was chosen, empty for the usual one. `quotes` are what it quotes, or offers to.
    `problem` is the sentence of a refusal and `field` the one it is about, if any. `alt` says what
    is to be seen in an image; where `image_lost`, that came too, and has to be chosen anew. `slow`
    are the seconds between two comments, 0 without a slow mode; `raid`: what newcomers write waits.
    `warning` is the number of one that has to be read first.
    """

    thread_id: int
    thread_url: str
    reply_to: ReplyTarget | None = None
    reply_url: str = ""
    sort: str = ""
    body: str = ""
    name: str = ""
    email: str = ""
    key: str = ""
    quotes: tuple[QuoteCard, ...] = ()
    problem: str = ""
    field: str = ""
    note: NoteTarget | None = None
    alt: str = ""
    image_lost: bool = False
    slow: int = 0
    raid: bool = False
    warning: int = 0


def thread_context(request: HttpRequest, *, site: str, key: str) -> dict[str, Any]:
    """Return what the fragment needs; `thread_page` is None where no thread was opened.

    Reads `sort`, `after`, `before`, `at`, `show`, `reply`, `quote` and `note` of the query, all of
    which may be nonsense.
    """
    asked = {name: request.GET.get(name, "") for name in ("sort", "after", "before", "show")}
    note = _number(request, "note")
    at = _number(request, "at")
    page = queries.thread_page(site=site, key=key, **asked, at=at, note=note)
    if page is None:
        return {"thread_page": None}
    target = reply_target(request, thread_id=page.thread.id)
    quotes_it = request.GET.get("quote", "") == "1"
    composer = Composer(
        page.thread.id,
        page.thread.url,
        reply_to=target,
        reply_url=_place_of(target, page) if target else "",
        sort=chosen_sort(asked["sort"]),
        quotes=(whole_card(target.number, checked=quotes_it),) if target else (),
        note=_note(page, note) if note and target is None else None,
        **pace_of(page.thread, target),
    )
    return {
        "thread_page": page,
        "reply_to": target,
        "composer": composer,
        "sorts": queries.SORTS,
        "invitation": "" if page.thread.closed else invitation(),
        "bubble": settings.CONFIG["bubble"],
        **composer_context(),
    }


def invitation() -> str:
    """Return the line that invites to the discussion, "" for none; ours is translated."""
    words = settings.CONFIG["invitation"]
    if settings.CONFIG["bubble"] == "off" or not words:
        return ""
    return gettext(words) if words == INVITATION else str(words)


def composer_context() -> dict[str, Any]:
    """Return what the composer says about the house: its bounds, and where to sign in."""
    return {"policy": policy(), "sign_in_url": resolve_url(settings.LOGIN_URL)}


def pace_of(thread: ThreadFacts, target: ReplyTarget | None = None) -> dict[str, Any]:
    """Return what a composer says of the pace of a thread, or of a branch that is answered in."""
    now = utcnow()
    slow = pacing.slowest(thread.switches, now=now)
    if target is not None and thread.slow_branches:
        slow = max(slow, slow_below(number=target.number, thread_id=thread.id, now=now))
    return {"slow": slow, "raid": pacing.raid_since(thread.switches, now=now) is not None}


def chosen_sort(sort: str) -> str:
    """Return an order that has to be asked for; empty for the usual one and for none of ours."""
    return sort if sort in queries.SORTS[1:] else ""


def _place_of(target: ReplyTarget, page: ThreadPage) -> str:
    """Return where the comment stands: on the page itself, if it does."""
    here = any(comment.number == target.number for comment in page.comments)
    return f"#c{target.number}" if here else addresses.permalink(target.number)


def reply_target(request: HttpRequest, *, thread_id: int) -> ReplyTarget | None:
    """Return the comment that `?reply=` names, if it can be answered here."""
    number = _number(request, "reply")
    return queries.reply_target(thread_id=thread_id, number=number) if number else None


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the number of a row that the query names, if it is one."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < len(str(2**63))):
        return None
    return int(text)


def _note(page: ThreadPage, number: int) -> NoteTarget | None:
    """Return the note that `?note=` names, if it takes answers: of those beside the story, free."""
    for note in page.notes:
        if note.id == number:
            return None if note.closed else NoteTarget(note.id, note.exact, note.question)
    return note_target(thread_id=page.thread.id, number=number)
