"""What was decided about a thread as a whole."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from broadsheet.discussion.models import Decision


@dataclass(frozen=True, slots=True)
class ThreadDecision:
    """`verb` is "close" or "reopen"; `rule` says why where no person did it."""

    verb: str
    rule: str
    role: str
    at: datetime
    reason: str


def thread_decisions(*, thread_id: int, limit: int = 50) -> tuple[ThreadDecision, ...]:
    """Return what was decided about a thread, the last first. One query."""
    rows = _decisions(thread_id).values_list("verb", "rule", "by_role", "at", "reason__text")
    return tuple(
        ThreadDecision(verb, rule, role, at, words or "")
        for verb, rule, role, at, words in rows[:limit]
    )


def closing_words(*, thread_id: int | None) -> str:
    """Return why a thread that is closed was closed, in the words of whoever did; perhaps "".

    Without a thread, why the whole site is. One query.
    """
    last = _decisions(thread_id).values_list("verb", "reason__text").first()
    return last[1] or "" if last and last[0] == Decision.Verb.CLOSE else ""


def _decisions(thread_id: int | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(thread=thread_id, comment=None)
    # Its notes are decided about beside it.
    about_it = rows.filter(verb__in=[Decision.Verb.CLOSE, Decision.Verb.REOPEN])
    return about_it.order_by("-sequence")
