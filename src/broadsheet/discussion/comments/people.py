"""Who writes: finding or making the participant behind an actor, and their label in a thread."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.filters.judging import asked_of
from broadsheet.discussion.models import Comment, GuestLabel, Participant, Thread
from broadsheet.discussion.rules import texts
from broadsheet.discussion.rules.pacing import known_before
from broadsheet.discussion.rules.sanctioning import Limit
from broadsheet.discussion.rules.sieving import Sieve
from broadsheet.discussion.sanctions.in_force import LIMITED, in_force, reached
from broadsheet.discussion.statements import (
    as_sent,
    find,
    find_if_any,
    first,
    insert,
    update,
)
from broadsheet.discussion.threads.standing import raid_of
from broadsheet.kit.actor import Actor

# Somebody is known here by a comment that was published.
_KNOWN = """
EXISTS (
    SELECT 1 FROM discussion_comment
    WHERE author_id = discussion_participant.id AND state = 'published'
)
"""

_KNOWN_BEFORE = """
EXISTS (
    SELECT 1 FROM discussion_comment WHERE author_id = discussion_participant.id
    AND state = 'published' AND published_at < %s
)
"""
# The same of a device or an account, under whichever name.
_OWNER_KNOWN_BEFORE = """
SELECT 1 FROM discussion_participant author
JOIN discussion_comment comment ON comment.author_id = author.id
WHERE author.owner = %s AND comment.state = 'published' AND comment.published_at < %s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes. `known`: a comment of theirs is published. `limits` hold for them at present.

    `trusted`: one was published well before the raid that was asked about. `removed`: so many were
    removed lately that a filter holds what they write; `repeated`: one holds these words.
    """

    participant: Participant
    known: bool
    limits: tuple[Limit, ...] = ()
    trusted: bool = False
    removed: bool = False
    repeated: bool = False


def writer(
    *,
    actor: Actor,
    name: str,
    email: str,
    now: datetime,
    raid: datetime | None = None,
    sieve: Sieve | None = None,
    likeness: int | None = None,
) -> Writer:
    """Return the participant who writes, with what is to be known of them.

    An account writes under its own name; a guest under the one typed, if any. Nothing holds for
    staff. Without a `raid`, by the time since when there is one, nobody's trust is asked.
    `likeness` is that of what they write.
    """
    guest = actor.is_guest
    shown = texts.clean_name(name if guest else actor.name)
    address = texts.clean_email(email if guest else actor.email)
    key = texts.persona_key(owner=actor.id, name=shown) if guest else actor.id
    reaches = reached(actor=actor, email=address)
    filters, values = asked_of(sieve, likeness=likeness, by=actor.id, now=now)
    asked = {"known": _KNOWN, "limited": LIMITED, **filters}
    values = (*reaches.asked(now), *values)
    if raid is not None:
        asked["trusted"] = _KNOWN_BEFORE
        before = known_before(guest=guest, since=raid)
        values = (*values, as_sent(Comment, "published_at", before))
    found, answers = find_if_any(Participant, "key = %s", *values, key, asked=tuple(asked.values()))
    said = dict(zip(asked, answers, strict=True))
    limits = in_force(reaches=reaches, now=now) if said["limited"] and not actor.is_staff else ()
    repeated = said.get("repeated", False)
    if found is None:
        made = _make(key=key, actor=actor, name=shown, email=address, now=now)
        return Writer(made, known=False, limits=limits, repeated=repeated)
    _bring_up_to_date(found, name=shown, email=address)
    return Writer(
        found,
        said["known"],
        limits,
        trusted=said.get("trusted", False),
        removed=said.get("removed", False),
        repeated=repeated,
    )


def was_here_before(*, actor: Actor, raid: datetime) -> bool:
    """Say whether the actor has a history here from before a raid that began then. One query."""
    before = known_before(guest=actor.is_guest, since=raid)
    sent = as_sent(Comment, "published_at", before)
    return actor.is_staff or first(_OWNER_KNOWN_BEFORE, actor.id, sent) is not None


def is_new_in_raid(actor: Actor, thread: Thread, *, now: datetime) -> bool:
    """Say whether there is a raid on a thread, and the actor was not here before it.

    No query in peace, one in a raid.
    """
    raid = raid_of(thread, now=now)
    return raid is not None and not was_here_before(actor=actor, raid=raid)


def imported_writer(*, key: str, name: str, email: str, now: datetime) -> Participant:
    """Return the participant for a person of another system, known by an `import:…` key."""
    made, _ = Participant.objects.get_or_create(
        key=key,
        defaults={
            "kind": Participant.Kind.IMPORTED,
            "owner": key,
            "name": texts.clean_name(name),
            "email": texts.clean_email(email),
            "created_at": now,
        },
    )
    return made


def guest_number(*, thread: Thread, participant: Participant) -> int | None:
    """Return the number of a nameless participant in a locked thread; None for a named one."""
    if participant.name:
        return None
    label = find(GuestLabel, "thread_id = %s AND participant_id = %s", thread.pk, participant.pk)
    if label is None:
        thread.guests += 1
        update(thread, "guests")
        label = GuestLabel(thread=thread, participant=participant, number=thread.guests)
        insert(label)
    return label.number


def _make(*, key: str, actor: Actor, name: str, email: str, now: datetime) -> Participant:
    kind = Participant.Kind.GUEST if actor.is_guest else Participant.Kind.READER
    made = Participant(
        key=key, kind=kind, owner=actor.id, name=name, email=email, created_at=now
    )  # fmt: skip
    # Perhaps made in another thread a moment ago.
    insert(made, or_find_by="key")
    return made


def _bring_up_to_date(participant: Participant, *, name: str, email: str) -> None:
    changed = []
    if participant.name != name:
        participant.name = name
        changed.append("name")
    if email and participant.email != email:
        participant.email = email
        changed.append("email")
    if changed:
        participant.save(update_fields=changed)
