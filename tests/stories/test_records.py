"""Corrections and versions: written when a story is published, shown where readers may see them."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from broadsheet.discussion.models import Thread
from broadsheet.stories import api as stories
from broadsheet.stories.models import Correction, SectionPage, StoryPage, StoryVersion
from broadsheet.stories.records import queries as records
from broadsheet.stories.records.operations import record_story
from broadsheet.stories.records.texts import plain_body
from newsroom import make_section, make_story


def said(text: str, *, day: str = "2026-06-11", kind: str = "correction", **more: Any) -> Any:
    value = {"kind": kind, "day": day, "text": f"<p>{text}</p>"}
    return {"type": "correction", "value": value, "id": str(uuid4()), **more}


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": f"<p>{text}</p>", "id": str(uuid4())}


def publish(story: StoryPage, **fields: Any) -> StoryPage:
    story = StoryPage.objects.get(pk=story.pk)
    for name, value in fields.items():
        blocks = name in {"body", "corrections"}
        field = getattr(story, name)
        setattr(story, name, field.stream_block.to_python(value) if blocks else value)
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def page_of(address: str) -> str:
    response: Any = Client().get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def versions_of(story: StoryPage) -> list[tuple[int, str]]:
    rows = StoryVersion.objects.filter(story=story.pk).order_by("number")
    return list(rows.values_list("number", "note"))


# -- corrections -----------------------------------------------------------------------------------


def test_a_correction_is_kept_with_the_time_it_was_first_seen(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now - timedelta(days=9))
    first, second = said("It was 7 to 4."), said("He is 52.", kind="clarification")
    story = publish(story, corrections=[first])
    (row,) = Correction.objects.all()
    assert (str(row.block_id), row.kind, row.in_place) == (first["id"], "correction", False)
    seen = row.published_at
    first["value"]["text"] = "<p>It was 7 votes to 4.</p>"
    story = publish(story, corrections=[first], body=[paragraph("x"), second])
    rows = {str(row.block_id): row for row in Correction.objects.all()}
    assert rows[first["id"]].published_at == seen
    assert "7 votes to 4" in rows[first["id"]].html
    assert rows[second["id"]].in_place
    publish(story, corrections=[])
    assert [str(row.block_id) for row in Correction.objects.all()] == [second["id"]]


def test_a_story_says_that_it_was_corrected(db: None, now: datetime) -> None:
    older, newer = said("First.", day="2026-06-01"), said("Second.", day="2026-06-10")
    story = publish(make_story(make_section(), at=now), corrections=[older, newer])
    page = page_of(stories.url_of(story))
    assert page.index("Second.") < page.index("First.")
    assert re.search(r'class="corrected"><a href="#corrections">Corrected <time', page)
    assert f'id="correction-{newer["id"][:8]}"' in page


def test_all_corrections_are_listed_and_lead_to_their_place(
    db: None, now: datetime, django_assert_num_queries: Any
) -> None:
    section = make_section()
    one = publish(make_story(section, at=now, headline="One"), corrections=[said("It was blue.")])
    two = publish(make_story(section, at=now, headline="Two"), corrections=[said("It was red.")])
    page = page_of("/corrections/")
    assert page.index("It was red.") < page.index("It was blue.")
    assert re.search(rf'href="{stories.url_of(two)}#correction-[0-9a-f]{{8}}">Two</a>', page)
    assert "<b>Correction</b>" in page
    with django_assert_num_queries(1):
        (listed, _) = records.corrections().corrections
    assert (listed.key, listed.story.title) == (str(two.uuid), "Two")
    one.unpublish()
    assert "It was blue." not in page_of("/corrections/")
    StoryPage.objects.get(pk=two.pk).delete()
    assert 'class="empty"' in page_of("/corrections/")


def test_corrections_are_read_in_stretches(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    publish(story, corrections=[said(f"No {number:02}.") for number in range(23)])
    first = page_of("/corrections/")
    older = re.search(r'rel="next" href="(\?after=[^"]+)"', first)
    assert older
    second = page_of("/corrections/" + older[1])
    assert sorted(re.findall(r"No (\d\d)\.", first + second)) == [f"{n:02}" for n in range(23)]
    assert Client().get("/corrections/?after=x").status_code == 404


def test_what_comes_with_its_story_carries_its_own_date(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now - timedelta(days=9), live=False)
    story.corrections = story.corrections.stream_block.to_python([said("Old.", day="2026-06-08")])
    story.live, story.first_published_at = True, now - timedelta(days=9)
    story.save()
    record_story(story_id=story.pk, now=now)
    assert Correction.objects.get().published_at.date().isoformat() == "2026-06-08"


def test_blocks_that_are_not_whole_are_left_out(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    odd = [said("x", day="soon"), said("x", kind="praise"), {"type": "correction", "value": {}}]
    nameless = said("Kept.", id="not-a-uuid")
    StoryPage.objects.filter(pk=story.pk).update(corrections=[*odd, nameless])
    for _ in range(2):
        record_story(story_id=story.pk, now=now)
    assert [row.html for row in Correction.objects.all()] == ["<p>Kept.</p>"]


# -- versions --------------------------------------------------------------------------------------


def test_a_version_is_made_when_words_change_and_only_then(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now, body=[paragraph("One.")])
    assert versions_of(story) == [(1, "")]
    assert StoryVersion.objects.get().published_at == now
    story = publish(story, updated_at=now)
    assert versions_of(story) == [(1, "")]
    story = publish(story, body=[paragraph("Two.")], change_note="The number was wrong.")
    story = publish(story, title="Another headline")
    assert versions_of(story) == [(1, ""), (2, "The number was wrong."), (3, "")]


def test_a_draft_makes_no_version(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    story.title = "Not yet"
    story.save_revision()
    assert versions_of(story) == [(1, "")]


def test_recording_again_changes_nothing(db: None, now: datetime) -> None:
    story = publish(make_story(make_section(), at=now), corrections=[said("x")])
    with CaptureQueriesContext(connection) as queries:
        assert record_story(story_id=story.pk, now=now) == 1
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert record_story(story_id=999_999, now=now) == 0


def test_a_past_that_came_in_is_dated_as_it_was(db: None, now: datetime) -> None:
    begun, mended = now - timedelta(days=9), now - timedelta(days=7)
    story = make_story(make_section(show_versions=True), at=begun, body=[paragraph("One.")])
    story = publish(story, body=[paragraph("Two.")], corrections=[said("It is two.")])
    stories.date_versions(story_id=story.pk, after_first=[mended], now=now)
    times = StoryVersion.objects.order_by("number").values_list("published_at", flat=True)
    assert list(times) == [begun, mended]
    assert Correction.objects.get().published_at == mended
    when = f'<time datetime="{localtime(mended).isoformat()}">'
    for address in (
        stories.url_of(story),
        f"/s/{story.uuid}/versions/",
        f"/sitemap/{begun:%Y-%m}.xml",
    ):
        page = page_of(address)
        assert when in page or f"<lastmod>{localtime(mended).isoformat()}" in page, address
    # A correction of today is today's.
    publish(story, corrections=[said("It is two."), said("And blue.")])
    assert Correction.objects.latest("published_at").published_at > now


def test_a_past_has_an_order_and_an_end(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now - timedelta(days=9), body=[paragraph("One.")])
    story = publish(story, body=[paragraph("Two.")])
    day = timedelta(days=1)
    for times in ([], [now - 10 * day], [now + day], [now - 2 * day, now - day]):
        with pytest.raises(ValueError, match="later versions"):
            stories.date_versions(story_id=story.pk, after_first=times, now=now)


@pytest.fixture
def changed(db: None, now: datetime) -> StoryPage:
    """A story of a section that shows its versions, in its third one."""
    section = make_section(show_versions=True)
    body = [paragraph("Stays."), paragraph("The council voted 8 to 3 on Monday night.")]
    story = make_story(section, at=now, body=body)
    body[1]["value"] = "<p>The council voted 7 to 4 on Monday night.</p>"
    story = publish(story, body=body, change_note="A figure was wrong.")
    return publish(story, title="A new & better headline")


def test_readers_see_what_changed(
    changed: StoryPage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/s/{changed.uuid}/versions/"
    assert f'href="{address}"' in page_of(stories.url_of(changed))
    with django_assert_max_num_queries(12):
        listed = page_of(address)
    assert re.findall(r'<li value="(\d)">', listed) == ["3", "2", "1"]
    assert "A figure was wrong." in listed
    with django_assert_max_num_queries(13):
        second = page_of(f"{address}2/")
    words = re.sub(r'<span class="vh">[^<]*</span>', "", second)
    assert "<del>8 to 3 </del><ins>7 to 4 </ins>" in words
    assert "1 paragraph unchanged" in second
    assert "A figure was wrong." in second
    third = re.sub(r'<span class="vh">[^<]*</span>', "", page_of(f"{address}3/"))
    assert "<ins>A new &amp; better headline </ins>" in third
    first = page_of(f"{address}1/")
    assert "<ins>" not in first
    assert "8 to 3" in first


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999", "-1", "x"])
def test_versions_that_do_not_exist(changed: StoryPage, number: str) -> None:
    assert Client().get(f"/s/{changed.uuid}/versions/{number}/").status_code == 404


def test_a_section_decides_whether_its_versions_are_shown(changed: StoryPage) -> None:
    def thread() -> tuple[int, str]:
        row = Thread.objects.get(key=str(changed.uuid))
        return row.edition, row.editions_url

    address = f"/s/{changed.uuid}/versions/"
    assert thread() == (3, address)
    for shows in (False, True):
        section = SectionPage.objects.get()
        section.show_versions = shows
        section.save_revision().publish()
        for path in (address, f"{address}2/"):
            assert Client().get(path).status_code == (200 if shows else 404)
        assert thread() == (3, address if shows else "")
        assert (address in page_of(stories.url_of(changed))) is shows


def test_nobody_reads_versions_of_what_is_not_public(changed: StoryPage) -> None:
    changed.unpublish()
    assert Client().get(f"/s/{changed.uuid}/versions/").status_code == 404


def test_what_a_crash_left_unrecorded_is_found_and_recorded(db: None, now: datetime) -> None:
    story = publish(make_story(make_section(), at=now), corrections=[said("x")])
    StoryVersion.objects.all().delete()
    Correction.objects.all().delete()
    (check,) = (check for check in stories.checks() if check.name == "stories.records")
    assert list(check.run()) == [f"story {story.pk} is live and no version of it is recorded"]
    assert stories.repair(site="main", now=now) == 1
    assert list(check.run()) == []
    assert Thread.objects.get().edition == 1
    assert Correction.objects.count() == 1


def test_the_words_of_every_block() -> None:
    cell = "Year\tSeals\n2025\t31"
    body = [
        {"type": "heading", "value": {"text": "A & B", "level": "2"}},
        {"type": "paragraph", "value": "<p>One <b>bold</b> &amp; plain.</p><p>Two.</p>"},
        {"type": "list", "value": "<ul><li>First</li><li>Second</li></ul>"},
        {"type": "quote", "value": {"text": "<p>No.</p>", "speaker": "H. Moe", "role": "owner"}},
        {"type": "pull_quote", "value": {"text": "Said already"}},
        {"type": "table", "value": {"caption": "Seals", "cells": cell}},
        {"type": "html", "value": "<table><tr><td>a</td><td>b</td></tr></table><script>x</script>"},
        {"type": "image", "value": {"image": 1, "caption": "<p>The quay.</p>"}},
        {"type": "gallery", "value": {"title": "G", "pictures": [{"value": {"caption": "C"}}]}},
        {"type": "note", "value": {"title": "Note", "text": "<p>Box.</p>"}},
        said("not part of it"),
        {"type": "unknown", "value": None},
    ]
    assert plain_body(body).split("\n\n") == [
        *("A & B", "One bold & plain.", "Two.", "First", "Second", "No.", "— H. Moe, owner"),
        *("Seals", "Year · Seals", "2025 · 31", "a · b", "The quay.", "G", "C", "Note", "Box."),
    ]
