"""Where a form came from, without a token in the page.

Browsers say it themselves: `Sec-Fetch-Site` in every current one, else `Origin`, else `Referer`.
A request with none of them is refused, because only a program that forges requests sends none.
"""

from collections.abc import Collection
from urllib.parse import urlsplit


class ForeignOrigin(Exception):  # noqa: N818 - it names a fact about the request
    """The request did not come from one of our pages. `code` says how we know."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_origin(*, fetch_site: str, origin: str, referer: str, allowed: Collection[str]) -> None:
    """Raise ForeignOrigin unless the request came from a page at one of the `allowed` origins.

    `allowed` are origins as browsers write them: scheme, host, and a port that is not the default.
    """
    if fetch_site:
        if fetch_site != "same-origin":
            raise ForeignOrigin("other_site")
        return
    if origin:
        if origin not in allowed:
            raise ForeignOrigin("other_origin")
        return
    if not referer:
        raise ForeignOrigin("no_origin")
    parts = urlsplit(referer)
    if f"{parts.scheme}://{parts.netloc}" not in allowed:
        raise ForeignOrigin("other_origin")
