from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from broadsheet.discussion.models.notes import Note
from broadsheet.discussion.models.people import Participant
from broadsheet.discussion.models.threads import Thread

# The conditions of the partial indexes hold no literal values: a driver sends those apart from the
# statement, and SQLite then cannot know that the query implies the condition.
_STANDING_ROOT = Q(parent__isnull=True, published_at__isnull=False)


class Comment(models.Model):
    """What somebody wrote. Its id is its number for ever: `/c/<id>/`, `id="c<id>"`.

    `parent` is the truth about who is answered. `path` only orders the replies below a root: the
    ids of the ancestors below the root and its own, 8 bytes each, at most 8 of them (rules.paths).
    `published_at` says since when it has a place in the thread, and is never taken back: held
    again or removed, it keeps its place as a stub. `held_at` is set while it waits for a
    moderator. `rule` is the rule of the decision in force, if one is, and `cited` what its stub
    cites (rules.citing). `event` is the thread's event at which it appeared, `edition` the thread's
    edition when it was written. `up`, `down` and `score` are votes and imported tallies together.

    `changed` is the thread's event at which it last had to be drawn anew: when it appeared, was
    removed, came back, said something else, was marked, or when a quotation or a name in it went.
    Votes leave it: `tallied` is the thread's event at which its votes last changed.

    `quote_count` counts what it quotes, for pages to know whether there is anything to read of it.
    `has_image` says the same of an image.
    `revision` numbers the words it has now, `edited_at` is when they were last changed in a way
    that others can know of. `pinned` stands first in its thread, `featured` is chosen by the
    newsroom, `answer` is the newsroom's answer to what it replies to. Below a comment with
    `closed_at` nothing new is taken, until `closed_until` if that is there. A root with a `note` is
    about a phrase of the story.

    `network` is a keyed digest of where it came from, for some days, where the settings say so.
    `likeness` is what all that say the same have (rules.sieving), where a filter asks for it.
    """

    class State(models.TextChoices):
        HELD = "held"
        PUBLISHED = "published"
        REMOVED = "removed"

    class Markup(models.TextChoices):
        MARKDOWN = "markdown"
        HTML = "html"

    class Voice(models.TextChoices):
        READER = ""
        NEWSROOM = "newsroom"
        MODERATOR = "moderator"

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, db_index=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replies", db_index=False
    )
    root = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    path = models.BinaryField(max_length=64, default=b"")
    depth = models.IntegerField(default=0)
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, db_index=False)
    guest_number = models.IntegerField(null=True)
    voice = models.CharField(max_length=9, choices=Voice.choices, blank=True)
    source = models.TextField()
    markup = models.CharField(max_length=8, choices=Markup.choices, default=Markup.MARKDOWN)
    html = models.TextField()
    language = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=9, choices=State.choices)
    rule = models.CharField(max_length=40, blank=True)
    cited = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    up = models.IntegerField(default=0)
    down = models.IntegerField(default=0)
    score = models.IntegerField(default=0)
    reply_count = models.IntegerField(default=0)
    descendants = models.IntegerField(default=0)
    quote_count = models.PositiveSmallIntegerField(default=0)
    idempotency_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - unique if there
    event = models.BigIntegerField(null=True)
    changed = models.BigIntegerField(null=True)
    tallied = models.BigIntegerField(null=True)
    edition = models.PositiveIntegerField(default=0)
    pinned = models.BooleanField(default=False)
    featured = models.BooleanField(default=False)
    answer = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_until = models.DateTimeField(null=True)
    has_image = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=20, blank=True)
    note = models.ForeignKey(
        Note, on_delete=models.PROTECT, null=True, related_name="answers", db_index=False
    )
    network = models.CharField(max_length=32, null=True)  # noqa: DJ001 - none is known, or no more
    likeness = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["thread", "idempotency_key"], name="comment_idempotency"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "published", "removed"]), name="comment_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="comment_published_has_place",
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_at__isnull=False)
                | (~Q(state="held") & Q(held_at__isnull=True)),
                name="comment_held_at",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="comment_root_or_reply",
            ),
            models.CheckConstraint(condition=Q(score=F("up") - F("down")), name="comment_score"),
            models.CheckConstraint(
                condition=Q(up__gte=0, down__gte=0, reply_count__gte=0, descendants__gte=0),
                name="comment_counts",
            ),
            models.CheckConstraint(
                condition=Q(note__isnull=True) | Q(parent__isnull=True), name="comment_note_on_root"
            ),
        ]
        indexes: ClassVar = [
            # Read forwards for the oldest first, backwards for the newest.
            models.Index(
                fields=["thread", "created_at", "id"],
                name="comment_by_time",
                condition=_STANDING_ROOT,
            ),
            models.Index(
                fields=["thread", "-score", "-created_at", "-id"],
                name="comment_most_voted",
                condition=_STANDING_ROOT,
            ),
            models.Index(
                fields=["root", "path"],
                name="comment_subtree",
                condition=Q(root__isnull=False, published_at__isnull=False),
            ),
            # Without roots: an index of all parents would be tried for finding them.
            models.Index(
                fields=["parent"], name="comment_replies", condition=Q(parent__isnull=False)
            ),
            models.Index(
                fields=["held_at", "id"],
                name="comment_queue",
                condition=Q(held_at__isnull=False),
            ),
            models.Index(
                fields=["thread", "-created_at", "-id"],
                name="comment_of_staff",
                condition=~Q(voice="") & Q(published_at__isnull=False),
            ),
            # What is to be forgotten.
            models.Index(
                fields=["created_at"],
                name="comment_of_network",
                condition=Q(network__isnull=False),
            ),
            # The same words again, lately; nothing is written to it while no filter asks.
            models.Index(
                fields=["likeness", "created_at"],
                name="comment_likeness",
                condition=Q(likeness__isnull=False),
            ),
            models.Index(
                fields=["thread"],
                name="comment_pinned",
                condition=Q(pinned=True, parent__isnull=True, published_at__isnull=False),
            ),
            models.Index(
                fields=["thread", "-created_at", "-id"],
                name="comment_inline",
                condition=Q(note__isnull=False, published_at__isnull=False),
            ),
            models.Index(
                fields=["note", "created_at", "id"],
                name="comment_of_note",
                condition=Q(note__isnull=False, published_at__isnull=False),
            ),
            # Its second condition keeps it out of questions that do not ask what changed.
            models.Index(
                fields=["thread", "changed"],
                name="comment_changed",
                condition=Q(published_at__isnull=False, changed__isnull=False),
            ),
            models.Index(
                fields=["thread", "tallied"],
                name="comment_tallied",
                condition=Q(published_at__isnull=False, tallied__isnull=False),
            ),
            models.Index(fields=["author", "thread"], name="comment_author"),
            # For counting somebody's comments without reading them.
            models.Index(
                fields=["author", "state"],
                name="comment_of_author",
                condition=Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentAlias(models.Model):
    """The name a comment had elsewhere: old anchors keep working, a second import finds it."""

    system = models.CharField(max_length=20)
    foreign_id = models.CharField(max_length=100)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="aliases")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "foreign_id"], name="commentalias_foreign")
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.foreign_id}"
