"""Scores of what waits, with their reasons: written by the worker, so that pages only read them."""

import json
from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.db.models import Q

from broadsheet.discussion.assistant.records import Kept, WouldApprove, written
from broadsheet.discussion.assistant.tallies import Row, rows_of, tallies_of, text_of
from broadsheet.discussion.models import Assessment, Assistant, Judgement, Waiting
from broadsheet.discussion.rules.assistant.approving import WINDOW, limit_of
from broadsheet.discussion.rules.assistant.examples import example_of
from broadsheet.discussion.rules.assistant.explaining import Reason, reasons_of
from broadsheet.discussion.rules.assistant.history import Known
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.record import (
    Scale,
    asking_score,
    record_of,
)
from broadsheet.discussion.rules.assistant.words import read
from broadsheet.discussion.rules.editing import mark_of
from broadsheet.discussion.rules.waiting import UNSCORED, likely_of

_TOGETHER = 500
# What one run looks at; the next goes on.
_MOST = 20_000
# A score is worked out anew when so much more was learned.
_STALE = 1.1
# The shares of errors for which it is said what would be approved.
_OFFERED = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0)


def keep_record(*, learned: int) -> Scale:
    """Work out the record from the last judgements and write it; return how scores compare."""
    rows = Judgement.objects.filter(removed__isnull=False).order_by("-pk")
    newest = list(rows.values_list("score", "removed", "audited")[:WINDOW])[::-1]
    scores, removed = [row[0] for row in newest], [bool(row[1]) for row in newest]
    record = record_of(scores=scores, removed=removed)
    audits = [gone for _, gone, audited in newest if audited]
    state, _ = Assistant.objects.get_or_create(pk=1)
    limits = {
        percent: limit_of(scores=scores, removed=removed, bound=percent / 100)
        for percent in sorted({*_OFFERED, state.approves_percent or _OFFERED[0]})
    }
    kept = Kept(
        learned=learned,
        decisions=record.decisions,
        removals=record.removals,
        auc=record.auc,
        low=record.low,
        high=record.high,
        half=record.half,
        errors=record.errors,
        errors_high=record.errors_high,
        audits=len(audits),
        audit_errors=sum(map(bool, audits)),
        would=tuple(WouldApprove(percent, _share(scores, limits[percent])) for percent in _OFFERED),
    )
    limit = limits.get(state.approves_percent) if state.approves_percent else None
    Assistant.objects.filter(pk=1).update(
        record=written(kept),
        speaks=record.speaks,
        limit=limit if record.speaks else None,
        asks_above=asking_score(scores=scores, removed=removed) if record.speaks else None,
    )
    return Scale(scores, removed)


def _share(scores: Sequence[float], limit: float | None) -> float:
    if limit is None or not scores:
        return 0.0
    return round(100 * sum(score <= limit for score in scores) / len(scores), 1)


def be_silent() -> None:
    """Take back every score that was shown."""
    with transaction.atomic():
        Assessment.objects.all().delete()
        Waiting.objects.exclude(likely=UNSCORED).update(likely=UNSCORED)


def score_waiting(*, model: Model, scale: Scale, stop: Callable[[], bool]) -> int:
    """Score what waits and has no score, or an old one; return how many were."""
    Assessment.objects.filter(comment__waiting__isnull=True).delete()
    wanted = Waiting.objects.filter(leads=True).filter(
        Q(likely=UNSCORED)
        | Q(comment__assessment__isnull=True)
        | Q(comment__assessment__learned__lt=int(model.learned / _STALE))
    )
    numbers = list(wanted.order_by("likely", "comment").values_list("comment", flat=True)[:_MOST])
    for start in range(0, len(numbers), _TOGETHER):
        if stop():
            return start
        _score(numbers[start : start + _TOGETHER], model, scale)
    return len(numbers)


def _score(numbers: Collection[int], model: Model, scale: Scale) -> None:
    rows = rows_of(numbers)
    tallies = tallies_of(rows.values())
    made = [assess(row, tallies.known(row), model, scale) for row in rows.values()]
    with transaction.atomic():
        Assessment.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["comment"],
            update_fields=["score", "percent", "reasons", "words", "learned"],
        )
        waiting = list(Waiting.objects.filter(comment__in=numbers).only("pk", "comment_id"))
        by_comment = {one.comment_id: likely_of(one.score) for one in made}
        for one in waiting:
            one.likely = by_comment.get(one.comment_id, UNSCORED)
        Waiting.objects.bulk_update(waiting, ["likely"], batch_size=_TOGETHER)


def assess(row: Row, known: Known, model: Model, scale: Scale) -> Assessment:
    """Return the score of a comment, with its reasons."""
    text = read(text_of(row))
    example = example_of(text=text, known=known)
    score = model.score(example)
    reasons = reasons_of(model=model, text=text, known=known, example=example)
    return Assessment(
        comment_id=row["id"],
        score=score,
        percent=scale.percent(score),
        reasons=json.dumps([_kept(one) for one in reasons], ensure_ascii=False),
        words=mark_of(row["source"]),
        learned=model.learned,
    )


def _kept(reason: Reason) -> list[object]:
    return [reason.kind, reason.word, reason.count, reason.of, round(reason.weight, 2)]
