"""Tying a comment's quotations to their sources, and undoing it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from broadsheet.discussion.models import Comment, Quote, Thread
from broadsheet.discussion.quotes.matching import earlier_comments, matches, story_as_earlier
from broadsheet.discussion.quotes.sources import StoryText, story_of
from broadsheet.discussion.quotes.texts import quotable, typed_quotations, whole_extent
from broadsheet.discussion.rules import quoting
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.discussion.threads.telling import tell
from broadsheet.kit.actor import Actor
from broadsheet.kit.anchors import (
    Anchor,
    AnchorError,
    PlainText,
    anchor_from_selection,
    make_anchor,
)
from broadsheet.kit.verdict import RefusalError, Refused, require


class UnknownQuoteError(LookupError):
    """The comment has no quote of this number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A quote that is about to be written; `source` is a comment's number, None for the story."""

    source: int | None
    anchor: Anchor
    origin: str

    def overlaps(self, other: "Draft") -> bool:
        one, two = self.anchor.position, other.anchor.position
        return self.source == other.source and one.start < two.end and two.start < one.end


def drafts_of(
    *,
    thread: Thread,
    parent: Comment | None,
    html: str,
    chosen: Sequence[Chosen],
    story_text: StoryText | None,
) -> list[Draft]:
    """Return the quotes that a comment of these words will carry: chosen ones, then typed ones.

    Needs the thread's lock. No query without quotations; else one for the sources of chosen ones,
    one for what typed ones may be taken from, and one for the story. Raises RefusalError where
    chosen words are not in their source as it is now.
    """
    typed = typed_quotations(html)
    if not chosen and not typed:
        return []
    require(quoting.are_few(count=len(chosen)))
    story = story_of(thread, story_text) if typed or _quotes_story(chosen) else None
    drafts: list[Draft] = []
    for draft in _chosen_drafts(thread, chosen, story):
        _add(drafts, draft)
    if typed:
        earlier = earlier_comments(thread, parent, typed)
        earlier += story_as_earlier(story, thread.edition)
        for match in filter(None, matches(typed, earlier)):
            _add(drafts, Draft(match.source, match.anchor, Quote.Origin.MATCHING))
    return drafts


def write_quotes(*, comment: Comment, drafts: Sequence[Draft], now: datetime) -> None:
    """Write the quotes of a comment that was just inserted with their number; one query."""
    if drafts:
        Quote.objects.bulk_create(
            _row(draft, comment=comment.pk, place=place, now=now)
            for place, draft in enumerate(drafts)
        )


def blank_quotes_of(
    *, sources: QuerySet[Comment], now: datetime, revision: int | None = None
) -> None:
    """Take away the words that others quote from these comments, for good; one query.

    With a `revision` only what is quoted of that one. The caller holds the threads' locks and
    counts the change.
    """
    quotes = Quote.objects.filter(source__in=sources.values("pk"), blanked_at=None)
    if revision is not None:
        quotes = quotes.filter(revision=revision)
    quotes.update(exact="", prefix="", suffix="", sentence="", sentence_start=0, blanked_at=now)


def undo_quote(*, actor: Actor, comment_id: int, quote_id: int, now: datetime) -> str:
    """Undo a quotation that was found by matching; returns the thread's address.

    It is not found again. Raises RefusalError, UnknownCommentError, UnknownQuoteError.
    """
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        quote = (
            Quote.objects.select_related("comment__author")
            .filter(pk=quote_id, comment=comment_id)
            .first()
        )
        if quote is None:
            raise UnknownQuoteError(comment_id, quote_id)
        require(
            quoting.may_undo(
                actor=actor,
                owner=quote.comment.author.owner,
                origin=quote.origin,
                undone=quote.undone_at is not None,
            )
        )
        Quote.objects.filter(pk=quote_id).update(undone_at=now)
        Comment.objects.filter(pk=comment_id).update(quote_count=F("quote_count") - 1)
        tell(thread=thread, numbers=[comment_id])
        Thread.objects.filter(pk=thread.pk).update(events=thread.events)
    return thread.url


def _quotes_story(chosen: Sequence[Chosen]) -> bool:
    return any(one.source is None for one in chosen)


def _chosen_drafts(
    thread: Thread, chosen: Sequence[Chosen], story: PlainText | None
) -> Iterator[Draft]:
    wanted = {one.source for one in chosen if one.source is not None}
    texts: dict[int | None, tuple[int, PlainText]] = {}
    if wanted:
        rows = Comment.objects.filter(
            pk__in=wanted, thread=thread, state=Comment.State.PUBLISHED
        ).values_list("pk", "revision", "html")
        texts = {number: (revision, quotable(html)) for number, revision, html in rows}
    if story is not None:
        texts[None] = (thread.edition, story)
    for one in chosen:
        found = texts.get(one.source)
        require(quoting.is_there(there=found is not None))
        if found is not None:
            yield Draft(one.source, _anchor(one, *found), Quote.Origin.READER)


def _anchor(chosen: Chosen, revision: int, text: PlainText) -> Anchor:
    """Make the anchor from our own text: what a browser says is only where to look."""
    try:
        if chosen.whole:
            return make_anchor(text=text, start=0, end=whole_extent(text), revision=revision)
        return anchor_from_selection(
            text=text,
            exact=chosen.exact,
            prefix=chosen.prefix,
            suffix=chosen.suffix,
            revision=revision,
        )
    except AnchorError as error:
        code = "quote_too_long" if error.reason.startswith("is longer") else "quote_not_found"
        raise RefusalError(Refused(code, field="quote")) from error


def _add(drafts: list[Draft], draft: Draft) -> None:
    same = any(draft.overlaps(other) for other in drafts)
    if not same and len(drafts) < quoting.MAX_QUOTES:
        drafts.append(draft)


def _row(draft: Draft, *, comment: int, place: int, now: datetime) -> Quote:
    quote, position = draft.anchor.quote, draft.anchor.position
    return Quote(
        comment_id=comment,
        place=place,
        source_id=draft.source,
        revision=int(draft.anchor.revision),
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        start=position.start,
        end=position.end,
        sentence=draft.anchor.sentence.text,
        sentence_start=draft.anchor.sentence.start,
        origin=draft.origin,
        quoted_at=now,
    )
