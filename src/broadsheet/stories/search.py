"""Searching public stories, through the index that Wagtail keeps in the database.

Wagtail's own `search()` orders by relevance, and asks the index again for each row it found. Here
the index is asked for what holds the words, and `Listing` for which of them are public and in what
order they came out: the newest first. Words that more than `BOUND` stories hold are looked for the
other way round: down the list from its newest story on, `BOUND` stories for one page of what was
found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
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
    at_least,
    is_beginning,
    marked,
    snippet,
    terms_of,
)

PAGE_LENGTH: Final = 10
# Stories that one page of a search looks at: if they do not fill it, it says so, and can go on.
BOUND: Final = 1000
# The columns of Wagtail's index.
HEADLINE: Final = ("title",)
WHOLE: Final = ("title", "body")

type Terms = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found: its headline and a stretch of its text, with the words marked."""

    card: Card
    headline: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of what was found. `asked` says whether there was anything to look for.

    `bounded`: the search stopped before the page was full, at `BOUND` stories; `older` goes on.
    """

    query: str
    asked: bool
    hits: tuple[Hit, ...] = ()
    older: str = ""
    bounded: bool = False


def search(*, query: str, after: str = "") -> Found:
    """Return the public stories that hold all the words, the newest first, from a cursor on.

    Any text is a query. Raises cursors.UnknownCursorError. Eight queries at most.
    """
    terms = terms_of(query)
    shown = "".join(character for character in query[:MAX_LENGTH] if character.isprintable())
    if not terms:
        return Found(shown, asked=False)
    rows = Listing.objects.filter(list_key=list_keys.ALL)
    if after:
        rows = _behind(rows, cursors.read(after))
    holding, edge = _holding(rows, terms)
    found = list(_newest(holding)[: PAGE_LENGTH + 1])
    page, more = found[:PAGE_LENGTH], len(found) > PAGE_LENGTH
    bounded = edge is not None and not more
    last = page[-1] if more else edge
    older = cursors.write(at=last[0], pk=last[1]) if last else ""
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
    return Found(shown, asked=True, hits=hits, older=older, bounded=bounded)


def _holding(
    rows: QuerySet[Listing], terms: Terms
) -> tuple[QuerySet[Listing], tuple[datetime, int] | None]:
    """Return those of the rows that hold all the terms, and the row where looking for them ends.

    None: all rows are looked at.
    """
    found = _ask()(terms, least=len(terms), columns=WHOLE)
    if not found[BOUND : BOUND + 1].exists():
        return rows.filter(story_id__in=found), None
    edge = _newest(rows)[BOUND - 1 : BOUND].first()
    if edge:
        at, pk = edge
        rows = rows.filter(published_at__gte=at)
        rows = rows.filter(Q(published_at__gt=at) | Q(story_id__gte=pk))
    holds = _holds_in_postgresql if connection.vendor == "postgresql" else _holds_in_sqlite
    return holds(rows, terms), edge


def _newest(rows: QuerySet[Listing]) -> QuerySet[Listing, tuple[datetime, int]]:
    return rows.order_by("-published_at", "-story_id").values_list("published_at", "story_id")


def _behind(rows: QuerySet[Listing], place: tuple[datetime, int]) -> QuerySet[Listing]:
    at, pk = place
    return rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(story_id__lt=pk))


def with_headline_of(*, terms: Terms, least: int) -> QuerySet[Listing]:
    """Return the public stories whose headlines hold so many of the terms, the newest first.

    However old they are: the index has headlines apart. At most `BOUND`, those filed last.
    """
    found = _ask()(terms, least=least, columns=HEADLINE).order_by("-pk")[:BOUND]
    rows = Listing.objects.filter(list_key=list_keys.ALL, story_id__in=found)
    return rows.order_by("-published_at", "-story_id")


def _ask() -> Callable[..., QuerySet[Any]]:
    return _in_postgresql if connection.vendor == "postgresql" else _in_sqlite


def _kind() -> ContentType:
    return ContentType.objects.get_for_model(StoryPage)


def _entry() -> QuerySet[Any]:
    """Return the index's entry of the story of the row around this query."""
    story = Cast(OuterRef("story_id"), CharField(max_length=50))
    found: QuerySet[Any] = IndexEntry.objects.filter(content_type=_kind(), object_id=story)
    return found


