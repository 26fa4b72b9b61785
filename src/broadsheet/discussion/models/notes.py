from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from broadsheet.discussion.models.threads import Thread


class Note(models.Model):
    """A phrase of the story with a question to readers, or with what a reader says about it.

    `revision`, `exact`, `prefix`, `suffix`, `start`, `end`, `sentence` and `sentence_start` are an
    anchor in the story's edition `revision`, as on a quote. `placed_on` is the edition for which
    `standing` and the place were last found: "stands" and "edited" with the words at `placed_at` to
    `placed_end`, "changed" with the passage that was rewritten about there or, without a place,
    nobody knows where, "gone" without one.

    The newsroom's have a `question`; a reader's is `by_reader` and has none: the first comment on
    it is. `opened` shows the answers at once, instead of behind the marker. `answer_count` counts
    published comments that carry it. Below one with `closed_at` nothing new is taken; one with
    `removed_at` is not shown, and its answers stay in the thread.
    """

    class Standing(models.TextChoices):
        STANDS = "stands"
        EDITED = "edited"
        CHANGED = "changed"
        GONE = "gone"

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, db_index=False)
    revision = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence = models.TextField()
    sentence_start = models.PositiveIntegerField()
    placed_on = models.PositiveIntegerField()
    placed_at = models.PositiveIntegerField(null=True)
    placed_end = models.PositiveIntegerField(null=True)
    standing = models.CharField(max_length=7, choices=Standing.choices, default=Standing.STANDS)
    question = models.TextField(blank=True)
    opened = models.BooleanField(default=False)
    by_reader = models.BooleanField(default=False)
    author = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_because = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)
    answer_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="note_extent"),
            models.CheckConstraint(
                condition=Q(standing__in=["stands", "edited", "changed", "gone"]),
                name="note_standing",
            ),
            models.CheckConstraint(
                condition=Q(placed_at__isnull=True, placed_end__isnull=True)
                | Q(placed_at__isnull=False, placed_end__gte=F("placed_at")),
                name="note_place",
            ),
            models.CheckConstraint(
                condition=Q(by_reader=True, question="") | (Q(by_reader=False) & ~Q(question="")),
                name="note_question",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(closed_because=""),
                name="note_closed_because",
            ),
        ]
        indexes: ClassVar = [
            # What a page shows: the newsroom's first, then those with the most answers.
            models.Index(
                fields=["thread", "by_reader", "-answer_count", "id"],
                name="note_shown",
                condition=Q(removed_at__isnull=True),
            ),
            # Where a reader begins: perhaps somebody began there before.
            models.Index(fields=["thread", "start", "end"], name="note_by_place"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk} of thread {self.thread_id}"
