"""What a body points to, read in as few queries as there are kinds of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from wagtail.rich_text import expand_db_html

from broadsheet.stories.document_links import WhereIs, led
from broadsheet.stories.models import NewsDocument, Person
from broadsheet.stories.pictures import Renditions, renditions_of

# Nobody can type it, and nothing in it means anything to the expansion.
_BETWEEN: Final = "\x1e"


@dataclass(frozen=True, slots=True)
class Materials:
    """Pictures' files, people and documents by their ids."""

    renditions: Renditions = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    documents: Mapping[int, NewsDocument] = field(default_factory=dict)


def gather(
    *,
    image_ids: Collection[int] = (),
    person_ids: Collection[int] = (),
    document_ids: Collection[int] = (),
) -> Materials:
    """Read everything: one query for each kind that is wanted."""
    return Materials(
        renditions=renditions_of(image_ids),
        people=Person.objects.in_bulk(person_ids) if person_ids else {},
        documents=NewsDocument.objects.in_bulk(document_ids) if document_ids else {},
    )


def expanded(sources: Iterable[str], *, document: WhereIs | None = None) -> dict[str, str]:
    """Return stored rich text as HTML, by its source: links to pages are looked up all at once.

    `document` says where a document is fetched; without it they are looked up for readers.
    """
    wanted = [source for source in dict.fromkeys(sources) if source]
    if not wanted:
        return {}
    texts = [led(source, document) for source in wanted] if document else wanted
    html = expand_db_html(_BETWEEN.join(texts)).split(_BETWEEN)
    if len(html) != len(wanted):
        html = [expand_db_html(text) for text in texts]
    return dict(zip(wanted, html, strict=True))
