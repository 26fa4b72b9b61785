"""Documents that readers fetch: at an address of their own, while a public page shows them.

A document that no public page shows does not exist for the public, whoever guesses its number:
newsrooms upload papers long before they publish them. So a draft shows its documents at other
addresses: the desk's, or below the link that the draft is read by.
"""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex

from broadsheet.stories.document_types import ending_of
from broadsheet.stories.models import NewsDocument
from broadsheet.stories.shown import File

type AddressOf = Callable[[NewsDocument], str]


def public_address(document: NewsDocument) -> str:
    """Return where readers fetch a document, while a public page shows it."""
    return reverse("stories:document", args=[document.pk, document.filename])


def desk_address(document: NewsDocument) -> str:
    """Return where whoever has the desk fetches any document."""
    return str(document.url)


def file_of(
    document: NewsDocument,
    *,
    title: str = "",
    summary: str = "",
    address: AddressOf = public_address,
) -> File:
    """Return a document as readers see it; its own title stands in for an empty one."""
    return File(
        url=address(document),
        title=title or document.title,
        summary=summary,
        extension=ending_of(document.filename),
        size=document.file_size,
    )


def public_document(*, number: int, name: str) -> NewsDocument | None:
    """Return a document under its own name if a public page shows it, else None. Five queries."""
    found = open_document(number=number, name=name)
    if found is None:
        return None
    types = ContentType.objects.get_for_models(NewsDocument, Page)
    pages = ReferenceIndex.objects.filter(
        to_content_type=types[NewsDocument],
        to_object_id=str(found.pk),
        base_content_type=types[Page],
    ).values_list("object_id", flat=True)
    shows = Page.objects.live().public().filter(pk__in=[int(page) for page in pages])
    return found if shows.exists() else None


def open_document(*, number: int, name: str) -> NewsDocument | None:
    """Return a document under its own name unless its collection is closed, else None."""
    rows = NewsDocument.objects.filter(pk=number).select_related("collection")
    found: NewsDocument | None = rows.first()
    if found is None or found.filename != name or _is_restricted(found):
        return None
    return found


def _is_restricted(document: NewsDocument) -> bool:
    collection = document.collection
    ancestors = collection.get_ancestors(inclusive=True)
    return bool(CollectionViewRestriction.objects.filter(collection__in=ancestors).exists())
