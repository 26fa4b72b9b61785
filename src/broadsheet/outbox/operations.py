import logging
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from broadsheet.outbox import rules, wake
from broadsheet.outbox.letters import Carrier, Delivery, Letter, UndeliverableError
from broadsheet.outbox.models import Message

logger = logging.getLogger(__name__)

_WAITING = Q(sent_at__isnull=True, failed_at__isnull=True)


@transaction.atomic
def queue(
    *,
    kind: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Put a message into the outbox, in the caller's transaction: both happen or neither.

    With a `dedupe_key` that was used before nothing is queued. Returns whether it was queued.
    """
    if dedupe_key is not None and Message.objects.filter(dedupe_key=dedupe_key).exists():
        return False
    Message.objects.create(
        uuid=uuid4(),
        kind=kind,
        to=to,
        # A line break would end the header.
        subject=" ".join(subject.split())[:250],
        text=text,
        html=html,
        dedupe_key=dedupe_key,
        created_at=now,
        not_before=max(now, not_before or now),
    )
    transaction.on_commit(wake.queued.set)
    return True


def deliver_due(*, now: datetime, send: Carrier, limit: int = 20) -> Delivery:
    """Send what is due, oldest first, at most `limit`. Called outside a transaction.

    A message is sent at least once: if the process dies between sending and noting it, it goes
    out again with the same Message-ID. `send` raises UndeliverableError for what can never
    arrive; after any other exception the message is tried again later.
    """
    sent = later = failed = 0
    due = _due(now).order_by("not_before", "id").values_list("pk", flat=True)[:limit]
    for pk in list(due):
        if not _claim(pk, now):
            continue
        outcome = _attempt(Message.objects.get(pk=pk), send, now)
        sent += outcome == "sent"
        later += outcome == "later"
        failed += outcome == "failed"
    return Delivery(sent=sent, later=later, failed=failed)


def forget_old(*, now: datetime) -> int:
    """Delete what was sent or given up a month ago. Returns how many messages."""
    before = now - rules.KEPT
    old = Message.objects.filter(Q(sent_at__lt=before) | Q(failed_at__lt=before))
    return old.delete()[0]


def _due(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(_WAITING, not_before__lte=now)


def _claim(pk: int, now: datetime) -> bool:
    """Keep others from trying it for a while; False when somebody else was quicker."""
    claimed = _due(now).filter(pk=pk)
    return claimed.update(attempts=F("attempts") + 1, not_before=now + rules.ATTEMPT) == 1


def _attempt(message: Message, send: Carrier, now: datetime) -> str:
    try:
        send(letter_of(message))
    except UndeliverableError as error:
        return _give_up(message, error, now)
    except Exception as error:  # noqa: BLE001 - whatever it was, the message must not be lost
        pause = rules.pause_after(message.attempts)
        if pause is None:
            return _give_up(message, error, now)
        logger.warning(
            "A message (%s) could not be sent, attempt %d: %s",
            message.kind,
            message.attempts,
            type(error).__name__,
        )
        _note(message, not_before=now + pause, last_error=type(error).__name__)
        return "later"
    _note(message, sent_at=now, last_error="")
    return "sent"


def _give_up(message: Message, error: Exception, now: datetime) -> str:
    logger.error("A message (%s) was given up: %s", message.kind, type(error).__name__)
    _note(message, failed_at=now, last_error=type(error).__name__)
    return "failed"


def _note(message: Message, **fields: object) -> None:
    Message.objects.filter(_WAITING, pk=message.pk).update(**fields)


def letter_of(message: Message) -> Letter:
    return Letter(
        uuid=message.uuid,
        kind=message.kind,
        to=message.to,
        subject=message.subject,
        text=message.text,
        html=message.html,
        created_at=message.created_at,
        sent_at=message.sent_at,
    )
