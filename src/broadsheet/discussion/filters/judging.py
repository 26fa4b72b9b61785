"""What the filters in force say of a comment that is posted or changed. No query.

The filters are ready in memory, by the digest that the state of the site brings with the thread's
row; whoever finds another digest there than in memory reads them once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from broadsheet.discussion.filters.memory import MEMORY, Memory
from broadsheet.discussion.filters.memory import since as since_when
from broadsheet.discussion.models import FilterVersion, Moved, Thread
from broadsheet.discussion.rules import filtering, sieving
from broadsheet.discussion.rules.filtering import Filters
from broadsheet.discussion.rules.sieving import Match, Sieve
from broadsheet.discussion.statements import as_sent
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused

# Of somebody many of whose comments were removed lately, by a person, as it stands now.
REMOVED: Final = """
(
    SELECT count(*) FROM discussion_moved moved
    JOIN discussion_decision decision ON decision.id = moved.decision_id
    WHERE moved.author_id = discussion_participant.id AND NOT moved.undone
    AND moved.to_state = 'removed' AND decision.at > %s
) >= %s
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says: the words as they are read, where they link to, under which name.

    `alt` are those with which they describe an image.
    """

    text: str
    links: Sequence[str] = ()
    name: str = ""
    alt: str = ""


def sieve_of(thread: Thread) -> Sieve | None:
    """Return the filters in force, by what came with the thread's row; None where none are."""
    digest = thread.house.filters if thread.house else ""
    return _ready(digest) if digest else None


def asked_of(sieve: Sieve | None, *, now: datetime) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return what is asked with the participant, and its values: nothing where no filter asks."""
    if sieve is None or not sieve.filters.removals:
        return (), ()
    chosen = sieve.filters
    after = now - timedelta(days=chosen.removal_days)
    return (REMOVED,), (as_sent(FilterVersion, "at", after), chosen.removals)


def judge(
    *,
    sieve: Sieve | None,
    said: Said,
    actor: Actor,
    now: datetime,
    removed: bool = False,
    memory: Memory = MEMORY,
) -> Match | None:
    """Return what lets a comment wait, or None. `removed`: REMOVED holds of its author.

    Raises RefusalError for what is refused. Nothing is said of what staff write.
    """
    if sieve is None or actor.is_staff:
        return None
    found = look(sieve=sieve, said=said, by=actor.id, now=now, removed=removed, memory=memory)
    if found is not None and found.action == sieving.REFUSE:
        facts = (("entry", found.entry), ("found", found.found))
        raise RefusalError(Refused(f"refused_{found.rule}", facts=facts, field="body"))
    return found


def look(
    *, sieve: Sieve, said: Said, by: str, now: datetime, removed: bool, memory: Memory
) -> Match | None:
    """Return what filters find in what somebody says, the gravest first."""
    text = "\n".join(filter(None, (said.text, said.name, said.alt)))
    if (found := sieve.find(text=text, links=said.links)) is not None:
        return found
    if (again := _again(sieve.filters, said, by=by, now=now, memory=memory)) is not None:
        return again
    return Match(sieving.HOLD, sieving.REMOVALS) if removed else None


def remember(
    *, sieve: Sieve | None, said: Said, by: str, now: datetime, memory: Memory = MEMORY
) -> None:
    """Keep that somebody said this, where the filters in force ask for it."""
    if sieve is None or not sieve.filters.repeat_hours:
        return
    if text := sieving.likeness(said.text):
        memory.remember(text, by=by, now=now)


def forget() -> None:
    """Forget what is ready and what was said, for tests."""
    _cache.clear()
    MEMORY.forget()


def _again(filters: Filters, said: Said, *, by: str, now: datetime, memory: Memory) -> Match | None:
    if not filters.repeat_hours or not (text := sieving.likeness(said.text)):
        return None
    since = since_when(hours=filters.repeat_hours, now=now)
    own, others = memory.said(text, by=by, since=since)
    is_again = own or others >= filters.repeat_people - 1
    return Match(sieving.HOLD, sieving.REPEAT) if is_again else None


_cache: dict[str, Sieve] = {}


def _ready(digest: str) -> Sieve | None:
    """Return filters ready to be used. One query where they are not in memory yet."""
    if (ready := _cache.get(digest)) is None:
        content = FilterVersion.objects.filter(digest=digest).values_list("content", flat=True)
        found = content.first()
        if found is None:
            return None
        ready = Sieve(filtering.read(found))
        # Only those in force are asked for.
        _cache.clear()
        _cache[digest] = ready
    return ready


def removed_lately(*, authors: Sequence[int], filters: Filters, now: datetime) -> set[int]:
    """Return those authors of whom REMOVED holds. One query, none where it is not asked."""
    if not filters.removals:
        return set()
    after = now - timedelta(days=filters.removal_days)
    rows = Moved.objects.filter(
        author__in=authors, undone=False, to_state="removed", decision__at__gt=after
    )
    counts: dict[int, int] = {}
    for author in rows.order_by().values_list("author", flat=True):
        counts[author] = counts.get(author, 0) + 1
    return {author for author, count in counts.items() if count >= filters.removals}
