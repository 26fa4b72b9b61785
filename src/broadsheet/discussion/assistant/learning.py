"""Learning what people decided. Whoever calls this is a process of its own: it loads numpy."""

from collections.abc import Callable, Sequence

from django.db import transaction

from broadsheet.discussion.assistant.events import (
    BATCH,
    Event,
    decided_after,
    imported_between,
    newest_alias,
)
from broadsheet.discussion.assistant.tallies import Row, Tallies, rows_of, tallies_of, text_of
from broadsheet.discussion.models import Assistant, Judgement, LearnedModel
from broadsheet.discussion.rules.assistant.approving import is_audited
from broadsheet.discussion.rules.assistant.examples import example_of
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.words import read

_WRITTEN = ("removed",)


class Learner:
    """The model, and the judgements of one batch that are not written yet."""

    def __init__(self, model: Model, assistant: Assistant) -> None:
        self.model = model
        self._assistant = assistant
        self._made: dict[int, Judgement] = {}
        self._changed: dict[int, Judgement] = {}

    def take(self, events: Sequence[Event]) -> None:
        """Score each comment, then learn what became of it, in their order."""
        rows = rows_of({event.comment for event in events})
        tallies = tallies_of(rows.values())
        judged = {one.comment_id: one for one in Judgement.objects.filter(comment__in=list(rows))}
        for event in events:
            row = rows.get(event.comment)
            # What the newsroom writes is not what it moderates; whom it forgot is forgotten here.
            if row is None or row["voice"] or row["author__erased_at"]:
                continue
            self._take(event, row, tallies, judged)

    def _take(self, event: Event, row: Row, tallies: Tallies, judged: dict[int, Judgement]) -> None:
        outcome, before = event.outcome.value, judged.get(event.comment)
        if before is None and outcome is None:
            return
        if before is not None and before.removed == outcome:
            return
        example = example_of(text=read(text_of(row)), known=tallies.known(row))
        if before is None:
            before = judged[event.comment] = self._first(row, self.model.score(example))
        else:
            self.model.forget({event.comment})
            if event.comment not in self._made:
                self._changed[event.comment] = before
        tallies.count(row, before=before.removed, after=outcome)
        before.removed = outcome
        if outcome is not None:
            self.model.learn(example, removed=outcome, comment=event.comment)

    def _first(self, row: Row, score: float) -> Judgement:
        state = self._assistant
        number = row["id"]
        below = state.approves_percent is not None and state.limit is not None
        made = Judgement(
            comment_id=number,
            author_id=row["author_id"],
            thread_id=row["thread_id"],
            score=score,
            audited=below
            and score <= (state.limit or 0.0)
            and is_audited(comment=number, secret=state.secret),
        )
        self._made[number] = made
        return made

    def write(self) -> None:
        Judgement.objects.bulk_create(self._made.values(), batch_size=500)
        Judgement.objects.bulk_update(self._changed.values(), _WRITTEN, batch_size=500)


def learn_more(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Learn what was decided since the last time; return how many decisions were looked at.

    What was learned, how far, and the judgements are written together: ended anywhere, it goes on
    where it was.
    """
    forgotten = forget_erased()
    model = load(anew=forgotten)
    looked = 0
    while not stop():
        state, _ = Assistant.objects.get_or_create(pk=1)
        events, ends = _next(state)
        if not ends:
            break
        learner = Learner(model, state)
        learner.take(events)
        looked += max(len(events), 1)
        with transaction.atomic():
            learner.write()
            Assistant.objects.filter(pk=1).update(**ends)
            if events:
                LearnedModel.objects.update_or_create(pk=1, defaults={"data": model.to_bytes()})
        if not events and "imported_seen" in ends:
            break
    return looked


def _next(state: Assistant) -> tuple[list[Event], dict[str, int]]:
    """Return a batch, and what is written of how far it goes; nothing of that if there is none."""
    newest = newest_alias()
    if newest > state.imported_to and newest == state.imported_seen:
        events = imported_between(state.imported_to, newest)
        if len(events) < BATCH:
            return events, {"imported_to": newest}
        return events, {"imported_seen": newest}
    events, sequence = decided_after(state.learned_to)
    if sequence > state.learned_to:
        return events, {"learned_to": sequence}
    # An import that is under way is waited for: its comments are learned in the order of their
    # time, and so all at once.
    return [], {"imported_seen": newest} if newest != state.imported_seen else {}


def load(*, anew: bool = False) -> Model:
    """Return the model as it was written, or learned anew from the judgements."""
    row = None if anew else LearnedModel.objects.filter(pk=1).first()
    try:
        return Model.from_bytes(bytes(row.data)) if row else learn_again()
    except ValueError:
        return learn_again()


def learn_again() -> Model:
    """Learn all judgements anew, in the order in which they were learned first, and write it."""
    model, tallies = Model(), Tallies()
    after = 0
    while True:
        judged = list(
            Judgement.objects.filter(pk__gt=after, removed__isnull=False).order_by("pk")[:BATCH]
        )
        if not judged:
            break
        rows = rows_of([one.comment_id for one in judged])
        for one in judged:
            row = rows[one.comment_id]
            example = example_of(text=read(text_of(row)), known=tallies.known(row))
            model.learn(example, removed=bool(one.removed), comment=one.comment_id)
            tallies.count(row, before=None, after=one.removed)
        after = judged[-1].pk
    if model.learned:
        LearnedModel.objects.update_or_create(pk=1, defaults={"data": model.to_bytes()})
    return model


def forget_erased() -> bool:
    """Drop the judgements of people who were erased; say whether there were any.

    The model is dropped with them, so that nobody goes on from it.
    """
    theirs = Judgement.objects.filter(author__erased_at__isnull=False)
    with transaction.atomic():
        if not theirs.exists():
            return False
        theirs.delete()
        LearnedModel.objects.all().delete()
    return True
