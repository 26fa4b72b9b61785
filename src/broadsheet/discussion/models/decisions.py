from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.people import Participant
from broadsheet.discussion.models.threads import Thread

# What each verb is about; the table asks for it.
OF_COMMENT: Final = (
    *("publish", "hold", "remove", "restore", "withdraw", "blank", "dismiss", "remove_branch"),
    *("appeal", "uphold"),
    *("pin", "unpin", "feature", "unfeature", "mark_answer", "unmark_answer"),
)
OF_THREAD: Final = ("ask", "close_note", "reopen_note", "remove_note", "restore_note")
# A thread, at a comment the branch below it, without either the whole site.
OF_PLACE: Final = (
    *("close", "reopen", "slow", "unslow"),
    *("raid", "end_raid", "remove_raid", "publish_raid"),
)
# A person, by a comment of theirs or without one.
OF_PERSON: Final = (
    *("warn", "hold_author", "mute", "slow_author", "suspend", "ban"),
    *("free_author", "lift", "confirm"),
)
OF_SITE: Final = ("change_rules", "change_filters", "change_assistant", "erase")
# Whatever it takes back is about.
OF_ANY: Final = ("undo",)


class Decision(models.Model):
    """What was decided about a comment, a thread, a person or the site, by whom and why.

    Append-only, hash-chained. Where it is about a note of the thread `rule` is "note:<its id>";
    where it undoes another decision, lets it stand or asks about it, "decision:<its sequence>",
    which `refers` has as well. `rules` is the version of the house rules in which `rule` is one.

    The chain links what is public of it (chain.entry_of). All else, the words and facts in
    DecisionReason too, is in `commitment`, made with the row's own random `key`: without the key,
    which an erasure takes away, it says nothing of them, and the chain stays whole.
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
        SLOW = "slow"
        UNSLOW = "unslow"
        RAID = "raid"
        END_RAID = "end_raid"
        REMOVE_RAID = "remove_raid"
        PUBLISH_RAID = "publish_raid"
        DISMISS = "dismiss"
        ASK = "ask"
        CLOSE_NOTE = "close_note"
        REOPEN_NOTE = "reopen_note"
        REMOVE_NOTE = "remove_note"
        RESTORE_NOTE = "restore_note"
        REMOVE_BRANCH = "remove_branch"
        HOLD_AUTHOR = "hold_author"
        FREE_AUTHOR = "free_author"
        WARN = "warn"
        MUTE = "mute"
        SLOW_AUTHOR = "slow_author"
        SUSPEND = "suspend"
        BAN = "ban"
        LIFT = "lift"
        CONFIRM = "confirm"
        APPEAL = "appeal"
        UPHOLD = "uphold"
        UNDO = "undo"
        CHANGE_RULES = "change_rules"
        CHANGE_FILTERS = "change_filters"
        CHANGE_ASSISTANT = "change_assistant"
        ERASE = "erase"

    sequence = models.BigIntegerField()
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True)
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    verb = models.CharField(max_length=16, choices=Verb.choices)
    rule = models.CharField(max_length=40, blank=True)
    rules = models.PositiveIntegerField(null=True)
    refers = models.BigIntegerField(null=True)
    actor_id = models.CharField(max_length=200)
    by_role = models.CharField(max_length=20)
    at = models.DateTimeField()
    key = models.BinaryField(max_length=32, null=True)
    commitment = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence"], name="decision_sequence"),
            models.CheckConstraint(
                condition=Q(
                    verb__in=[*OF_COMMENT, *OF_THREAD, *OF_PLACE, *OF_PERSON, *OF_SITE, *OF_ANY]
                ),
                name="decision_verb",
            ),
            models.CheckConstraint(
                condition=Q(verb__in=OF_COMMENT, comment__isnull=False, thread__isnull=False)
                | Q(verb__in=OF_THREAD, thread__isnull=False)
                | Q(verb__in=OF_SITE, comment__isnull=True, thread__isnull=True)
                | Q(verb__in=OF_PLACE, comment__isnull=True)
                | Q(verb__in=OF_PLACE, thread__isnull=False)
                | Q(verb__in=[*OF_PERSON, *OF_ANY]),
                name="decision_of_comment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["refers"], name="decision_refers", condition=Q(refers__isnull=False)
            ),
            models.Index(fields=["at"], name="decision_at"),
            # About a thread or the site: among a million about comments they are few.
            models.Index(
                fields=["sequence"], name="decision_wider", condition=Q(comment__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        about = f"comment {self.comment_id}" if self.comment_id else f"thread {self.thread_id}"
        return f"{self.sequence}: {self.verb} {about if self.thread_id else 'the site'}"


class DecisionReason(models.Model):
    """The words of a decision, and facts that only some have, as canonical JSON; both may be ""."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="reason")
    text = models.TextField(blank=True)
    facts = models.TextField(blank=True)

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
    from_cited = models.CharField(max_length=40, blank=True)
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
            # How long people waited lately: the newest of those that did.
            models.Index(
                fields=["decision"],
                name="moved_waited",
                condition=Q(from_held_at__isnull=False),
            ),
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
