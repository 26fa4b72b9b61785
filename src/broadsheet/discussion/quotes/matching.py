"""Typed quotations that are found again in what was said before: bounded, and rather not at all."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.quotes.texts import quotable, without_quotations
from broadsheet.discussion.rules import paths
from broadsheet.kit.anchors import (
    Anchor,
    AnchorError,
    PlainText,
    Quotable,
    QuotationIndex,
    anchor_from_selection,
)

# Where a new comment's words are looked for: what it answers, the first of its branch, the newest
# roots, and of the whole house's newest comments those of the thread.
BRANCH: Final = 200
ROOTS: Final = 100
NEWEST: Final = 500
LOOKED_BACK: Final = 5_000
# An essay of this many characters of HTML is not looked into.
LONGEST: Final = 20_000
# Of the longer words of a quotation, what part a text must have to be compared at all.
SHARE: Final = 0.6
LONGER: Final = 4
STORY: Final = 0

_WORD: Final = re.compile(r"\w+")
_ARMS: Final = (
    "SELECT id FROM (SELECT id FROM discussion_comment WHERE root_id = %s"
    " AND published_at IS NOT NULL ORDER BY path LIMIT %s) AS branch"
    " UNION ALL SELECT id FROM (SELECT id FROM discussion_comment WHERE thread_id = %s"
    " AND parent_id IS NULL AND published_at IS NOT NULL"
    " ORDER BY created_at DESC, id DESC LIMIT %s) AS roots"
    # A sum, so that no index of threads is tried: what bounds this arm is the range of ids.
    " UNION ALL SELECT id FROM (SELECT id FROM discussion_comment WHERE thread_id + 0 = %s"
    " AND id > (SELECT COALESCE(MAX(id), 0) - %s FROM discussion_comment)"
    " ORDER BY id DESC LIMIT %s) AS newest"
)
_ABOVE: Final = " UNION ALL SELECT id FROM discussion_comment WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that a typed quotation may be taken from: a comment, or the story (STORY)."""

    number: int
    revision: int
    words: PlainText
    own_words: PlainText


@dataclass(frozen=True, slots=True)
class Match:
    """`source` is the number of a comment, or None for the story."""

    source: int | None
    anchor: Anchor


def earlier_comments(thread: Thread, parent: Comment | None, typed: Sequence[str]) -> list[Earlier]:
    """Return those comments of a thread that one of the quotations can be taken from. One query.

    Bounded however long the thread is; each arm reads its own stretch of an index and stops.
    """
    root = (parent.root_id or parent.pk) if parent is not None else 0
    above = {root, parent.pk, *paths.ids_of(bytes(parent.path))} if parent is not None else {0}
    sql = _ARMS + _ABOVE * len(above)
    arguments = (root, BRANCH, thread.pk, ROOTS, thread.pk, LOOKED_BACK, NEWEST, *sorted(above))
    near = RawSQL(sql, arguments)  # noqa: S611 - constant SQL, every value is a parameter
    public = Comment.objects.filter(pk__in=near, state=Comment.State.PUBLISHED)
    rows = public.alias(size=Length("html")).filter(size__lte=LONGEST).order_by("pk")
    return list(_worth_comparing(rows.values_list("pk", "revision", "html"), typed))


def story_as_earlier(story: PlainText | None, edition: int) -> list[Earlier]:
    return [Earlier(STORY, edition, story, story)] if story else []


def matches(typed: Sequence[str], earlier: Sequence[Earlier]) -> Iterator[Match | None]:
    """Yield for each quotation what it is taken from; None with no source, or with two."""
    by_number = {one.number: one for one in earlier}
    index = QuotationIndex(Quotable(one.number, one.own_words, one.revision) for one in earlier)
    for quotation in typed:
        found = index.match(quotation=quotation)
        anchor = _in_all_words(found.anchor, by_number[found.key]) if found else None
        yield Match(found.key or None, anchor) if found and anchor else None


def as_earlier(number: int, revision: int, html: str) -> Earlier:
    return Earlier(number, revision, quotable(html), without_quotations(html))


def _worth_comparing(
    rows: Iterable[tuple[int, int, str]], typed: Sequence[str]
) -> Iterator[Earlier]:
    """Leave out by a plain search what shares too few words: most of a thread."""
    wanted = [_longer_words(quotation) for quotation in typed]
    for number, revision, html in rows:
        folded = html.casefold()
        if any(sum(word in folded for word in words) >= SHARE * len(words) for words in wanted):
            yield as_earlier(number, revision, html)


def _longer_words(quotation: str) -> set[str]:
    words = {word.casefold() for word in _WORD.findall(quotation)}
    return {word for word in words if len(word) >= LONGER} or words


def _in_all_words(anchor: Anchor, source: Earlier) -> Anchor | None:
    """Make the anchor again in all words of its source, what that quotes itself included."""
    quote = anchor.quote
    try:
        return anchor_from_selection(
            text=source.words,
            exact=quote.exact,
            prefix=quote.prefix,
            suffix=quote.suffix,
            revision=anchor.revision,
        )
    except AnchorError:
        return None
