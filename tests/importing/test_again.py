"""An import that is run again, after editors and the scheduler did their work here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command

from broadsheet.importing.api import Report, old_address
from formats.wxr_text import comment, export, fields, item
from importing.conftest import Importer
from importing.reading import get, html, model, story
from importing.test_stories import DATED, category, content, label

type Bring = Callable[..., Report]

HARBOUR = (category("harbour", "Harbour"), category("town", "Town"))


def entry(text: str = "Words.", section: str = "harbour", **values: str) -> str:
    name = section.capitalize()
    facts = {"post_name": "ferry"} | DATED | values
    return item(content(text), label("category", section, name), **facts)


def test_what_the_scheduler_published_stays_public(importer: Importer, now: datetime) -> None:
    future = {"status": "future", "post_date_gmt": f"{now + timedelta(hours=1):%Y-%m-%d %H:%M:%S}"}
    again = export(*HARBOUR, entry(**future))
    importer.bring(again)
    later = now + timedelta(hours=2)
    with patch("django.utils.timezone.now", return_value=later):
        call_command("publish_scheduled")
    assert story("ferry").live
    replace(importer, now=later).bring(again)
    assert story("ferry").live
    assert get("/harbour/ferry/").status_code == 200


def test_a_story_that_was_moved_here_stays_where_it_is(bring: Bring) -> None:
    bring(*HARBOUR, entry(), entry(section="town", post_name="rope", post_id="8"))
    story("ferry").move(page_of_section("town"), pos="last-child")
    bring(*HARBOUR, entry("Other words."))
    assert story("ferry").get_parent().slug == "town"
    assert "Other words" not in html("/town/ferry/")


def test_a_section_deleted_here_comes_back_only_for_new_stories(bring: Bring) -> None:
    both = (*HARBOUR, entry(), entry(section="town", post_name="rope", post_id="8"))
    bring(*both)
    story("ferry").move(page_of_section("town"), pos="last-child")
    page_of_section("harbour").delete()
    bring(*both)
    assert not sections().filter(slug="harbour").exists()
    assert story("ferry").get_parent().slug == "town"
    bring(*both, entry(post_name="seal", post_id="9"))
    assert story("seal").get_parent().slug == "harbour"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)//x.png", "data:text/html,x.png", "file:///etc/x.png", "http:///x.png"],
)
def test_a_picture_with_a_hostile_address_is_no_link(bring: Bring, address: str) -> None:
    picture = (
        "<item><title>Bad</title>"
        + fields(attachment_url=address, post_id="20", post_type="attachment")
        + fields(status="inherit", post_parent="7")
        + "</item>"
    )
    bring(picture, *HARBOUR, entry('[gallery ids="20"]'))
    stored = str(story("ferry").body.raw_data)
    assert "href" not in stored
    assert "Bad" in html("/harbour/ferry/") or "x.png" in html("/harbour/ferry/")


@pytest.mark.parametrize(
    "dates",
    [
        {"post_date": "0001-01-01 00:00:00", "post_date_gmt": "0000-00-00 00:00:00"},
        {"post_date_gmt": "9999-12-31 23:59:59"},
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_none(
    bring: Bring, settings: Any, dates: dict[str, str]
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    bring(*HARBOUR, entry(**dates))
    assert story("ferry").first_published_at.year == 2026
    assert get("/").status_code == 200


def test_one_number_used_very_often_takes_no_time(bring: Bring) -> None:
    said = [comment(comment_id="5", comment_content=f"Word {number}") for number in range(40)]
    with patch(
        "broadsheet.importing.wordpress.threads.ThreadPlan._is_taken",
        autospec=True,
        side_effect=_is_taken,
    ) as asked:
        bring(*HARBOUR, entry().replace("</item>", f"{''.join(said)}</item>"))
    names = set(model("CommentAlias", "discussion").objects.values_list("foreign_id", flat=True))
    assert len(names) == 40
    assert asked.call_count < 40 * 12


def test_an_address_that_is_its_own_is_no_redirect(bring: Bring) -> None:
    link = "<link>https://post.example/harbour/ferry/</link>"
    bring(*HARBOUR, entry().replace("<item>", f"<item>{link}"))
    assert old_address("/harbour/ferry/", "") is None
    story("ferry").unpublish()
    assert get("/harbour/ferry/").status_code == 404


def test_an_address_that_is_too_long_is_said_so(bring: Bring) -> None:
    link = f"<link>https://post.example/{'x' * 300}/</link>"
    report = bring(*HARBOUR, entry().replace("<item>", f"<item>{link}"))
    assert "too long to be led on" in report.markdown()


def _is_taken(self: Any, name: str) -> bool:
    return self._scratch.one("SELECT 1 FROM comment WHERE foreign_id = ?", name) is not None


def sections() -> Any:
    return model("SectionPage").objects


def page_of_section(slug: str) -> Any:
    return sections().get(slug=slug)
