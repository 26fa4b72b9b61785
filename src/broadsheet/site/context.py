"""What every template may use: the publication, and the meter of its masthead.

Both ask the database only when a template looks at what they hold, so that a page which shows
neither menu nor gauge, such as the desk's or an error's, costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from broadsheet.funding import api as funding
from broadsheet.kit.clock import utcnow
from broadsheet.stories import api as stories

BASE_TEMPLATE = "broadsheet/base.html"
DESK = "/desk/"


class MenuLink(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Publication:
    """The publication as its pages name it. `direction` is `ltr` or `rtl`."""

    name: str
    url: str
    language: str
    direction: str

    @cached_property
    def sections(self) -> Sequence[MenuLink]:
        """The menu. One query, at first use."""
        return stories.sections()

    @cached_property
    def pages(self) -> Sequence[MenuLink]:
        """The plain pages that the foot links. One query, at first use."""
        return stories.footer_pages()


def publication(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `base_template`, `publication`, and `meter` off the desk.

    `meter` is falsy where there is no campaign; a view that has already read it puts its own in
    this one's place.
    """
    language = settings.LANGUAGE_CODE
    context: dict[str, Any] = {
        "base_template": BASE_TEMPLATE,
        "publication": Publication(
            name=settings.BROADSHEET_NAME,
            url=settings.BROADSHEET_URL,
            language=language,
            direction="rtl" if _is_right_to_left(language) else "ltr",
        ),
    }
    if not request.path_info.startswith(DESK):
        context["meter"] = SimpleLazyObject(lambda: funding.meter(now=utcnow()))
    return context


def _is_right_to_left(language: str) -> bool:
    try:
        return bool(get_language_info(language)["bidi"])
    except KeyError:  # a language Django has no name for
        return False
