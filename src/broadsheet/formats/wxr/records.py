"""From the raw fields of one element to its dataclass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from broadsheet.formats.wxr.model import Author, Comment, Item, ItemRest, Label, Meta, Site, Term

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})Z?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(slots=True)
class Record:
    """An element while it is being read; ``size`` is about how much memory it holds."""

    kind: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    meta: list[Meta] = field(default_factory=list)
    size: int = 0


def parse_moment(text: str) -> datetime | None:
    """``YYYY-MM-DD HH:MM:SS`` as a naive datetime; ``None`` for zeros and for nonsense."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    try:
        # Naive on purpose: in which zone the site was is the importer's to know.
        return datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - naive on purpose
    except ValueError:
        return None


def site(record: Record) -> Site:
    """Return the head of the file from the fields of ``<channel>`` read so far."""
    get = _Getter(record.fields)
    return Site(
        title=get("title"),
        link=get("link"),
        description=get("description"),
        language=get("language"),
        version=get("wp:wxr_version"),
        site_url=get("wp:base_site_url"),
        blog_url=get("wp:base_blog_url"),
        generator=get("generator"),
        line=record.line,
    )


def author(record: Record) -> Author:
    """``<wp:author>``."""
    get = _Getter(record.fields)
    return Author(
        login=get("wp:author_login"),
        id=get("wp:author_id"),
        email=get("wp:author_email"),
        display_name=get("wp:author_display_name"),
        first_name=get("wp:author_first_name"),
        last_name=get("wp:author_last_name"),
        line=record.line,
    )


def term(record: Record) -> Term:
    """``<wp:category>``, ``<wp:tag>`` or ``<wp:term>``, which spell the same thing differently."""
    get = _Getter(record.fields)
    return Term(
        taxonomy={"category": "category", "tag": "post_tag"}.get(record.kind)
        or get("wp:term_taxonomy"),
        slug=get("wp:category_nicename", "wp:tag_slug", "wp:term_slug"),
        name=get("wp:cat_name", "wp:tag_name", "wp:term_name"),
        parent=get("wp:category_parent", "wp:term_parent"),
        description=get("wp:category_description", "wp:tag_description", "wp:term_description"),
        id=get("wp:term_id"),
        line=record.line,
    )


def item(record: Record, *, number: int) -> Item:
    """``<item>`` up to its first comment."""
    get = _Getter(record.fields)
    local, utc = parse_moment(get("wp:post_date")), _utc(get("wp:post_date_gmt"))
    if local is None and utc is None:
        utc = _rss_date(get("pubDate"))
    return Item(
        number=number,
        post_id=get("wp:post_id"),
        type=get("wp:post_type"),
        status=get("wp:status"),
        title=get("title"),
        link=get("link"),
        guid=get("guid"),
        slug=get("wp:post_name"),
        creator=get("dc:creator"),
        published_local=local,
        published_utc=utc,
        modified_local=parse_moment(get("wp:post_modified")),
        modified_utc=_utc(get("wp:post_modified_gmt")),
        content=get("content:encoded"),
        excerpt=get("excerpt:encoded"),
        parent=_not_zero(get("wp:post_parent")),
        menu_order=_integer(get("wp:menu_order")),
        has_password=bool(get("wp:post_password")),
        comment_status=get("wp:comment_status"),
        is_sticky=get("wp:is_sticky") == "1",
        attachment_url=get("wp:attachment_url"),
        labels=tuple(record.labels),
        meta=tuple(record.meta),
        line=record.line,
    )


def item_rest(record: Record, *, item: int) -> ItemRest | None:
    """Return what came behind the comments, or ``None`` if nothing did."""
    if not (record.fields or record.labels or record.meta):
        return None
    return ItemRest(
        item=item,
        labels=tuple(record.labels),
        meta=tuple(record.meta),
        fields=tuple(sorted(record.fields)),
        line=record.line,
    )


def comment(record: Record, *, number: int, item: int) -> Comment:
    """``<wp:comment>``."""
    get = _Getter(record.fields)
    return Comment(
        number=number,
        item=item,
        id=get("wp:comment_id"),
        author=get("wp:comment_author"),
        email=get("wp:comment_author_email"),
        url=get("wp:comment_author_url"),
        ip=get("wp:comment_author_IP"),
        date_local=parse_moment(get("wp:comment_date")),
        date_utc=_utc(get("wp:comment_date_gmt")),
        content=get("wp:comment_content"),
        approved=get("wp:comment_approved"),
        type=get("wp:comment_type"),
        parent=_not_zero(get("wp:comment_parent")),
        user_id=_not_zero(get("wp:comment_user_id")),
        meta=tuple(record.meta),
        line=record.line,
    )


def label(*, attributes: Mapping[str, str], name: str) -> Label | None:
    """``<category domain="…" nicename="…">`` of an item.

    Version 1.0 writes each category twice, once without its slug: that one is passed over, as
    WordPress' own importer does. It also says ``tag`` where later versions say ``post_tag``.
    """
    slug = attributes.get("nicename", "").strip()
    if not slug:
        return None
    domain = attributes.get("domain", "").strip() or "category"
    return Label(taxonomy="post_tag" if domain == "tag" else domain, slug=slug, name=name)


class _Getter:
    """First filled field of several names."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def __call__(self, *names: str) -> str:
        return next((value for name in names if (value := self._fields.get(name))), "")


def _utc(text: str) -> datetime | None:
    moment = parse_moment(text)
    return moment.replace(tzinfo=UTC) if moment else None


def _rss_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _not_zero(text: str) -> str:
    return "" if text == "0" else text


def _integer(text: str) -> int:
    return int(text) if _INTEGER.fullmatch(text) else 0
