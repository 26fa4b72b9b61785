"""The demonstration's pages: sections, people, pictures, papers, and the stories made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils.timezone import localtime

from broadsheet.site.demo import files
from broadsheet.site.demo.files import FOLDER, Fields, StoryFile
from broadsheet.site.demo.people import Cast
from broadsheet.stories.api import (
    Byline,
    FrontPage,
    NewsDocument,
    NewsImage,
    Person,
    RelatedStory,
    SectionPage,
    Series,
    StoryPage,
    Topic,
    date_versions,
    file_of,
)

# Whoever drew the pictures.
ILLUSTRATOR = "signe-aune"


@dataclass(slots=True)
class _Desk:
    """What stories refer to, by its name in the files."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    pictures: dict[str, NewsImage] = field(default_factory=dict)
    papers: dict[str, NewsDocument] = field(default_factory=dict)
    sections: dict[str, SectionPage] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    pages: dict[str, StoryPage] = field(default_factory=dict)


def publish_all(*, front: FrontPage, cast: Cast, now: datetime) -> Mapping[str, StoryPage]:
    """Publish every story, the oldest first; return them by slug."""
    desk = _Desk(now)
    _engage(desk, cast)
    _hang_pictures(desk)
    _file_papers(desk)
    _lay_out(desk, front)
    for story in files.stories(now=now):
        desk.pages[story.slug] = _publish(desk, story)
    return desk.pages


def _engage(desk: _Desk, cast: Cast) -> None:
    for entry in files.newsroom()["people"]:
        user = cast.users.get(entry["name"])
        fields = {key: entry.get(key, "") for key in ("name", "slug", "role", "bio")}
        desk.people[entry["slug"]] = Person.objects.create(user=user, **fields)


def _hang_pictures(desk: _Desk) -> None:
    for name, entry in files.table("pictures.toml").items():
        file = FOLDER / "images" / f"{name}.webp"
        with file.open("rb") as data:
            desk.pictures[name] = NewsImage.objects.create(
                title=entry["title"],
                description=entry["alt"],
                credit_person=desk.people[ILLUSTRATOR],
                credit=desk.people[ILLUSTRATOR].name,
                file=ImageFile(data, file.name),
            )
    for entry in files.newsroom()["people"]:
        if photo := entry.get("photo"):
            desk.people[entry["slug"]].photo = desk.pictures[photo]
            desk.people[entry["slug"]].save(update_fields=["photo"])


def _file_papers(desk: _Desk) -> None:
    for name, title in files.newsroom()["papers"].items():
        data = (FOLDER / "documents" / f"{name}.pdf").read_bytes()
        desk.papers[name] = NewsDocument.objects.create(
            title=title, file=ContentFile(data, f"{name}.pdf")
        )


def _lay_out(desk: _Desk, front: FrontPage) -> None:
    newsroom = files.newsroom()
    for order, entry in enumerate(newsroom["sections"]):
        desk.sections[entry["slug"]] = front.add_child(
            instance=SectionPage(in_menu_order=order, **entry)
        )
    for entry in newsroom["topics"]:
        Topic.objects.create(**entry)
    for entry in newsroom["series"]:
        desk.series[entry["slug"]] = Series.objects.create(**entry)


def _publish(desk: _Desk, story: StoryFile) -> StoryPage:
    page = _page(desk, story)
    desk.sections[story.head["section"]].add_child(instance=page)
    for entry in story.head["bylines"]:
        slug, _, part = entry.partition(":")
        page.bylines.add(Byline(person=desk.people[slug], part=part))
    page.tags.add(*story.head["topics"])
    if earlier := story.head.get("earlier"):
        _publish_earlier(desk, page, story, earlier)
    page.save_revision().publish()
    date_versions(
        story_id=page.pk,
        after_first=[_hours_ago(desk, story.head["updated_hours_ago"])] if earlier else [],
        now=desk.now,
    )
    published: StoryPage = StoryPage.objects.get(pk=page.pk)
    _relate(desk, story, published)
    return published


