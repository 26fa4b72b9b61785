"""Long threads, written in bulk: too many for one post at a time, yet true to every invariant."""

from datetime import timedelta

from django.core.management.color import no_style
from django.db import connection

from broadsheet.discussion.models import Comment, Participant, Thread
from broadsheet.discussion.rules import paths
from discussion.making import Room


def _author(room: Room) -> Participant:
    made, _ = Participant.objects.get_or_create(
        key="account:filler",
        defaults={
            "owner": "account:filler",
            "kind": "reader",
            "name": "Filler",
            "created_at": room.now,
        },
    )
    return made


def _comment(room: Room, author: Participant, **values: object) -> Comment:
    at = room.tick()
    return Comment(
        thread_id=room.id,
        author=author,
        source="x",
        html="<p>x</p>\n",
        state="published",
        created_at=at,
        published_at=at,
        **values,
    )


def fill_roots(room: Room, number: int) -> None:
    """Write `number` roots; nine in ten have no votes, so that equal scores abound."""
    author = _author(room)
    room.now -= timedelta(minutes=number)
    rows = [_comment(room, author) for _ in range(number)]
    for index, comment in enumerate(rows):
        comment.up = comment.score = index % 7 if index % 10 == 0 else 0
    Comment.objects.bulk_create(rows, batch_size=500)
    _count(room)


def fill_chain(room: Room, *, length: int) -> list[int]:
    """Write a chain in which each comment answers the one before; return the numbers."""
    author = _author(room)
    start = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    root = _comment(room, author, id=start, descendants=length - 1, reply_count=1)
    rows, path = [root], b""
    for depth in range(1, length):
        path = paths.path_of(number=start + depth, parent_path=path)
        rows.append(
            _comment(
                room,
                author,
                id=start + depth,
                parent_id=start + depth - 1,
                root_id=start,
                depth=depth,
                path=path,
                reply_count=int(depth + 1 < length),
            )
        )
    Comment.objects.bulk_create(rows, batch_size=500)
    _count(room)
    return [comment.pk for comment in rows]


def fill_replies(room: Room, *, root: int, number: int) -> None:
    """Write direct answers to a root."""
    author = _author(room)
    start = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows = [
        _comment(
            room,
            author,
            id=start + index,
            parent_id=root,
            root_id=root,
            depth=1,
            path=paths.path_of(number=start + index, parent_path=b""),
        )
        for index in range(number)
    ]
    Comment.objects.bulk_create(rows, batch_size=500)
    Comment.objects.filter(pk=root).update(reply_count=number, descendants=number)
    _count(room)


def _count(room: Room) -> None:
    # PostgreSQL's sequence knows nothing of ids that were given.
    for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
        with connection.cursor() as cursor:
            cursor.execute(statement)
    published = Comment.objects.filter(thread=room.id, state="published")
    Thread.objects.filter(pk=room.id).update(
        comment_count=published.count(), root_count=published.filter(parent=None).count()
    )
