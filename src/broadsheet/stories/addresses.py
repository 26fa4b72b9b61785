"""The address of a page, from its stored path: nothing is looked up."""

from wagtail.models import Page


def url_of(page: Page) -> str:
    """Return the address of a page below the host, from its stored path."""
    # "/<root's slug>/section/story/" without its first piece.
    path: str = page.url_path
    return "/" + path.split("/", 2)[2]
