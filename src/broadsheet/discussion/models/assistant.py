from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.people import Participant
from broadsheet.discussion.models.threads import Thread


class Assistant(models.Model):
    """How far the assistant is and what it may do: one row, number 1; without it nothing.

    It has learned the chain of decisions up to `learned_to`, and imported comments up to the alias
    `imported_to`; `imported_seen` is the newest alias there was when it looked. `record` is its
    record as JSON (assistant/records.py), `speaks` whether that record lets it show scores.

    Up to the score `limit` its errors are proven to be at most `approves_percent` of a hundred:
    with both it approves. `secret` keeps the lot of the audits. `asks_above` is the score from
    which a writer is asked to read again, while `asks` is on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    learned_to = models.BigIntegerField(default=0)
    imported_to = models.BigIntegerField(default=0)
    imported_seen = models.BigIntegerField(default=0)
    record = models.TextField(blank=True)
    speaks = models.BooleanField(default=False)
    approves_percent = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    secret = models.CharField(max_length=64, blank=True)
    asks = models.BooleanField(default=False)
    asks_above = models.FloatField(null=True)
    set_by = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="assistant_one")]

    def __str__(self) -> str:
        return f"the assistant at decision {self.learned_to}"


class LearnedModel(models.Model):
    """What the assistant has learned, as bytes: one row, written together with how far it is.

    Made from the judgements alone; without it all of them are learned again.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="learnedmodel_one")]

    def __str__(self) -> str:
        return "what the assistant has learned"


class Judgement(models.Model):
    """What became of a comment by people's decisions, and the score it had before the first.

    In the order in which they were learned. `removed` is None where it waits again. `audited`: the
    assistant would have approved it, and left it to people by lot.
    """

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="judgement")
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    removed = models.BooleanField(null=True)
    score = models.FloatField()
    audited = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"comment {self.comment_id}: {self.removed}"


class Assessment(models.Model):
    """The score of a comment that waits, for as long as it waits, and why it has that score.

    `percent` of the comments that scored like it were removed. `reasons` is JSON; `words` the mark
    of the words that were scored; `learned` how many decisions were learned then.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.PROTECT, primary_key=True, related_name="assessment"
    )
    score = models.FloatField()
    percent = models.PositiveSmallIntegerField()
    reasons = models.TextField()
    words = models.CharField(max_length=16)
    learned = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["learned"], name="assessment_learned")]

    def __str__(self) -> str:
        return f"comment {self.comment_id}: {self.score:.2f}"
