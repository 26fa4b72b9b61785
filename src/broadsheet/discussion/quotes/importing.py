"""After an import: the quotations in what was brought over are tied to what they are taken from."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length

from broadsheet.discussion.models import Comment, Quote, Thread
from broadsheet.discussion.quotes.matching import (
    LONGEST,
    Earlier,
    as_earlier,
    matches,
    story_as_earlier,
)
from broadsheet.discussion.quotes.operations import Draft, write_quotes
from broadsheet.discussion.quotes.sources import StoryText, story_of
from broadsheet.discussion.quotes.texts import quotable, typed_quotations
from broadsheet.discussion.rules.importing import may_import
from broadsheet.discussion.rules.quoting import MAX_QUOTES
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.discussion.threads.telling import tell
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

# So many comments are read at a time; what they quote is looked for among them, and among as many
# before them.
BATCH: Final = 500

type Row = tuple[int, int, str, bool]


def match_quotations(
    *, actor: Actor, thread_id: int, story_text: StoryText | None, now: datetime
) -> int:
    """Find what imported comments of a thread quote, and return how many quotes came of it.

    Done again it finds nothing new: a comment that ever had a quote, even one undone, is left
    alone. The thread is locked only while a batch is written. Raises RefusalError,
    UnknownThreadError.
    """
    require(may_import(actor=actor))
    with transaction.atomic():
        thread = lock_thread(thread_id)
    story = story_as_earlier(story_of(thread, story_text), thread.edition)
    made = 0
    before: list[Earlier] = []
    for batch in _batches(thread):
        here = [as_earlier(number, revision, html) for number, revision, html, _ in batch]
        made += _write(thread, _found(batch, [*story, *before, *here]), now=now)
        before = here
    return made


def _batches(thread: Thread) -> Iterator[list[Row]]:
    """Yield the public comments of a thread in the order of time, and whether to look at each."""
    public = Comment.objects.filter(thread=thread, state=Comment.State.PUBLISHED)
    public = public.alias(size=Length("html")).filter(size__lte=LONGEST)
    last = None
    while True:
        rows = public.order_by("created_at", "pk")
        if last is not None:
            at, number = last
            rows = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=number))
        found = list(rows.values_list("pk", "revision", "html", "origin", "created_at")[:BATCH])
        if not found:
            return
        quoting = set(
            Quote.objects.filter(comment__in=[row[0] for row in found]).values_list(
                "comment", flat=True
            )
        )
        yield [
            (number, revision, html, bool(origin) and number not in quoting)
            for number, revision, html, origin, _ in found
        ]
        last = found[-1][4], found[-1][0]


def _found(batch: Sequence[Row], texts: Sequence[Earlier]) -> dict[int, list[Draft]]:
    """Return what each comment of a batch quotes of what stands before it."""
    order = {one.number: at for at, one in enumerate(texts)}
    drafts: dict[int, list[Draft]] = {}
    typed = {number: typed_quotations(html) for number, _, html, asked in batch if asked}
    wanted = [(number, quotations) for number, quotations in typed.items() if quotations]
    if not wanted:
        return drafts
    flat = [quotation for _, quotations in wanted for quotation in quotations]
    found = iter(matches(flat, texts))
    for number, quotations in wanted:
        for _ in quotations:
            match = next(found)
            if match and order[match.source or 0] < order[number]:
                draft = Draft(match.source, match.anchor, Quote.Origin.MATCHING)
                mine = drafts.setdefault(number, [])
                if not any(draft.overlaps(other) for other in mine) and len(mine) < MAX_QUOTES:
                    mine.append(draft)
    return drafts


def _write(thread: Thread, drafts: dict[int, list[Draft]], *, now: datetime) -> int:
    if not drafts:
        return 0
    made = 0
    with transaction.atomic():
        thread = lock_thread(thread.pk)
        current = _current({draft.source for found in drafts.values() for draft in found})
        quoting = Comment.objects.filter(pk__in=drafts, quotes=None).only("pk")
        tied = []
        for comment in quoting:
            # What was read without the lock may have been edited or removed since.
            found = [draft for draft in drafts[comment.pk] if _stands(draft, current)]
            write_quotes(comment=comment, drafts=found, now=now)
            Comment.objects.filter(pk=comment.pk).update(quote_count=len(found))
            made += len(found)
            tied += [comment.pk] if found else []
        tell(thread=thread, numbers=tied)
        Thread.objects.filter(pk=thread.pk).update(events=thread.events + 1)
    return made


def _current(sources: set[int | None]) -> dict[int, str]:
    rows = Comment.objects.filter(
        pk__in=[source for source in sources if source], state=Comment.State.PUBLISHED
    ).values_list("pk", "html")
    return {number: quotable(html).text for number, html in rows}


def _stands(draft: Draft, current: dict[int, str]) -> bool:
    if draft.source is None:
        return True
    position, exact = draft.anchor.position, draft.anchor.quote.exact
    return current.get(draft.source, "")[position.start : position.end] == exact
