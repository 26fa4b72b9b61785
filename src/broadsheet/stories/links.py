"""Links to what is ours in rich text: by the id of a page or document, to wherever it is now."""

from typing import Any, Final

from draftjs_exporter.dom import DOM
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from broadsheet.stories.addresses import url_of
from broadsheet.stories.document_links import opening
from broadsheet.stories.documents import public_address
from broadsheet.stories.models import NewsDocument


class PageLink(PageLinkHandler):
    """Wagtail's own asks three times, once for the site; and leads to pages that are not public."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tag of each link, without an address where nobody could follow it."""
        pages = Page.objects.live().filter(pk__in=_ids(attrs_list)).only("url_path")
        return _opening(attrs_list, {str(page.pk): url_of(page) for page in pages})


class DocumentLink(DocumentLinkHandler):
    """Wagtail's own leads to where only the desk gets."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tag of each link, to where readers fetch the document."""
        found = NewsDocument.objects.in_bulk(_ids(attrs_list))
        return _opening(attrs_list, {str(pk): public_address(one) for pk, one in found.items()})


class _DocumentElement(DocumentLinkElementHandler):
    """Wagtail's own forgets the place in the document."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        place = {"fragment": attrs["fragment"]} if attrs.get("fragment") else {}
        return {**super().get_attribute_data(attrs), **place}


def _document_element(props: dict[str, Any]) -> Any:
    place = {"fragment": props["fragment"]} if props.get("fragment") else {}
    attributes = {"linktype": "document", "id": props.get("id"), **place}
    return DOM.create_element("a", attributes, props["children"])


# How the editor reads a link to a document, and how it stores it.
DOCUMENT_RULE: Final = {
    "from_database_format": {'a[linktype="document"]': _DocumentElement("DOCUMENT")},
    "to_database_format": {"entity_decorators": {"DOCUMENT": _document_element}},
}


def _ids(attrs_list: list[dict[str, Any]]) -> list[int]:
    ids = {str(attrs.get("id")) for attrs in attrs_list}
    return [int(pk) for pk in ids if pk.isdecimal() and len(pk) <= 18]  # noqa: PLR2004 - digits of a 64-bit number


def _opening(attrs_list: list[dict[str, Any]], urls: dict[str, str]) -> list[str]:
    return [
        opening(urls.get(str(attrs.get("id"))), str(attrs.get("fragment") or ""))
        for attrs in attrs_list
    ]
