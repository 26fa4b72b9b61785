"""Parts of a thread, flat and the newest first: what the newsroom wrote, what is on a phrase."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import QuerySet

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.ranges import ORDER, ROOTS_PER_PAGE, beyond, cursor_of
from broadsheet.discussion.comments.rows import COLUMNS, Row, page_facts, shown, standing
from broadsheet.discussion.comments.shown import ThreadPage
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.notes.queries import cards_of
from broadsheet.discussion.notes.shown import NoteCard, ShownNote


def part_page(
    thread: Thread,
    *,
    show: str,
    after: str,
    cards: Mapping[int, NoteCard],
    notes: tuple[ShownNote, ...],
    note: int | None,
) -> ThreadPage:
    """Return what `show` asks for, flat: each says whom it answers, or the phrase it is on.

    With a `note` of this thread only its answers. `cards` are the notes that are known, `notes`
    those beside the story. 1 to 3 queries.
    """
    cursor = cursors.read_root(after, sort=show) if after else None
    if note and note not in cards:
        cards = {**cards, **cards_of([note], thread_id=thread.pk)}
    note = note if note in cards else None
    if show == "staff":
        numbers = staff_numbers(thread_id=thread.pk, cursor=cursor)
    else:
        numbers = inline_numbers(thread_id=thread.pk, cursor=cursor, note=note)
    chosen = Comment.objects.filter(pk__in=numbers[: ROOTS_PER_PAGE + 1])
    rows: list[Row] = list(chosen.order_by(*ORDER["newest"]).values(*COLUMNS))
    more, rows = len(rows) > ROOTS_PER_PAGE, rows[:ROOTS_PER_PAGE]
    comments = tuple(replace(one, says_whom=one.parent is not None) for one in shown(rows, cards))
    return ThreadPage(
        thread=page_facts(thread),
        sort="newest",
        comments=comments,
        after=cursor_of(rows[-1], show) if more else "",
        first=cursor is None,
        show=show,
        notes=notes,
        note=cards.get(note) if note else None,
    )


def staff_numbers(*, thread_id: int, cursor: cursors.RootCursor | None) -> QuerySet[Comment, int]:
    """Return the ids of what the newsroom wrote in a thread and everybody may read, after `cursor`.

    The newest first; ids alone: a join in the ordered query lets a planner begin elsewhere.
    """
    public = standing().filter(thread=thread_id, state=Comment.State.PUBLISHED)
    return _newest(public.exclude(voice=Comment.Voice.READER), cursor)


def inline_numbers(
    *, thread_id: int, cursor: cursors.RootCursor | None, note: int | None = None
) -> QuerySet[Comment, int]:
    """Return the ids of what is on phrases of the story, the same way.

    With a `note`, which is one of the thread's, of what is on its phrase.
    """
    public = standing().filter(state=Comment.State.PUBLISHED)
    if note:
        # With the thread too, a database could walk through those on all other words.
        return _newest(public.filter(note=note), cursor)
    return _newest(public.filter(thread=thread_id, note__isnull=False), cursor)


def _newest(rows: QuerySet[Comment], cursor: cursors.RootCursor | None) -> QuerySet[Comment, int]:
    ordered = rows.order_by(*ORDER["newest"])
    if cursor is not None:
        ordered = ordered.filter(beyond(cursor, newest=True))
    return ordered.values_list("pk", flat=True)
