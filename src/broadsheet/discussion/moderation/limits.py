"""Stopping a person: what holds for them from now on, a colleague's word, and the end of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from broadsheet.discussion import chain
from broadsheet.discussion.appeals.operations import settle_limit_appeals
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import Comment, Decision, Participant, Sanction, Thread
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import remember_still
from broadsheet.discussion.rules import sanctioning
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.sanctioning import Wanted
from broadsheet.discussion.rules.undoing import reference
from broadsheet.discussion.sanctions.in_force import mail_digest, standing
from broadsheet.discussion.sanctions.letting import mark_read
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.chain import Scalar
from broadsheet.kit.verdict import RefusalError, Refused, require


class UnknownSanctionError(LookupError):
    """Nothing that holds, or held, for somebody has this number."""


@dataclass(frozen=True, slots=True)
class Limited:
    """`limit` is what holds now, `sequence` its decision, `number` the comment it was decided at.

    `waits`: it ends at `until` unless a colleague confirms it.
    """

    limit: int
    sequence: int
    number: int
    until: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A limit that was lifted or confirmed, by which decision, and at which comment."""

    limit: int
    sequence: int
    number: int


def limit_person(
    *,
    actor: Actor,
    comment_id: int,
    wanted: Wanted,
    now: datetime,
    staff: Collection[str] = (),
    colleagues: bool = False,
    alone: bool = False,
) -> Limited:
    """Let something hold for the author of a comment, which is the occasion; and write down why.

    It holds for all names of their device or account. `staff` are the actor ids of those who work
    here, and are never limited; `colleagues`: somebody else could confirm it. Nobody decides about
    what concerns them, `alone` as in `decide`. Raises RefusalError, UnknownCommentError.
    """
    require(may_moderate(actor=actor))
    wanted = replace(wanted, reason=wanted.reason.strip())
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment, author = _author(comment_id)
        network = _network(author.owner) if wanted.network else ""
        holding = _holding(author.owner, wanted, thread, now)
        book = current_rules()
        require(
            sanctioning.may_limit(
                actor=actor,
                wanted=wanted,
                by_staff=bool(comment.voice) or author.owner in staff,
                in_force=set(holding.values_list("kind", flat=True)),
                has_network=bool(network),
                rules=book.keys,
            )
        )
        ends = sanctioning.end_of(wanted, now=now)
        waits = sanctioning.waits_for_second(actor=actor, wanted=wanted, colleagues=colleagues)
        row = Sanction(
            person=author,
            kind=wanted.kind,
            thread=thread if wanted.kind == sanctioning.MUTE else None,
            owner=author.owner,
            mail=mail_digest(author.email) if wanted.mail else "",
            network=network,
            network_until=now + sanctioning.NETWORK_FOR if network else None,
            minutes=wanted.minutes if wanted.kind == sanctioning.SLOW else 0,
            at=now,
            until=now + sanctioning.ALONE_FOR if waits else ends,
            waits=waits,
            wanted_until=ends if waits else None,
        )
        row.decision = decision = chain.append(
            thread=thread,
            comment=comment,
            verb=wanted.kind,
            rule=wanted.rule,
            actor=actor,
            now=now,
            reason=wanted.reason,
            facts=_facts(row),
            book=book,
        )
        remember_still(decision=decision, comment=comment)
        row.save()
    return Limited(row.pk, decision.sequence, comment_id, row.until, waits)


def lift_limit(
    *, actor: Actor, limit: int, reason: str, now: datetime, alone: bool = False
) -> Changed:
    """End what holds for somebody before its time, by a decision of its own.

    Raises RefusalError (also when it has ended), UnknownSanctionError.
    """
    require(may_moderate(actor=actor))
    words = reason.strip()
    with transaction.atomic():
        thread, row = _locked(limit)
        number = row.decision.comment_id or 0
        require_no_concern(actor=actor, numbers=[number], alone=alone)
        holds = standing(now=now).filter(pk=limit).exists()
        require(sanctioning.may_lift(actor=actor, in_force=holds, reason=words))
        verb = sanctioning.FREE if row.kind == sanctioning.HOLD else sanctioning.LIFT
        decision = _about(row, thread, verb, actor=actor, reason=words, now=now)
        Sanction.objects.filter(pk=limit).update(ended_at=now, ended_by=decision)
        settle_limit_appeals(about=row.decision, outcome=decision, now=now)
    return Changed(limit, decision.sequence, number)


def confirm_limit(*, actor: Actor, limit: int, now: datetime, alone: bool = False) -> Changed:
    """Let a colleague's limit hold for as long as they wanted.

    Raises RefusalError (also to whoever decided it), UnknownSanctionError.
    """
    require(may_moderate(actor=actor))
    with transaction.atomic():
        thread, row = _locked(limit)
        number = row.decision.comment_id or 0
        require_no_concern(actor=actor, numbers=[number], alone=alone)
        waits = standing(now=now).filter(pk=limit, waits=True).exists()
        require(sanctioning.may_confirm(actor=actor, by=row.decision.actor_id, waits=waits))
        decision = _about(row, thread, sanctioning.CONFIRM, actor=actor, reason="", now=now)
        Sanction.objects.filter(pk=limit).update(waits=False, until=row.wanted_until)
    return Changed(limit, decision.sequence, number)


