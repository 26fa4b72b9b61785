"""Links from one page to another in rich text: by the page's id, to wherever it is now."""

from html import escape
from typing import Any

from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from broadsheet.stories.addresses import url_of


class PageLink(PageLinkHandler):
    """Wagtail's own asks three times, once for the site; and leads to pages that are not public."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tag of each link, without an address where nobody could follow it."""
        ids = {str(attrs.get("id")) for attrs in attrs_list}
        wanted = [int(pk) for pk in ids if pk.isdecimal() and len(pk) <= 18]  # noqa: PLR2004 - digits of a 64-bit number
        pages = Page.objects.live().filter(pk__in=wanted).only("url_path")
        urls = {str(page.pk): url_of(page) for page in pages}
        found = (urls.get(str(attrs.get("id"))) for attrs in attrs_list)
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in found]
