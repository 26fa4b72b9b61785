"""Opening, closing and locking a thread."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from broadsheet.discussion import chain
from broadsheet.discussion.models import Decision, SiteState, Switch, Thread
from broadsheet.discussion.rules import deciding, pacing
from broadsheet.discussion.statements import change_and_find_beside, find_beside
from broadsheet.discussion.threads.standing import with_house
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import require

_BATCH: Final = 500
_ITS_THREAD: Final = (
    "discussion_thread.id = (SELECT thread_id FROM discussion_comment WHERE id = %s)"
)


class UnknownThreadError(LookupError):
    """No thread has this id."""


class UnknownCommentError(LookupError):
    """No comment has this number."""


def open_thread(
    *,
    site: str,
    key: str,
    url: str,
    title: str,
    language: str,
    now: datetime,
    edition: int = 0,
    editions_url: str = "",
) -> int:
    """Open the thread `(site, key)`, or bring its attributes up to date; returns its id.

    The last publication wins. `edition` numbers the text that is discussed; with an `editions_url`,
    comments on an earlier one say so and lead to `<editions_url><number>/`. `url` is a path of this
    site or an http(s) address; anything else raises ValueError, because people are sent there after
    posting.
    """
    _check_address(url)
    attributes = {
        "url": url,
        "title": title,
        "language": language,
        "edition": edition,
        "editions_url": editions_url,
        "hidden_at": None,
    }
    with transaction.atomic():
        thread, _ = Thread.objects.update_or_create(
            site=site,
            key=key,
            defaults=attributes,
            create_defaults=attributes | {"opened_at": now},
        )
    return thread.pk


def move_threads(*, site: str, urls: Mapping[str, str]) -> None:
    """Give these threads other addresses, by key. Raises ValueError as `open_thread` does."""
    for url in urls.values():
        _check_address(url)
    _set_each(site, "url", urls)


def lead_to_editions(*, site: str, urls: Mapping[str, str]) -> None:
    """Set where the editions of these threads are read, by key; empty where nobody reads them."""
    _set_each(site, "editions_url", urls)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    own_path = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not own_path and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(f"a thread's address is a path or an http address, not {url!r}")


def _set_each(site: str, field: str, values: Mapping[str, str]) -> None:
    """Write one field of the threads with these keys, where it is another: in batches."""
    keys = list(values)
    for start in range(0, len(keys), _BATCH):
        rows = list(Thread.objects.filter(site=site, key__in=keys[start : start + _BATCH]))
        changed = [thread for thread in rows if getattr(thread, field) != values[thread.key]]
        for thread in changed:
            setattr(thread, field, values[thread.key])
        Thread.objects.bulk_update(changed, [field])


def hide_thread(*, site: str, key: str, now: datetime) -> None:
    """Take a thread out of sight, because its story is no longer public; nothing of it is lost.

    `open_thread` shows it again. A thread that does not exist, or is hidden, stays as it is.
    """
    Thread.objects.filter(site=site, key=key, hidden_at=None).update(
        hidden_at=now, events=F("events") + 1
    )


def show_thread(*, site: str, key: str) -> None:
    """Let readers have a hidden thread again; one that does not exist, or is shown, stays so."""
    Thread.objects.filter(site=site, key=key, hidden_at__isnull=False).update(
        hidden_at=None, events=F("events") + 1
    )


def close_thread(
    *, actor: Actor, thread_id: int, now: datetime, reason: str = "", rule: str = ""
) -> None:
    """Stop posts and votes in a thread; who and when stay on it. Closing twice changes nothing.

    What was closed for a while is closed without an end then.
    `reason` is free words, which readers see. It is a decision in the chain, unless a part of the
    system follows what was decided elsewhere and gives no `rule`. Raises RefusalError for those who
    may not, UnknownThreadError.
    """
    words = reason.strip()
    require(deciding.may_close(actor=actor, reason=words))
    with transaction.atomic():
        thread = lock_thread(thread_id)
        if thread.closed_at is None or thread.closed_until is not None:
            thread.closed_at, thread.closed_by = now, actor.id
            _closed_or_open(thread, "close", actor=actor, rule=rule, reason=words, now=now)


def reopen_thread(*, actor: Actor, thread_id: int, now: datetime, reason: str = "") -> None:
    """Let posts and votes into a closed thread again. Raises as `close_thread` does.

    What a person closed, or the calendar, a part of the system leaves closed: a story that is
    published once more is no reason to open its discussion.
    """
    words = reason.strip()
    require(deciding.may_close(actor=actor, reason=words))
    with transaction.atomic():
        thread = lock_thread(thread_id)
        if thread.closed_at is not None and deciding.undoes(actor=actor, by=thread.closed_by):
            thread.closed_at, thread.closed_by = None, ""
            _closed_or_open(thread, "reopen", actor=actor, rule="", reason=words, now=now)


def close_old_threads(*, days: int, now: datetime, limit: int = _BATCH) -> int:
    """Close threads that were opened `days` ago, the oldest first; return how many.

    Those that somebody opened again are left alone. 0 days: none is closed.
    """
    if not days:
        return 0
    about = Decision.objects.filter(thread=OuterRef("pk"), comment=None, verb=Decision.Verb.REOPEN)
    # What was closed for a while only, opens by itself.
    about = about.exclude(rule=pacing.TIME_OVER)
    old = Thread.objects.filter(closed_at=None, opened_at__lte=now - timedelta(days=days))
    due = old.exclude(Exists(about)).order_by("opened_at", "pk").values_list("pk", flat=True)
    numbers = list(due[:limit])
    for number in numbers:
        close_thread(actor=deciding.CALENDAR, thread_id=number, now=now, rule=deciding.AFTER_DAYS)
    return len(numbers)


def _closed_or_open(
    thread: Thread, verb: str, *, actor: Actor, rule: str, reason: str, now: datetime
) -> None:
    thread.events += 1
    thread.closed_until = None
    thread.save(update_fields=["closed_at", "closed_by", "closed_until", "events"])
    on = Switch.objects.filter(thread=thread, comment=None, kind=Switch.Kind.CLOSED, ended_at=None)
    if not rule and actor.has(Role.SYSTEM):
        on.update(ended_at=now)
        return
    decision = chain.append(
        thread=thread, comment=None, verb=verb, rule=rule, actor=actor, now=now, reason=reason
    )
    on.update(ended_at=now, ended_by=decision)
    if verb == "close":
        kind = Switch.Kind.CLOSED
        Switch.objects.create(kind=kind, thread=thread, since=now, decision=decision)


def lock_thread(thread_id: int) -> Thread:
    """Return the thread with its row locked until the transaction ends.

    Everything that changes a comment or a counter holds this lock first, and takes the lock of the
    decisions' chain only after it: one order, so no deadlock. On SQLite the transaction itself is
    the lock. With it comes the state of the site, as `house`. Raises UnknownThreadError.
    """
    found = find_beside(Thread, SiteState, "discussion_thread.id = %s", thread_id, lock=True)
    if found is None:
        raise UnknownThreadError(thread_id)
    return with_house(*found[:2])


def lock_thread_of(comment_id: int) -> Thread:
    """Return the locked thread of a comment, in one query. Raises UnknownCommentError."""
    found = find_beside(Thread, SiteState, _ITS_THREAD, comment_id, lock=True)
    if found is None:
        raise UnknownCommentError(comment_id)
    return with_house(*found[:2])


def advance_thread_of(comment_id: int) -> Thread:
    """Return the locked thread of a comment with one event more, in one query.

    For what is nearly always written: whoever then has nothing to write rolls back. Raises
    UnknownCommentError.
    """
    one_more = "events = events + 1"
    found = change_and_find_beside(Thread, SiteState, one_more, _ITS_THREAD, comment_id)
    if found is None:
        raise UnknownCommentError(comment_id)
    return with_house(*found)
