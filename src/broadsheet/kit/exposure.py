"""Every route says whether it is public or private; a test fails for one that says neither.

A public route answers the same bytes to everybody: its view is handed a reduced request, without
cookies, without the caller's headers, with an allow-listed query. A private route answers
`no-store`. The marks are plain attributes so that rooms need no web framework to set them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Exposure(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a route declares. `query` names the parameters a public page may depend on.

    `immutable`: the address holds a hash of what is answered, which may be kept for good. `guarded`
    routes are reached by forms on public pages: they are protected by the origin guard in place of
    a token in the page.

    `shows` are the keys of what a public page always shows beside what every page does; None when
    it was not said, and then any change of anything makes it old. `kept` is False for what is too
    large to keep as finished bytes, or never asked for twice.
    """

    exposure: Exposure
    query: frozenset[str] = frozenset()
    guarded: bool = False
    immutable: bool = False
    shows: frozenset[str] | None = None
    kept: bool = True


ATTRIBUTE = "broadsheet_exposure"

type View = Callable[..., Any]


def public(
    *,
    query: tuple[str, ...] = (),
    immutable: bool = False,
    shows: tuple[str, ...] | None = None,
    kept: bool = True,
) -> Callable[[View], View]:
    """Mark a view as public; only the named query parameters reach it, in canonical form."""
    declared = Mark(
        Exposure.PUBLIC,
        frozenset(query),
        immutable=immutable,
        shows=None if shows is None else frozenset(shows),
        kept=kept,
    )

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, declared)
        return view

    return mark


def private(view: View) -> View:
    """Mark a view as private: its answers are never stored by anybody."""
    setattr(view, ATTRIBUTE, Mark(Exposure.PRIVATE))
    return view


def guarded(view: View) -> View:
    """Mark a private view that takes forms from public pages, checked by the origin guard."""
    setattr(view, ATTRIBUTE, Mark(Exposure.PRIVATE, guarded=True))
    # Django's token middleware reads this attribute; the origin guard stands in its place.
    view.csrf_exempt = True  # type: ignore[attr-defined]  # a function's own attribute
    return view


def mark_of(view: Any) -> Mark | None:
    """Return what a view declared, or None."""
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Mark) else None
