"""The address of a page, from its stored path: nothing is looked up."""

from wagtail.models import Page


def url_of(page: Page) -> str:
    """Return the address of a page below the host, from its stored path."""
    return below_host(url_path=page.url_path)


def below_host(*, url_path: str) -> str:
    """Return the address that a stored path stands for."""
    # "/<root's slug>/section/story/" without its first piece.
    return "/" + url_path.split("/", 2)[2]
