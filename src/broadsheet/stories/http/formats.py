"""A list of stories as RSS 2.0, Atom or JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from broadsheet.kit.html import printable


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed. Addresses are whole; `identity` never changes."""

    identity: str
    title: str
    url: str
    summary: str
    published_at: datetime
    updated_at: datetime
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed of its own: `page` is the address of the list for people, `url` the feed's."""

    title: str
    page: str
    url: str
    description: str
    language: str
    icon: str = ""


# What each ending means: the media type, and which of Django's writers makes it, if one does.
MEDIA_TYPES: Final = {
    "xml": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
# When a feed with nothing in it was last changed: Django would say now, in other bytes each second.
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Rss(Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


_WRITERS: Final[dict[str, type[SyndicationFeed]]] = {"xml": _Rss, "atom": _Atom}


def feed(channel: Channel, entries: Sequence[Entry], *, ending: str) -> HttpResponse:
    """Return the feed in the format of `ending`, one of MEDIA_TYPES."""
    text = _json(channel, entries) if ending == "json" else _xml(channel, entries, ending)
    return HttpResponse(text, content_type=f"{MEDIA_TYPES[ending]}; charset=utf-8")


def _xml(channel: Channel, entries: Sequence[Entry], ending: str) -> str:
    written = _WRITERS[ending](
        title=printable(channel.title),
        link=channel.page,
        description=printable(channel.description),
        language=channel.language,
        feed_url=channel.url,
    )
    for entry in entries:
        written.add_item(
            title=printable(entry.title),
            link=entry.url,
            description=printable(entry.summary),
            unique_id=entry.identity,
            unique_id_is_permalink=True,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            author_name=printable(", ".join(entry.authors)) or None,
            categories=tuple(printable(name) for name in entry.categories),
        )
    return str(written.writeString("utf-8"))


def _json(channel: Channel, entries: Sequence[Entry]) -> str:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.url,
        "description": channel.description,
        "language": channel.language,
        "items": [_item(entry) for entry in entries],
    }
    if channel.icon:
        document["icon"] = channel.icon
    return json.dumps(document, ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.identity,
        "url": entry.url,
        "title": entry.title,
        # The format asks for a content; a summary is what a reader gets here.
        "content_text": entry.summary or entry.title,
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.categories),
        "image": entry.image,
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value not in ("", [])}
