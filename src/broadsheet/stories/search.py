"""Searching public stories, through the index that Wagtail keeps in the database.

Wagtail's own `search()` orders by relevance, and asks the index again for each row it found. Here
the index is asked once for what was filed last, at most `BOUND` stories of it, and `Listing` for
which of them are public and in what order they came out: the newest first.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Left
from wagtail.search.models import IndexEntry

from broadsheet.stories import cursors, list_keys
from broadsheet.stories.cards import cards_of
from broadsheet.stories.models import Listing, StoryPage, StoryVersion
from broadsheet.stories.shown import Card
from broadsheet.stories.terms import (
    MAX_LENGTH,
    MAX_TEXT,
    Piece,
    is_beginning,
    marked,
    snippet,
    terms_of,
)

PAGE_LENGTH: Final = 10
# Stories that one search looks at: beyond, it says so, and more words find less.
BOUND: Final = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found: its headline and a stretch of its text, with the words marked."""

    card: Card
    headline: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of what was found. `asked` says whether there was anything to look for."""

    query: str
    asked: bool
    hits: tuple[Hit, ...] = ()
    older: str = ""


def search(*, query: str, after: str = "") -> Found:
    """Return the public stories that hold all the words, the newest first, from a cursor on.

    Any text is a query. Raises cursors.UnknownCursorError. Six queries at most.
    """
    terms = terms_of(query)
    shown = "".join(character for character in query[:MAX_LENGTH] if character.isprintable())
    if not terms:
        return Found(shown, asked=False)
    rows = Listing.objects.filter(list_key=list_keys.ALL, story_id__in=matching(terms, every=True))
    if after:
        at, pk = cursors.read(after)
        rows = rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(story_id__lt=pk))
    newest = rows.order_by("-published_at", "-story_id").values_list("published_at", "story_id")
    found = list(newest[: PAGE_LENGTH + 1])
    page, more = found[:PAGE_LENGTH], len(found) > PAGE_LENGTH
    older = cursors.write(at=page[-1][0], pk=page[-1][1]) if more else ""
    cards = cards_of(story_ids=[pk for _, pk in page])
    texts = _texts([pk for _, pk in page])
    hits = tuple(
        Hit(
            card=card,
            headline=marked(card.headline, terms=terms),
            text=snippet(texts.get(card.key, card.standfirst), terms=terms),
        )
        for card in cards
    )
    return Found(shown, asked=True, hits=hits, older=older)


def matching(
    terms: tuple[tuple[str, ...], ...], *, every: bool, bound: int = BOUND
) -> QuerySet[Any]:
    """Return the ids of stories whose index holds every term, or any: those filed last.

    To be used in another query; it asks nothing itself.
    """
    kind = ContentType.objects.get_for_model(StoryPage)
    ask = _in_postgresql if connection.vendor == "postgresql" else _in_sqlite
    return ask(terms, kind, every=every)[:bound]


def _in_sqlite(
    terms: tuple[tuple[str, ...], ...], kind: ContentType, *, every: bool
) -> QuerySet[Any]:
    # These modules exist only where Wagtail runs on this database.
    from modelsearch.backends.database.sqlite.query import MatchExpression  # noqa: PLC0415
    from wagtail.search.models import SQLiteFTSIndexEntry  # noqa: PLC0415

    # Letters and digits between quotation marks: a phrase to FTS5, whatever they are.
    phrases = (f'"{" ".join(term)}"{"*" * is_beginning(term)}' for term in terms)
    match = (" AND " if every else " OR ").join(phrases)
    rows = SQLiteFTSIndexEntry.objects.filter(
        MatchExpression(["title", "body"], Value(match)), index_entry__content_type=kind
    )
    story = Cast("index_entry__object_id", BigIntegerField())
    found: QuerySet[Any] = rows.order_by("-pk").annotate(story=story).values("story")
    return found


def _in_postgresql(
    terms: tuple[tuple[str, ...], ...], kind: ContentType, *, every: bool
) -> QuerySet[Any]:
    from django.contrib.postgres.search import (  # noqa: PLC0415 - needs its driver
        SearchQuery,
        SearchVectorField,
    )

    phrases = (
        " <-> ".join(f"'{word}'{':*' * is_beginning(term)}" for word in term) for term in terms
    )
    wanted = (" & " if every else " | ").join(f"({phrase})" for phrase in phrases)
    # As it stands in the index that Wagtail's migration makes.
    vector = CombinedExpression(F("title"), "||", F("body"), output_field=SearchVectorField())
    rows = IndexEntry.objects.filter(content_type=kind).annotate(words=vector)
    story = Cast("object_id", BigIntegerField())
    rows = rows.filter(words=SearchQuery(wanted, search_type="raw"))
    found: QuerySet[Any] = rows.order_by("-pk").annotate(story=story).values("story")
    return found


def _texts(pks: list[int]) -> dict[str, str]:
    """Return the words readers have of these stories, by UUID. One query."""
    newest = StoryVersion.objects.filter(story=OuterRef("story")).order_by("-number")
    rows = StoryVersion.objects.filter(story__in=pks, number=Subquery(newest.values("number")[:1]))
    found = rows.annotate(begin=Left("text", MAX_TEXT)).values_list("story__uuid", "begin")
    return {str(uuid): text for uuid, text in found}
