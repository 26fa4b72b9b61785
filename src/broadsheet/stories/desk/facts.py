"""From a story's draft to the frozen value that the checks look at."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator

from broadsheet.stories.checks import LEAD, Draft, Link, Picture, Place, Quote
from broadsheet.stories.models import StoryPage

_WORDS = 60
# Fields of blocks that hold formatted text, whatever the block.
_RICH = ("caption", "text")


def draft_of(story: StoryPage) -> Draft:
    """Read a story's draft; an unsaved one as well."""
    lead = story.lead_image
    credited = story.lead_credit_person.name if story.lead_credit_person else story.lead_credit
    pictures = [_picture(Place(LEAD), lead, story.lead_alt, credited)] if lead else []
    quotes: list[Quote] = []
    links = list(_links_in(Place("lead_caption"), story.lead_caption))
    for child in [*story.body, *story.corrections]:
        place = Place(str(child.id or ""), is_block=True)
        pictures += _pictures(child, place)
        if child.block_type == "quote":
            quotes.append(_quote(child.value, place))
        links += _links(child, place)
    return Draft(
        headline=story.title,
        standfirst=story.standfirst,
        has_picture=lead is not None,
        has_byline=bool(story.bylines.all()),
        has_text=len(story.body) > 0,
        pictures=tuple(pictures),
        quotes=tuple(quotes),
        links=tuple(links),
    )


def _pictures(child: Any, place: Place) -> list[Picture]:
    if child.block_type == "image":
        values = [child.value]
    elif child.block_type == "gallery":
        values = list(child.value["pictures"])
    else:
        return []
    return [
        _picture(
            place,
            value["image"],
            value["alt"],
            value["credit_person"].name if value.get("credit_person") else value["credit"],
        )
        for value in values
        if value["image"]
    ]


def _picture(place: Place, image: Any, alt: str | None, credit: str | None) -> Picture:
    own = image.credit_person.name if image.credit_person else image.credit
    return Picture(place, image.title, alt or image.description, credit or own)


def _quote(value: Any, place: Place) -> Quote:
    source = value["source_url"] or value["source_title"] or value.get("reported_by") or ""
    words = Truncator(strip_tags(value["text"].source)).chars(_WORDS)
    return Quote(place, words, value["speaker"] or "", source)


def _links(child: Any, place: Place) -> Iterator[Link]:
    """Find the links of a block: in its formatted texts, and as its source."""
    value = child.value
    if child.block_type == "gallery":
        for picture in value["pictures"]:
            yield from _links_in(place, _source(picture["caption"]))
        return
    if not hasattr(value, "get"):
        yield from _links_in(place, _source(value))
        return
    for name in _RICH:
        yield from _links_in(place, _source(value.get(name)))
    if value.get("source_url"):
        yield Link(place, value.get("source_title") or value["source_url"], value["source_url"])


def _source(value: Any) -> str:
    """The stored HTML of formatted text; empty for anything else."""
    return str(getattr(value, "source", value) or "")


def _links_in(place: Place, html: str) -> list[Link]:
    if "<a" not in html:
        return []
    parser = _Links()
    parser.feed(html)
    parser.close()
    return [Link(place, "".join(text).strip(), url) for url, text in parser.found]


class _Links(HTMLParser):
    """Collects the links of formatted text as it is stored: address, or kind and id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a":
            kind = facts.get("linktype", "")
            url = f"{kind}:{facts.get('id', '')}" if kind else facts.get("href", "")
            self.found.append((url, []))
            self._open = True
        elif tag == "img" and self._open:
            self.found[-1][1].append(facts.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1][1].append(data)
