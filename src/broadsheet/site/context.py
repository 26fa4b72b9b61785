"""What every template may use: the publication, and the meter of its masthead.

Both ask the database only when a template looks at what they hold, so that a page which shows
neither menu nor gauge, such as the desk's or an error's, costs nothing. The publication's face was
read before, by the middleware.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from broadsheet.funding import api as funding
from broadsheet.kit.clock import utcnow
from broadsheet.site.theme import stylesheet
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

    face: stories.Face
    url: str

    @property
    def name(self) -> str:
        return self.face.name

    @property
    def tagline(self) -> str:
        return self.face.tagline

    @property
    def logo(self) -> Any:
        """The logo with `src`, `width` and `height`, or None."""
        return self.face.logo

    @property
    def language(self) -> str:
        return self.face.language

    @property
    def direction(self) -> str:
        return self.face.direction

    @property
    def footer(self) -> str:
        return self.face.footer

    @property
    def footer_links(self) -> Sequence[MenuLink]:
        return self.face.footer_links

    @cached_property
    def stylesheet(self) -> str:
        """The address of the publisher's own style, empty when there is none."""
        sheet = stylesheet(home=settings.HOME, accent_colour=self.face.accent)
        return sheet.path if sheet else ""

    @cached_property
    def menu(self) -> Sequence[MenuLink]:
        """The publisher's own menu, or else the sections. One query at most, at first use."""
        return self.face.menu or self.sections

    @cached_property
    def sections(self) -> Sequence[MenuLink]:
        """The sections. One query, at first use."""
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
    context: dict[str, Any] = {
        "base_template": BASE_TEMPLATE,
        "publication": Publication(stories.known_publication(), settings.BROADSHEET_URL),
    }
    if not request.path_info.startswith(DESK):
        context["meter"] = SimpleLazyObject(lambda: funding.meter(now=utcnow()))
    return context


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the `demonstration` bar, where there is one."""
    if not settings.DEMONSTRATION:
        return {}
    from broadsheet.site.demo.bar import bar_of  # noqa: PLC0415 - a real site never loads it

    return {"demonstration": bar_of(request)}
