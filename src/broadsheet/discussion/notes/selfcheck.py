"""What must be true of notes and their answers."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from broadsheet.discussion.models import Comment, Note, Thread


def check_notes() -> Iterator[str]:
    """Answers are of the note's thread, counts are right, phrases stand in their sentences."""
    away = Comment.objects.filter(note__isnull=False).exclude(note__thread=F("thread"))
    for number in away.values_list("pk", flat=True).iterator():
        yield f"comment {number} answers a note of another thread"
    yield from _counts()
    rows = Note.objects.values_list("pk", "exact", "start", "end", "sentence", "sentence_start")
    for number, exact, start, end, sentence, at in rows.iterator():
        if end - start != len(exact) or not sentence.startswith(exact, at):
            yield f"note {number} does not stand in its sentence"
    lost = Note.objects.filter(thread__edition__gt=0, thread__hidden_at=None)
    for number in lost.exclude(placed_on=F("thread__edition")).values_list("pk", flat=True):
        yield f"note {number} was not looked for in the story as it is discussed"


def _counts() -> Iterator[str]:
    public = Comment.objects.filter(state=Comment.State.PUBLISHED, note__isnull=False).order_by()
    answers = public.filter(note=OuterRef("pk")).values("note")
    wrong = (
        Note.objects.annotate(
            there=Coalesce(Subquery(answers.annotate(n=Count("pk")).values("n")), 0)
        )
        .exclude(answer_count=F("there"))
        .values_list("pk", "answer_count", "there")
    )
    for number, told, there in wrong.iterator():
        yield f"note {number} counts {told} answers; there are {there}"
    inline = public.filter(thread=OuterRef("pk")).values("thread")
    threads = Thread.objects.annotate(
        there=Coalesce(Subquery(inline.annotate(n=Count("pk")).values("n")), 0)
    ).filter(~Q(inline_count=F("there")))
    for number, told, there in threads.values_list("pk", "inline_count", "there").iterator():
        yield f"thread {number} counts {told} comments on phrases; there are {there}"