def acknowledge_warning(*, actor: Actor, limit: int, now: datetime) -> None:
    """Say that one read a warning. Said again, it changes nothing.

    Raises UnknownSanctionError where it is nobody's, or somebody else's.
    """
    mine = Sanction.objects.filter(pk=limit, owner=actor.id, kind=sanctioning.WARN)
    if not mine.exists():
        raise UnknownSanctionError(limit)
    mark_read(number=limit, now=now)


def take_back(*, decision: Decision, now: datetime) -> None:
    """Undo what a decision let hold, or what it lifted, if nobody decided more since.

    Inside the caller's transaction, which holds the lock of the decision's thread; that of the
    person is taken here, as whoever limits them does.
    """
    if decision.comment_id is not None:
        _author(decision.comment_id)
    if decision.verb not in {sanctioning.LIFT, sanctioning.FREE}:
        undone = Sanction.objects.filter(decision=decision, ended_by=None)
        if not undone.update(ended_at=now):
            raise RefusalError(Refused("decided_since"))
        return
    row = Sanction.objects.filter(ended_by=decision).first()
    if row is None or _again(row, now=now):
        raise RefusalError(Refused("decided_since"))
    Sanction.objects.filter(pk=row.pk).update(ended_at=None, ended_by=None)


def forget_reaches(*, owner: str, nobody: str) -> None:
    """Forget by what somebody was reached. Inside the caller's transaction."""
    Sanction.objects.filter(owner=owner).update(
        owner=nobody, mail="", network="", network_until=None
    )


def forget_networks(*, now: datetime) -> int:
    """Forget the networks of comments and limits whose time is over; return how many."""
    old = Comment.objects.filter(
        network__isnull=False, created_at__lte=now - sanctioning.NETWORK_KEPT
    )
    over = Sanction.objects.filter(network_until__lte=now)
    return old.update(network=None) + over.update(network="", network_until=None)


def _author(comment_id: int) -> tuple[Comment, Participant]:
    """Return a comment and its author, with the lock of all that its author is called.

    In one order: two moderators may be at two comments of one person, in two threads. Others may
    name those people in rows of theirs meanwhile, at the end of the chain that is waited for here.
    """
    wanted = Comment.objects.select_related("author")
    comment = wanted.only("state", "voice", "author__owner").get(pk=comment_id)
    people = Participant.objects.filter(owner=comment.author.owner)
    return comment, people.select_for_update(no_key=True).order_by("pk").in_bulk()[
        comment.author_id
    ]


def _holding(owner: str, wanted: Wanted, thread: Thread, now: datetime) -> QuerySet[Sanction]:
    holding = standing(now=now).filter(owner=owner)
    return holding.filter(thread=thread) if wanted.kind == sanctioning.MUTE else holding


def _network(owner: str) -> str:
    """Return the digest of the network from which somebody wrote last, as far as it is kept."""
    known = Comment.objects.filter(author__owner=owner, network__isnull=False).order_by("-pk")
    return known.values_list("network", flat=True).first() or ""


def _facts(row: Sanction) -> dict[str, Scalar]:
    """Return what was decided beside the kind and the rule, for the record."""
    return {
        "until": row.until.isoformat() if row.until else None,
        "wanted_until": row.wanted_until.isoformat() if row.wanted_until else None,
        "waits": row.waits,
        "minutes": row.minutes,
        "mail": bool(row.mail),
        "network": bool(row.network),
    }


def _locked(limit: int) -> tuple[Thread, Sanction]:
    """Return a limit with the lock of the thread and of the person it is about."""
    about = Sanction.objects.filter(pk=limit).values_list("decision__comment", flat=True).first()
    if about is None:
        raise UnknownSanctionError(limit)
    thread = lock_thread_of(about)
    _author(about)
    return thread, Sanction.objects.select_related("decision__comment").get(pk=limit)


def _about(
    row: Sanction, thread: Thread, verb: str, *, actor: Actor, reason: str, now: datetime
) -> Decision:
    comment = row.decision.comment
    decision = chain.append(
        thread=thread,
        comment=comment,
        verb=verb,
        rule=reference(row.decision.sequence),
        actor=actor,
        now=now,
        reason=reason,
    )
    if comment is not None and verb != sanctioning.CONFIRM:
        remember_still(decision=decision, comment=comment)
    return decision


def _again(row: Sanction, *, now: datetime) -> bool:
    """Say whether the same was decided anew since it was lifted."""
    same = standing(now=now).filter(owner=row.owner, kind=row.kind, thread=row.thread_id)
    return same.exists()