def _in_sqlite(terms: Terms, *, least: int, columns: Sequence[str]) -> QuerySet[Any]:
    rows = _matched_in_sqlite(terms, least=least, columns=columns).filter(
        index_entry__content_type=_kind()
    )
    story = Cast("index_entry__object_id", BigIntegerField())
    found: QuerySet[Any] = rows.annotate(story=story).values("story")
    return found


def _holds_in_sqlite(rows: QuerySet[Listing], terms: Terms) -> QuerySet[Listing]:
    # What matches is read once, as bare numbers: asked for one row of its own, this index reads all
    # that a beginning of a word matches, each time.
    entry = Subquery(_entry().values("pk")[:1])
    return rows.alias(entry=entry).filter(
        entry__in=_matched_in_sqlite(terms, least=len(terms), columns=WHOLE).values("pk")
    )


def _matched_in_sqlite(terms: Terms, *, least: int, columns: Sequence[str]) -> QuerySet[Any]:
    # These modules exist only where Wagtail runs on this database.
    from modelsearch.backends.database.sqlite.query import MatchExpression  # noqa: PLC0415
    from wagtail.search.models import SQLiteFTSIndexEntry  # noqa: PLC0415

    # Letters and digits between quotation marks: a phrase to FTS5, whatever they are.
    phrases = [f'"{" ".join(term)}"{"*" * is_beginning(term)}' for term in terms]
    match = at_least(least, phrases, both=" AND ", either=" OR ")
    rows: QuerySet[Any] = SQLiteFTSIndexEntry.objects.filter(
        MatchExpression(list(columns), Value(match))
    )
    return rows


def _in_postgresql(terms: Terms, *, least: int, columns: Sequence[str]) -> QuerySet[Any]:
    rows = IndexEntry.objects.filter(content_type=_kind())
    story = Cast("object_id", BigIntegerField())
    rows = rows.filter(_match_in_postgresql(terms, least=least, columns=columns))
    found: QuerySet[Any] = rows.annotate(story=story).values("story")
    return found


def _holds_in_postgresql(rows: QuerySet[Listing], terms: Terms) -> QuerySet[Listing]:
    # Not EXISTS, which its planner may turn round, to read all that match.
    entry = _entry().annotate(holds=_match_in_postgresql(terms, least=len(terms), columns=WHOLE))
    return rows.alias(holds=Subquery(entry.values("holds")[:1])).filter(holds=True)


def _match_in_postgresql(terms: Terms, *, least: int, columns: Sequence[str]) -> Any:
    from django.contrib.postgres.search import (  # noqa: PLC0415 - needs its driver
        SearchQuery,
        SearchVectorExact,
        SearchVectorField,
    )

    phrases = [
        "(" + " <-> ".join(f"'{word}'{':*' * is_beginning(term)}" for word in term) + ")"
        for term in terms
    ]
    wanted = at_least(least, phrases, both=" & ", either=" | ")
    # As they stand in the indexes that Wagtail's migrations make.
    vector: Any = F(columns[0])
    for column in columns[1:]:
        vector = CombinedExpression(vector, "||", F(column), output_field=SearchVectorField())
    return SearchVectorExact(vector, SearchQuery(wanted, search_type="raw"))


def _texts(pks: list[int]) -> dict[str, str]:
    """Return the words readers have of these stories, by UUID. One query."""
    newest = StoryVersion.objects.filter(story=OuterRef("story")).order_by("-number")
    rows = StoryVersion.objects.filter(story__in=pks, number=Subquery(newest.values("number")[:1]))
    found = rows.annotate(begin=Left("text", MAX_TEXT)).values_list("story__uuid", "begin")
    return {str(uuid): text for uuid, text in found}
