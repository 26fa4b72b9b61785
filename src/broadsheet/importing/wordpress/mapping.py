"""From an item of the export to the fields of a page here. Reads nothing but the scratch."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.text import slugify
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from broadsheet.formats.api import Author, Item, Label, Meta, Site, plain_text
from broadsheet.importing import rules
from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress.scratch import Scratch

TITLE_LENGTH: Final = 255
SLUG_LENGTH: Final = 200
STANDFIRST_LENGTH: Final = 600
NAME_LENGTH: Final = 120
TAG_LENGTH: Final = 100
MAX_TAGS: Final = 50
MADE_TITLE_LENGTH: Final = 70
SITE_LENGTH: Final = 120
# The category that WordPress gives to what has none, in the languages it is installed in.
UNCATEGORISED: Final = frozenset(
    (
        *("uncategorized", "uncategorised", "unkategorisiert", "non-classe", "sin-categoria"),
        *("sem-categoria", "senza-categoria", "geen-categorie", "okategoriserade"),
        *("ukategoriseret", "ukategorisert", "luokittelematon", "bez-kategorii", "nezarazene"),
    )
)
_PRIMARY: Final = ("_yoast_wpseo_primary_category", "rank_math_primary_category")
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a text, cut to what fits."""

    title: str
    slug: str
    standfirst: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sorting:
    """Under what a story is filed. `section` is a category; None means the default section."""

    section: Label | None
    tags: tuple[str, ...]
    further: int


def zone() -> tzinfo:
    """Return the publisher's time zone, in which local times of an export are read."""
    return get_current_timezone()


def complete(item: Item, scratch: Scratch) -> Item:
    """Return the item with the labels and meta that stood behind its comments, if any did."""
    labels, meta = scratch.rest(item.number)
    if not labels and not meta:
        return item
    return replace(
        item,
        labels=item.labels + tuple(Label(*label) for label in labels),
        meta=item.meta + tuple(Meta(*entry) for entry in meta),
    )


def place_of(item: Item) -> Place:
    """Return where an item stands, for the report."""
    return Place(item.line, plain_text(item.title) or item.slug or item.type)


def head_of(item: Item, *, text: str, report: Report) -> Head:
    """Return title, slug and standfirst; `text` is the story's own, for want of a title."""
    at = place_of(item)
    title = plain_text(item.title)
    if not title:
        title = rules.cut(text, MADE_TITLE_LENGTH) or "Untitled"
        report.note("title_made", at)
    if len(title) > TITLE_LENGTH:
        report.note("title_cut", at)
    excerpt = plain_text(item.excerpt)
    if len(excerpt) > STANDFIRST_LENGTH:
        report.note("standfirst_cut", at)
    return Head(
        title=rules.cut(title, TITLE_LENGTH),
        slug=slug_of(item.slug, title),
        standfirst=rules.cut(excerpt, STANDFIRST_LENGTH),
        published_at=rules.published(item, zone=zone()),
    )


def slug_of(slug: str, title: str) -> str:
    """Return the last piece of an address: letters and digits of any script, `-` and `_`."""
    for text in (unquote(slug), title):
        found = slugify(text, allow_unicode=True)[:SLUG_LENGTH].strip("-_")
        if found:
            return found
    return "untitled"


def sorting_of(item: Item, scratch: Scratch) -> Sorting:
    """Return a story's section and tags.

    The section is the category that an SEO plugin marks as the primary one, else the first. Its
    further categories become tags, since a story has one section.
    """
    categories = [
        label
        for label in _distinct(label for label in item.labels if label.taxonomy == "category")
        if label.slug.lower() not in UNCATEGORISED
    ]
    primary = next((term for key in _PRIMARY if (term := item.first_meta(key))), "")
    marked = scratch.category_by_id(primary)
    if marked is not None:
        categories.sort(key=lambda label: label.slug != marked.slug)
    further = [label.name or label.slug for label in categories[1:]]
    tags = [label.name or label.slug for label in item.labels if label.taxonomy == "post_tag"]
    return Sorting(
        section=categories[0] if categories else None,
        tags=_tags([*tags, *further]),
        further=len(further),
    )


def logins_of(item: Item) -> tuple[tuple[str, str], ...]:
    """Return who wrote an item, as (login, name or ""): its creator, or all its co-authors."""
    # Co-Authors Plus keeps authors as terms: `cap-<login>`, with a display name or the login.
    together = [
        (label.slug.removeprefix("cap-"), label.name)
        for label in _distinct(label for label in item.labels if label.taxonomy == "author")
    ]
    if together:
        return tuple((login, "" if name == login else name) for login, name in together)
    return ((item.creator, ""),) if item.creator else ()


def author_name(author: Author) -> str:
    """Return the name an author signs with."""
    full = f"{author.first_name} {author.last_name}".strip()
    return plain_text(author.display_name) or plain_text(full) or author.login


def site_key(site: Site, *, link: str) -> str:
    """Return the name of the foreign site: host and path, without what changes between exports.

    `link` is the address of its first item, for files whose head says nothing.
    """
    host, path = _host_and_path(site.base_url)
    if not host:
        host, path = _host_and_path(link)[0], ""
    return (host.removeprefix("www.") + path.rstrip("/"))[:SITE_LENGTH] or "unknown"


def hosts_of(site: Site) -> frozenset[str]:
    """Return the hosts on which the foreign site keeps its own files."""
    urls = (site.base_url, site.link, site.site_url, site.blog_url)
    hosts = {_host_and_path(url)[0].removeprefix("www.") for url in urls}
    return frozenset(hosts - {""})


def host_of(url: str) -> str:
    """Return the host that a file lies on, as flags name hosts; "" for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def language_of(site: Site) -> str:
    """Return the language of the foreign site, or of this one."""
    text = site.language.strip()
    if _LANGUAGE.fullmatch(text):
        return text.replace("_", "-")
    return get_language() or str(settings.LANGUAGE_CODE)


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip())
        return parts.netloc.rpartition("@")[2].lower(), parts.path
    except ValueError:
        return "", ""


def _distinct(labels: Iterable[Label]) -> list[Label]:
    return list({label.slug: label for label in labels}.values())


def _tags(names: list[str]) -> tuple[str, ...]:
    """Return tags as they are kept; capitals do not make another one."""
    found: dict[str, str] = {}
    for name in names:
        tag = rules.cut(plain_text(name), TAG_LENGTH)
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:MAX_TAGS]
