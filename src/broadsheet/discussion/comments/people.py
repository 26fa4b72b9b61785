"""Who writes: finding or making the participant behind an actor, and their label in a thread."""

from datetime import datetime

from broadsheet.discussion.models import Comment, GuestLabel, Participant, Thread
from broadsheet.discussion.rules import texts
from broadsheet.discussion.rules.pacing import known_before
from broadsheet.discussion.statements import (
    as_sent,
    find,
    find_and_ask,
    first,
    insert,
    update,
)
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


def writer(
    *, actor: Actor, name: str, email: str, now: datetime, raid: datetime | None = None
) -> tuple[Participant, bool, bool]:
    """Return the participant who writes, and whether a comment of theirs is published.

    Then whether one was so well before a `raid` that began then; without one that is not asked.

    An account writes under its own name; a guest under the one typed, if any.
    """
    guest = actor.is_guest
    shown = texts.clean_name(name if guest else actor.name)
    address = texts.clean_email(email if guest else actor.email)
    key = texts.persona_key(owner=actor.id, name=shown) if guest else actor.id
    asked: tuple[str, ...] = (_KNOWN,)
    values: list[object] = [key]
    if raid is not None:
        asked = (_KNOWN, _KNOWN_BEFORE)
        before = known_before(guest=guest, since=raid)
        values = [as_sent(Comment, "published_at", before), key]
    if found := find_and_ask(Participant, "key = %s", *values, asked=asked):
        participant, (known, *before_raid) = found
        _bring_up_to_date(participant, name=shown, email=address)
        return participant, known, any(before_raid)
    return _make(key=key, actor=actor, name=shown, email=address, now=now), False, False


def was_here_before(*, actor: Actor, raid: datetime) -> bool:
    """Say whether the actor has a history here from before a raid that began then. One query."""
    before = known_before(guest=actor.is_guest, since=raid)
    sent = as_sent(Comment, "published_at", before)
    return actor.is_staff or first(_OWNER_KNOWN_BEFORE, actor.id, sent) is not None


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
    if actor.is_guest and not actor.newcomer:
        # Another name is no way round being read first.
        made.read_first_at = _read_first(actor.id)
    # Perhaps made in another thread a moment ago.
    insert(made, or_find_by="key")
    return made


def _read_first(owner: str) -> datetime | None:
    held = Participant.objects.filter(owner=owner, read_first_at__isnull=False)
    return held.values_list("read_first_at", flat=True).first()


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
