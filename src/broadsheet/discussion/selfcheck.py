"""What must be true across the rows of the discussion, whatever happened."""

from collections.abc import Iterator

from django.db.models import (
    Case,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from broadsheet.discussion import chain
from broadsheet.discussion.assistant.operations import check_assistant
from broadsheet.discussion.images.selfcheck import check_images
from broadsheet.discussion.log.selfcheck import check_stubs
from broadsheet.discussion.mentions.selfcheck import check_mentions
from broadsheet.discussion.models import (
    Appeal,
    Comment,
    CommentRevision,
    Decision,
    GuestLabel,
    Moved,
    Report,
    Thread,
    Vote,
    VoteTally,
)
from broadsheet.discussion.moderation.erasing import check_erased
from broadsheet.discussion.moderation.selfcheck import check_queue
from broadsheet.discussion.notes.selfcheck import check_notes
from broadsheet.discussion.quotes.selfcheck import check_quotes
from broadsheet.discussion.rules import paths
from broadsheet.discussion.rules.undoing import OF_PERSON
from broadsheet.discussion.sanctions.selfcheck import check_sanctions
from broadsheet.kit.selfcheck import Check


def checks() -> tuple[Check, ...]:
    """Return the checks of this room; they only read."""
    return (
        Check("discussion.threads", _threads),
        Check("discussion.replies", _replies),
        Check("discussion.votes", _votes),
        Check("discussion.tree", _tree),
        Check("discussion.decisions", _decisions),
        Check("discussion.erased", check_erased),
        Check("discussion.stubs", check_stubs),
        Check("discussion.versions", _versions),
        Check("discussion.reports", _reports),
        Check("discussion.queue", check_queue),
        Check("discussion.quotes", check_quotes),
        Check("discussion.notes", check_notes),
        Check("discussion.mentions", check_mentions),
        Check("discussion.images", check_images),
        Check("discussion.sanctions", check_sanctions),
        Check("discussion.assistant", check_assistant),
    )


def _counted(rows: QuerySet[Comment], by: str) -> Coalesce:
    """Return a subquery that counts `rows` per value of `by`, for the row outside."""
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


def _published() -> QuerySet[Comment]:
    return Comment.objects.filter(state=Comment.State.PUBLISHED)


def _threads() -> Iterator[str]:
    """Counts of each thread, its last event and its last guest label."""
    published = _published()
    totals = {
        row["thread"]: row
        for row in published.order_by()
        .values("thread")
        .annotate(all=Count("pk"), roots=Count("pk", filter=Q(parent__isnull=True)))
    }
    labels = dict(
        GuestLabel.objects.values("thread").annotate(n=Count("pk")).values_list("thread", "n")
    )
    for thread in Thread.objects.iterator():
        row = totals.get(thread.pk, {"all": 0, "roots": 0})
        if (thread.comment_count, thread.root_count) != (row["all"], row["roots"]):
            yield (
                f"thread {thread.pk} counts {thread.comment_count} comments, {thread.root_count} of"
                f" them roots; there are {row['all']} and {row['roots']}"
            )
        given = labels.get(thread.pk, 0)
        if thread.guests != given:
            yield f"thread {thread.pk} says it gave {thread.guests} guest labels; there are {given}"
    ahead = Comment.objects.filter(
        Q(event__gt=F("thread__events"))
        | Q(changed__gt=F("thread__events"))
        | Q(tallied__gt=F("thread__events"))
    ).values_list("pk", flat=True)
    for number in ahead.iterator():
        yield f"comment {number} has changed at an event its thread has not had"


def _replies() -> Iterator[str]:
    """Counts of answers, direct ones and all below a root."""
    wrong = (
        Comment.objects.annotate(
            direct=_counted(_published(), "parent"), below=_counted(_published(), "root")
        )
        .filter(~Q(reply_count=F("direct")) | ~Q(descendants=F("below")))
        .values_list("pk", "reply_count", "direct", "descendants", "below")
    )
    for number, replies, direct, descendants, below in wrong.iterator():
        yield (
            f"comment {number} counts {replies} replies and {descendants} below it;"
            f" there are {direct} and {below}"
        )


def _votes() -> Iterator[str]:
    """Totals of each comment: the votes there are, and the tally that was brought over."""

    def cast(value: int) -> Coalesce:
        votes = Vote.objects.filter(comment=OuterRef("pk"), value=value).order_by()
        counted = votes.values("comment").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted), 0)

    def tallied(column: str) -> Coalesce:
        tally = VoteTally.objects.filter(comment=OuterRef("pk")).values(column)
        return Coalesce(Subquery(tally), 0)

    wrong = (
        Comment.objects.annotate(
            true_up=cast(1) + tallied("up"), true_down=cast(-1) + tallied("down")
        )
        .filter(~Q(up=F("true_up")) | ~Q(down=F("true_down")))
        .values_list("pk", "up", "down", "true_up", "true_down")
    )
    for number, up, down, true_up, true_down in wrong.iterator():
        yield f"comment {number} counts +{up} -{down}; its votes are +{true_up} -{true_down}"


