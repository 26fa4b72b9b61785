"""Who may change the publication's face, and what the books forbid. Pure."""

from dataclasses import dataclass
from typing import Final

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

_OWNERS: Final = (Role.OWNER, Role.SYSTEM)
_MENUS: Final = (*_OWNERS, Role.EDITOR)
# What a link may begin with: a page of ours, or somebody's address elsewhere.
_ELSEWHERE: Final = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A link as it is asked for: `url` is a path of ours or a whole address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that the desk says of the publication; empty means what `broadsheet.toml` says.

    `logo` is an image's id, `accent` is `#rrggbb`. The codes were checked by the form.
    """

    name: str = ""
    tagline: str = ""
    logo: int | None = None
    accent: str = ""
    footer: str = ""
    language: str = ""
    time_zone: str = ""
    currency: str = ""
    menu: tuple[MenuRow, ...] = ()
    footer_links: tuple[MenuRow, ...] = ()


def may_change_face(*, actor: Actor) -> Verdict:
    """Name, colours, language and money are the owner's."""
    if actor.has(*_OWNERS) and not actor.is_banned:
        return ALLOWED
    return Refused("publication.owner_only")


def may_change_menus(*, actor: Actor) -> Verdict:
    """Menu and footer links lead to stories: an editor's business too."""
    if actor.has(*_MENUS) and not actor.is_banned:
        return ALLOWED
    return Refused("publication.not_yours")


def may_add_policy_pages(*, actor: Actor) -> Verdict:
    """Pages are an editor's work."""
    return may_change_menus(actor=actor)


def may_pay_in(*, currency: str, present: str, books: str) -> Verdict:
    """Keep the currency that the books are kept in; `books` is empty without a campaign."""
    if not books or currency in (present, books):
        return ALLOWED
    return Refused("publication.currency_in_books", (("currency", books),), field="currency")


def leads_somewhere(*, url: str) -> Verdict:
    """Take a path of this site or a web or mail address; nothing that a browser would run."""
    own = url.startswith("/") and not url.startswith(("//", "/\\"))
    clean = not any(letter.isspace() or ord(letter) < 32 for letter in url)  # noqa: PLR2004 - control characters
    if clean and (own or url.lower().startswith(_ELSEWHERE)):
        return ALLOWED
    return Refused("publication.link_address", field="url")
