"""What the filters in force say of a comment that is posted or changed. No query.

The filters are ready in memory, by the digest that the state of the site brings with the thread's
row; whoever finds another digest there than in memory reads them once. What they ask of rows is
asked in the statement that finds the participant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from broadsheet.discussion.models import Comment, FilterVersion, Moved, Thread
from broadsheet.discussion.rules import filtering, sieving
from broadsheet.discussion.rules.filtering import Filters
from broadsheet.discussion.rules.sieving import Match, Sieve
from broadsheet.discussion.statements import as_sent, first
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
# What says the same, in another comment: somebody said it lately, or so many others did. Of a text
# that comes thousands of times the newest tell enough.
REPEATED: Final = """
(
    SELECT max(CASE WHEN lately.owner = %s THEN 1 ELSE 0 END) = 1
    OR count(DISTINCT lately.owner) >= %s
    FROM (
        SELECT who.owner FROM discussion_comment said
        JOIN discussion_participant who ON who.id = said.author_id
        WHERE said.likeness = %s AND said.created_at >= %s AND said.id <> %s
        ORDER BY said.created_at DESC LIMIT 200
    ) lately
)
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


def likeness_of(sieve: Sieve | None, text: str) -> int | None:
    """Return by what a comment of these words is known to say the same as another; None for never.

    It is kept in the comment's row while the filters in force ask for it.
    """
    return sieving.likeness(text) if sieve and sieve.filters.repeat_hours else None


def asked_of(
    sieve: Sieve | None, *, likeness: int | None, by: str, now: datetime
) -> tuple[dict[str, str], tuple[Any, ...]]:
    """Return what is asked with the participant, by name, and its values, in the same order.

    "removed" is whether many of theirs were removed, "repeated" whether the words, of this
    likeness, were said lately. No filter asks anything that it does not need.
    """
    asked: dict[str, str] = {}
    values: tuple[Any, ...] = ()
    if sieve is not None and (chosen := sieve.filters).removals:
        after = as_sent(FilterVersion, "at", now - timedelta(days=chosen.removal_days))
        asked["removed"], values = REMOVED, (after, chosen.removals)
    if sieve is not None and likeness is not None:
        asked["repeated"] = REPEATED
        values = (*values, *_of_repeated(sieve.filters, likeness, by=by, now=now))
    return asked, values


def is_repeated(*, sieve: Sieve, comment: Comment, likeness: int, by: str, now: datetime) -> bool:
    """Say whether REPEATED holds of words that a comment is to have. One query."""
    values = _of_repeated(sieve.filters, likeness, by=by, now=now, but=comment.pk)
    return bool((first(f"SELECT {REPEATED}", *values) or (False,))[0])


def judge(
    *, sieve: Sieve | None, said: Said, actor: Actor, removed: bool = False, repeated: bool = False
) -> Match | None:
    """Return what lets a comment wait, or None; what asked_of asks for is answered already.

    Raises RefusalError for what is refused. Nothing is said of what staff write.
    """
    if sieve is None or actor.is_staff:
        return None
    found = look(sieve=sieve, said=said, removed=removed, repeated=repeated)
    if found is not None and found.action == sieving.REFUSE:
        facts = (("entry", found.entry), ("found", found.found))
        raise RefusalError(Refused(f"refused_{found.rule}", facts=facts, field="body"))
    return found


def look(*, sieve: Sieve, said: Said, removed: bool, repeated: bool) -> Match | None:
    """Return what filters find in what somebody says, the gravest first."""
    text = "\n".join(filter(None, (said.text, said.name, said.alt)))
    if (found := sieve.find(text=text, links=said.links)) is not None:
        return found
    if repeated:
        # What says the same is one match: a hundred of it are decided at once.
        return Match(sieving.HOLD, sieving.REPEAT, str(sieving.likeness(said.text) or ""))
    return Match(sieving.HOLD, sieving.REMOVALS) if removed else None


def forget() -> None:
    """Forget what is ready, for tests."""
    _cache.clear()


def _of_repeated(
    filters: Filters, likeness: int, *, by: str, now: datetime, but: int = 0
) -> tuple[Any, ...]:
    since = as_sent(Comment, "created_at", now - timedelta(hours=filters.repeat_hours))
    return by, filters.repeat_people - 1, likeness, since, but


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