def _page(desk: _Desk, story: StoryFile) -> StoryPage:
    head = story.head
    series, part = head.get("series", (None, None))
    page = StoryPage(
        title=head["headline"],
        slug=story.slug,
        standfirst=head["standfirst"],
        genre=head.get("genre", ""),
        first_published_at=_hours_ago(desk, head["hours_ago"]),
        live=False,
        lead_image=desk.pictures.get(head.get("picture", "")),
        lead_caption=files.inline(head.get("caption", "")),
        series=desk.series.get(series) if series else None,
        series_part=part,
        change_note=head.get("change_note", ""),
        discussion_open=head.get("discussion", True),
    )
    if hours := head.get("updated_hours_ago"):
        page.updated_at = _hours_ago(desk, hours)
    _write(desk, page, story.blocks, head.get("corrections", []))
    return page


def _hours_ago(desk: _Desk, hours: float) -> datetime:
    return desk.now - timedelta(hours=hours)


def _write(
    desk: _Desk, page: StoryPage, blocks: tuple[tuple[str, Any], ...], corrections: list[Fields]
) -> None:
    page.body = page.body.stream_block.to_python(
        [{"type": kind, "value": _value(desk, kind, value)} for kind, value in blocks]
    )
    page.corrections = page.corrections.stream_block.to_python(
        [{"type": "correction", "value": _correction(desk, entry)} for entry in corrections]
    )


def _publish_earlier(desk: _Desk, page: StoryPage, story: StoryFile, earlier: Fields) -> None:
    """Publish first what readers had before the correction."""
    before = story.blocks
    for right, wrong in earlier["swap"]:
        before = tuple(
            (kind, value.replace(right, wrong) if isinstance(value, str) else value)
            for kind, value in before
            if kind != "correction"
        )
    title, note, updated = page.title, page.change_note, page.updated_at
    page.title, page.change_note, page.updated_at = earlier["headline"], "", None
    _write(desk, page, before, [])
    page.save_revision().publish()
    page.refresh_from_db()
    page.title, page.change_note, page.updated_at = title, note, updated
    _write(desk, page, story.blocks, story.head["corrections"])


def _relate(desk: _Desk, story: StoryFile, page: StoryPage) -> None:
    """Put the older of the related stories beside this one, and this one beside them."""
    for order, slug in enumerate(story.head.get("related", [])):
        if other := desk.pages.get(slug):
            RelatedStory.objects.create(story=page, related=other, sort_order=order)
            RelatedStory.objects.create(story=other, related=page, sort_order=order)


def _value(desk: _Desk, kind: str, value: Any) -> Any:
    make = _MAKERS.get(kind)
    # A story with versions is made more than once of the same words.
    return make(desk, dict(value)) if make else value


def _quote(desk: _Desk, value: Fields) -> Fields:
    said = value.pop("said_days_ago", None)
    day = (desk.now - timedelta(days=said)).date() if said is not None else None
    return {**_sourced(desk, value), "text": files.markdown(value["text"]), "said_on": day}


def _sourced(desk: _Desk, value: Fields) -> Fields:
    paper = desk.papers.get(value.pop("source", ""))
    return {**value, "source_url": file_of(paper).url if paper else ""}


def _document(desk: _Desk, value: Fields) -> Fields:
    return {**value, "document": desk.papers[value["document"]].pk, "title": ""}


def _gallery(desk: _Desk, value: Fields) -> Fields:
    pictures = [
        {
            "image": desk.pictures[entry["picture"]].pk,
            "caption": files.inline(entry["caption"]),
            "alt": "",
            "credit": "",
        }
        for entry in value["pictures"]
    ]
    return {**value, "pictures": pictures}


def _note(desk: _Desk, value: Fields) -> Fields:  # noqa: ARG001 - as the others
    return {**value, "text": files.markdown(value["text"])}


def _correction(desk: _Desk, value: Fields) -> Fields:
    ago = timedelta(days=value.get("days_ago", 0), hours=value.get("hours_ago", 0))
    day = localtime(desk.now - ago).date()
    return {"kind": value["kind"], "day": day, "text": files.markdown(value["text"])}


_MAKERS = {
    "quote": _quote,
    "table": _sourced,
    "document": _document,
    "gallery": _gallery,
    "note": _note,
    "correction": _correction,
}
