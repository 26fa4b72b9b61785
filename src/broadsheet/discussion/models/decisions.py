from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.people import Participant
from broadsheet.discussion.models.threads import Thread


class Decision(models.Model):
    """What was decided about a comment or, without one, about its thread, by whom and why.

    Append-only, hash-chained. Where it is about a note of the thread `rule` is "note:<its id>";
    where it undoes another decision, "decision:<the sequence of that one>".

    The reason's words stand apart in DecisionReason; only a salted digest of them is in the chain,
    so that they can be erased while the chain stays whole.
    """

    class Verb(models.TextChoices):
        PUBLISH = "publish"
        HOLD = "hold"
        REMOVE = "remove"
        RESTORE = "restore"
        WITHDRAW = "withdraw"
        BLANK = "blank"
        PIN = "pin"
        UNPIN = "unpin"
        FEATURE = "feature"
        UNFEATURE = "unfeature"
        MARK_ANSWER = "mark_answer"
        UNMARK_ANSWER = "unmark_answer"
        CLOSE = "close"
        REOPEN = "reopen"
        DISMISS = "dismiss"
        ASK = "ask"
        CLOSE_NOTE = "close_note"
        REOPEN_NOTE = "reopen_note"
        REMOVE_NOTE = "remove_note"
        RESTORE_NOTE = "restore_note"
        REMOVE_BRANCH = "remove_branch"
        HOLD_AUTHOR = "hold_author"
        FREE_AUTHOR = "free_author"
        UNDO = "undo"

    sequence = models.BigIntegerField()
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    verb = models.CharField(max_length=16, choices=Verb.choices)
    rule = models.CharField(max_length=40, blank=True)
    actor_id = models.CharField(max_length=200)
    by_role = models.CharField(max_length=20)
    at = models.DateTimeField()
    reason_digest = models.CharField(max_length=64, blank=True)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence"], name="decision_sequence"),
            models.CheckConstraint(
                condition=Q(
                    verb__in=[
                        "publish",
                        "hold",
                        "remove",
                        "restore",
                        "withdraw",
                        "blank",
                        "pin",
                        "unpin",
                        "feature",
                        "unfeature",
                        "mark_answer",
                        "unmark_answer",
                        "close",
                        "reopen",
                        "dismiss",
                        "ask",
                        "close_note",
                        "reopen_note",
                        "remove_note",
                        "restore_note",
                        "remove_branch",
                        "hold_author",
                        "free_author",
                        "undo",
                    ]
                ),
                name="decision_verb",
            ),
            # A thread alone is closed and opened again, and has notes, which `rule` numbers; all
            # else is about a comment.
            models.CheckConstraint(
                condition=Q(comment__isnull=False)
                | Q(
                    verb__in=[
                        "close",
                        "reopen",
                        "ask",
                        "close_note",
                        "reopen_note",
                        "remove_note",
                        "restore_note",
                    ]
                ),
                name="decision_of_comment",
            ),
        ]

    def __str__(self) -> str:
        about = f"comment {self.comment_id}" if self.comment_id else f"thread {self.thread_id}"
        return f"{self.sequence}: {self.verb} {about}"


class DecisionReason(models.Model):
    """The words of a decision, and the salt of their digest."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="reason")
    salt = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return f"reason of {self.decision_id}"


class Moved(models.Model):
    """What a person's decision did to one comment: undoing it means exactly this comment.

    A branch that is removed has one for each comment that was hidden by it. `undone`: another
    decision brought it back. `author` is that of the comment, for what was decided about them.
    `words` is the mark of what a held comment said: nobody publishes other words by undoing.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="moved")
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="moved", db_index=False
    )
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, db_index=False)
    from_state = models.CharField(max_length=9)
    from_rule = models.CharField(max_length=40, blank=True)
    from_held_at = models.DateTimeField(null=True)
    to_state = models.CharField(max_length=9)
    words = models.CharField(max_length=16, blank=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "decision"], name="moved_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["author", "-decision"], name="moved_of_author"),
        ]

    def __str__(self) -> str:
        return f"decision {self.decision_id} moved comment {self.comment_id}"


class ChainHead(models.Model):
    """The last link of the room's chain; its lock puts decisions in a row."""

    room = models.CharField(max_length=20, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.room} at {self.sequence}"
