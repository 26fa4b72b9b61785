"""The bar of the demonstration: one line on every page, to see it as somebody else.

On a public page it names nobody, because those bytes are everybody's; a script asks afterwards.
"""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from broadsheet.site.demo.people import GUEST, PERSONAS, email_of

LABELS: dict[str, str | Promise] = {
    "guest": _("guest"),
    "reader": _("reader"),
    "moderator": _("moderator"),
    "reporter": _("reporter"),
    "editor": _("editor"),
    "owner": _("owner"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    persona: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True)
class Bar:
    """`here` is where a visitor returns to; `choices` are looked up when they are drawn."""

    request: HttpRequest

    @property
    def here(self) -> str:
        # A page that answered a form has no address to return to.
        return self.request.get_full_path() if self.request.method in {"GET", "HEAD"} else "/"

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        now = "" if hasattr(self.request, "broadsheet_reduced") else persona_of(self.request)
        return tuple(Choice(each, LABELS[each], each == now) for each in PERSONAS)


def bar_of(request: HttpRequest) -> Bar:
    return Bar(request)


def persona_of(request: HttpRequest) -> str:
    """Return which of the cast is asking; empty for somebody else's account."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return GUEST
    return next((each for each in PERSONAS[1:] if email_of(each) == user.email), "")
