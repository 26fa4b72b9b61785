"""Reading what imports left."""

from wagtail.contrib.redirects.models import Redirect

from broadsheet.importing import addresses
from broadsheet.stories import api as stories


def old_address(path: str, query: str) -> str | None:
    """Return where an address of the former site is now, or None.

    For a path that answers nothing here, and for the front page with a query such as `p=123`.
    A page that is not public has no address. One query for each form of the address that is
    tried (at most three for one that came out of WordPress).
    """
    for old in addresses.lookup(path, query):
        # Those of an import, of an editor, and of Wagtail itself when a page moves.
        found = Redirect.objects.filter(old_path=old).select_related("redirect_page").order_by("pk")
        for row in found[:1]:
            page = row.redirect_page
            if page is None:
                return str(row.redirect_link) or None
            target = stories.url_of(page)
            # A page that is not shown where it is must not be led to itself for ever.
            return target if page.live and target.rstrip("/") != path.rstrip("/") else None
    return None