def _tree() -> Iterator[str]:
    """Root, depth and path of every answer follow from its parent's."""
    columns = ("pk", "thread", "root", "depth", "path", "parent", "parent__thread")
    rows = Comment.objects.filter(parent__isnull=False).values(
        *columns, "parent__root", "parent__depth", "parent__path", "parent__published_at", "state"
    )
    for row in rows.iterator():
        expected = (
            row["parent__thread"],
            row["parent__root"] or row["parent"],
            row["parent__depth"] + 1,
            paths.path_of(number=row["pk"], parent_path=bytes(row["parent__path"])),
        )
        if (row["thread"], row["root"], row["depth"], bytes(row["path"])) != expected:
            yield f"comment {row['pk']} does not stand where its parent {row['parent']} says"
        if row["state"] == Comment.State.PUBLISHED and row["parent__published_at"] is None:
            yield f"comment {row['pk']} is public below {row['parent']}, which has no place"
    for number in (
        Comment.objects.filter(parent__isnull=True).exclude(path=b"").values_list("pk", flat=True)
    ):
        yield f"comment {number} is a root with a path"


def _decisions() -> Iterator[str]:
    """The chain is whole, and a comment's state is what was last decided about it."""
    yield from chain.problems()
    # What a person decides is in Moved too, with what stands below it where that is a branch.
    moves = Moved.objects.filter(comment=OuterRef("pk")).order_by("-decision__sequence")
    led_to = Case(
        *(When(verb=verb, then=Value(state)) for verb, state in _LED_TO.items()),
    )
    # Other decisions about a comment leave its state as it is.
    leading = Decision.objects.filter(comment=OuterRef("pk"), verb__in=_LED_TO)
    last = leading.order_by("-sequence")
    by_itself, by_move = (
        Subquery(last.values("sequence")[:1]),
        Subquery(moves.values("decision__sequence")[:1]),
    )
    wrong = (
        Comment.objects.annotate(
            itself=Coalesce(by_itself, 0),
            moved_by=Coalesce(by_move, -1),
            decided=Case(
                When(moved_by__gte=F("itself"), then=Subquery(moves.values("to_state")[:1])),
                default=Subquery(last.annotate(to=led_to).values("to")[:1]),
            ),
        )
        .filter(decided__isnull=False)
        .exclude(state=F("decided"))
        .values_list("pk", "state", "decided")
    )
    for number, state, decided in wrong.iterator():
        yield f"comment {number} is {state}, the last decision about it says {decided}"
    silent = Comment.objects.filter(
        ~Q(state=Comment.State.PUBLISHED), decisions__isnull=True, moved__isnull=True
    ).values_list("pk", "state")
    for number, state in silent.iterator():
        yield f"comment {number} is {state}, and nobody decided so"


def _versions() -> Iterator[str]:
    """A comment of revision n has n - 1 earlier versions, from 1 on without a gap."""
    kept = {
        row["comment"]: (row["n"], row["first"], row["last"])
        for row in CommentRevision.objects.order_by()
        .values("comment")
        .annotate(n=Count("pk"), first=Min("number"), last=Max("number"))
    }
    changed = Q(revision__gt=1) | Q(revisions__isnull=False) | Q(edited_at__isnull=False)
    edited = Comment.objects.filter(changed).order_by("pk").distinct()
    for number, revision, edited_at in edited.values_list("pk", "revision", "edited_at"):
        earlier = revision - 1
        if kept.get(number, (0, 1, 0)) != (earlier, 1, earlier):
            yield f"comment {number} is at version {revision}; not all before it are kept"
        if (edited_at is None) != (revision == 1):
            yield f"comment {number} is at version {revision} and edited at {edited_at}"


def _reports() -> Iterator[str]:
    """What was removed is answered, and so is who asked about what is public again."""
    rows = Report.objects.filter(settled_at=None, comment__state=Comment.State.REMOVED)
    for number in rows.values_list("comment", flat=True).distinct().iterator():
        yield f"comment {number} is removed, and reports of it are open"
    asked = Appeal.objects.filter(settled_at=None, comment__state=Comment.State.PUBLISHED)
    asked = asked.exclude(decision__verb__in=OF_PERSON)
    for number in asked.values_list("comment", flat=True).iterator():
        yield f"comment {number} is public, and its author still asks for a second look"


_LED_TO = {
    "publish": "published",
    "hold": "held",
    "remove": "removed",
    "restore": "published",
    "withdraw": "removed",
}
