from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment


class Quote(models.Model):
    """Words that a comment quotes, tied to the place where they were said.

    The source is another comment of the same thread, or, with `source` null, the story under
    discussion. `revision` numbers the words it had then: the comment's revision, or the story's
    edition. `exact`, `prefix`, `suffix`, `start` and `end` are the selectors of an anchor
    (W3C TextQuoteSelector and TextPositionSelector, in code points of the plain text), `sentence`
    the whole sentence as it stood and `sentence_start` where `exact` begins in it. `place` orders
    the quotes of one comment.

    `origin` says how it came to be: "reader" chose it, or "matching" found it among words that were
    typed; the latter is undone by `undone_at`. If the source is erased or withdrawn, `blanked_at`
    stands and all words are empty.
    """

    class Origin(models.TextChoices):
        READER = "reader"
        MATCHING = "matching"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="quotes")
    place = models.PositiveSmallIntegerField(default=0)
    source = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="quoted_in"
    )
    revision = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence = models.TextField()
    sentence_start = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.READER)
    quoted_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "place"], name="quote_place"),
            models.CheckConstraint(condition=Q(end__gte=models.F("start")), name="quote_extent"),
            models.CheckConstraint(
                condition=Q(origin__in=["reader", "matching"]), name="quote_origin"
            ),
            models.CheckConstraint(
                condition=Q(blanked_at__isnull=True)
                | Q(exact="", prefix="", suffix="", sentence=""),
                name="quote_blanked_blank",
            ),
        ]

    def __str__(self) -> str:
        return f"quote {self.place} of comment {self.comment_id}"
