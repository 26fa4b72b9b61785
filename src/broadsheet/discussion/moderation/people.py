"""What moderators read of a person, and what a person reads of what holds for them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from broadsheet.discussion.comments.rows import person as person_of
from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.models import Comment, Moved, Participant, Sanction
from broadsheet.discussion.moderation.histories import MOST_COUNTED, History, deed
from broadsheet.discussion.rules.sanctioning import Limit
from broadsheet.discussion.sanctions.in_force import limit_of, reached, reaches_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.html import SafeHtml, stored

MOST_COMMENTS: Final = 20
MOST_DECISIONS: Final = 20
MOST_LIMITS: Final = 50
MOST_PEOPLE: Final = 200
# So long somebody reads of what is over.
KEPT_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """Something that holds, or held. `by` is the opaque id of who decided it, at comment `number`.

    `reason` is in their words. `holds`: it has not ended. While it `waits`, it ends at its `until`
    unless a colleague lets it hold until `wanted_until`. `ended_at`: it was lifted, undone or read.
    """

    limit: Limit
    by: str
    reason: str
    number: int
    sequence: int
    holds: bool
    waits: bool
    wanted_until: datetime | None
    read_at: datetime | None
    ended_at: datetime | None
    mail: bool
    network_until: datetime | None
    title: str
    url: str
    person: UUID
    name: Person


@dataclass(frozen=True, slots=True)
class Said:
    """One of somebody's last comments."""

    number: int
    state: str
    rule: str
    html: SafeHtml
    created_at: datetime
    title: str
    url: str
    name: Person
    thread: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What moderators know of somebody who wrote, under all names of their device or account.

    `has_mail` and `has_network`: a limit can reach them by those. `owner` is the actor's id.
    """

    uuid: UUID
    owner: str
    kind: str
    erased: bool
    names: tuple[str, ...]
    email: str
    history: History
    comments: tuple[Said, ...]
    limits: tuple[ShownLimit, ...]
    has_network: bool
    by_staff: bool

    @property
    def has_mail(self) -> bool:
        return bool(self.email)


def person_page(*, uuid: UUID, now: datetime) -> PersonPage | None:
    """Return what is known of somebody here. Six queries."""
    found = Participant.objects.filter(uuid=uuid).first()
    if found is None:
        return None
    wrote = Comment.objects.filter(author__owner=found.owner)
    names = Participant.objects.filter(owner=found.owner).exclude(name="").order_by("pk")
    comments = _comments(wrote)
    return PersonPage(
        uuid=found.uuid,
        owner=found.owner,
        kind=found.kind,
        erased=found.erased_at is not None,
        names=tuple(names.values_list("name", flat=True)[:MOST_COMMENTS]),
        email=found.email,
        history=_history(found.owner),
        comments=comments,
        limits=_shown(Sanction.objects.filter(owner=found.owner), now=now),
        has_network=wrote.filter(network__isnull=False).exists(),
        by_staff=wrote.exclude(voice="").exists(),
    )


def my_limits(*, actor: Actor, now: datetime) -> tuple[ShownLimit, ...]:
    """Return what holds for the actor and what was over lately, the newest first. Two queries."""
    lately = Q(ended_at__gte=now - KEPT_FOR) | Q(ended_at=None)
    not_long_over = Q(until=None) | Q(until__gte=now - KEPT_FOR)
    reaches = reached(actor=actor)
    rows = Sanction.objects.filter(lately, not_long_over, reaches_of(reaches, now=now))
    own = set(rows.filter(owner=actor.id).values_list("pk", flat=True))
    # Who is reached by mail or network is perhaps somebody else: the words are not for them.
    return tuple(
        one if one.limit.number in own else replace(one, reason="", number=0)
        for one in _shown(rows, now=now)
    )


def limits_in_force(*, now: datetime, waiting: bool = False) -> tuple[ShownLimit, ...]:
    """Return what holds for anybody; with `waiting` what a colleague has to confirm. One query."""
    rows = Sanction.objects.filter(Q(until=None) | Q(until__gt=now), ended_at=None)
    return _shown(rows.filter(waits=True) if waiting else rows, now=now, limit=MOST_PEOPLE)


def person_of_limit(*, number: int) -> UUID | None:
    """Return about whom a limit is. One query."""
    found = Sanction.objects.filter(pk=number)
    return found.values_list("person__uuid", flat=True).first()


def _comments(wrote: QuerySet[Comment]) -> tuple[Said, ...]:
    columns = ("id", "state", "rule", "html", "created_at", "guest_number", "thread_id")
    rows = wrote.order_by("-pk").values(*columns, "author__name", "thread__title", "thread__url")[
        :MOST_COMMENTS
    ]
    return tuple(
        Said(
            number=row["id"],
            state=row["state"],
            rule=row["rule"],
            html=stored(row["html"]),
            created_at=row["created_at"],
            title=row["thread__title"],
            url=row["thread__url"],
            name=person_of(row),
            thread=row["thread_id"],
        )
        for row in rows
    )


def _history(owner: str) -> History:
    """Return how much of somebody's is public, and what was decided about them lately."""
    public = Comment.objects.filter(
        author__owner=owner, state=Comment.State.PUBLISHED, published_at__isnull=False
    )
    moved = Moved.objects.filter(author__owner=owner, undone=False).exclude(decision__verb="undo")
    rows = moved.order_by("-decision__sequence").values(
        *(f"decision__{name}" for name in ("sequence", "verb", "rule", "actor_id", "by_role", "at"))
    )[:MOST_DECISIONS]
    decided = (
        deed({name.removeprefix("decision__"): value for name, value in row.items()})
        for row in rows
    )
    return History(public.order_by()[:MOST_COUNTED].count(), tuple(decided))


def _shown(
    rows: QuerySet[Sanction], *, now: datetime, limit: int = MOST_LIMITS
) -> tuple[ShownLimit, ...]:
    """Return limits, the newest first. One query."""
    joined = rows.select_related("decision__reason", "decision__comment", "thread", "person")
    found = joined.defer("decision__comment__source", "decision__comment__html")
    return tuple(_one(row, now) for row in found.order_by("-pk")[:limit])


def _one(row: Sanction, now: datetime) -> ShownLimit:
    reason = getattr(row.decision, "reason", None)
    comment = row.decision.comment
    return ShownLimit(
        limit=limit_of(row),
        by=row.decision.actor_id,
        reason=reason.text if reason else "",
        number=row.decision.comment_id or 0,
        sequence=row.decision.sequence,
        holds=row.ended_at is None and (row.until is None or row.until > now),
        waits=row.waits,
        wanted_until=row.wanted_until,
        read_at=row.read_at,
        ended_at=row.ended_at,
        mail=bool(row.mail),
        network_until=row.network_until,
        title=row.thread.title if row.thread else "",
        url=row.thread.url if row.thread else "",
        person=row.person.uuid,
        name=Person(name=row.person.name, guest=comment.guest_number if comment else None),
    )
