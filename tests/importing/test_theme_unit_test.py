"""The export WordPress themes are tested with: every kind of thing, and ten levels of answers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import transaction

from broadsheet.importing.api import Report
from importing.conftest import Importer
from importing.reading import comment, comments, get, html, model, row_counts, story

NAME = "wptt-themeunittestdata.wordpress.xml"


@pytest.fixture(scope="module")
def file(test_data: Path) -> Path:
    return test_data / "wxr" / NAME


@pytest.fixture(scope="module")
def imported(
    file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[Report]:
    """One import for all tests here: each of them rolls back what it did, the last one this."""
    from newsroom import set_up

    with django_db_blocker.unblock(), transaction.atomic():
        set_up()
        importer = Importer(tmp_path_factory.mktemp("theme"), datetime(2026, 6, 12, 9, tzinfo=UTC))
        yield importer.bring(file)
        transaction.set_rollback(True)


@pytest.fixture
def report(imported: Report, db: None) -> Report:
    return imported


def live_urls() -> Iterator[str]:
    from broadsheet.stories.api import url_of

    for name in ("StoryPage", "TextPage", "SectionPage"):
        yield from (url_of(page) for page in model(name).objects.filter(live=True))


def test_everything_is_there_and_the_site_can_be_read(
    report: Report, importer: Importer, file: Path
) -> None:
    assert (report.outcome("story", "new"), report.outcome("page", "new")) == (51, 21)
    assert report.outcome("comment", "new") == 28
    # Three were pending, and one stands under a story with a password.
    assert comments().filter(state="published").count() == 24
    assert comments().filter(state="held").count() == 4

    for url in live_urls():
        seen = html(url)
        assert "<script>" not in seen.replace('<script type="application/ld+json">', "")
        for shortcode in ("[gallery", "[caption", "[/caption]", "[audio", "[video", "[embed"):
            assert shortcode not in seen, (url, shortcode)

    discussed = story("template-comments")
    assert max(comments().filter(thread__key=discussed.uuid).values_list("depth", flat=True)) == 9
    thread = html("/" + discussed.url_path.split("/", 2)[2])
    assert thread.count("data-comment") >= 17

    before = row_counts()
    again = importer.bring(file)
    assert row_counts() == before
    assert again.outcome("story", "same") == 51
    assert again.outcome("comment", "same") == 28
    assert again.outcome("comment", "new") == again.outcome("story", "new") == 0


def test_what_was_not_public_is_not(report: Report) -> None:
    hidden = model("StoryPage").objects.filter(live=False)
    assert {page.slug for page in hidden} == {
        "template-password-protected",
        "scheduled",
        "draft",
    }
    for page in hidden:
        assert get("/" + page.url_path.split("/", 2)[2]).status_code == 404
        assert get(f"/s/{page.uuid}/").status_code == 404
    scheduled = story("scheduled")
    assert scheduled.go_live_at == datetime(2030, 1, 1, 19, 0, 18, tzinfo=UTC)
    assert scheduled.latest_revision.approved_go_live_at == scheduled.go_live_at
    secret = comments().get(thread__key=story("template-password-protected").uuid)
    assert get(f"/c/{secret.pk}/").status_code == 404


def test_dates_authors_sections_and_old_addresses(report: Report) -> None:
    page = story("template-comments")
    assert page.first_published_at == datetime(2012, 1, 3, 17, 11, 37, tzinfo=UTC)
    assert [byline.person.name for byline in page.bylines.all()] == ["Theme Buster"]
    assert page.discussion_open
    assert not story("post-format-gallery").discussion_open

    from broadsheet.importing.api import old_address

    new = "/" + page.url_path.split("/", 2)[2]
    assert old_address("/2012/01/03/template-comments/", "") == new
    assert old_address("/", "p=1148") == new
    assert old_address("/2012/01/03/template-comments/feed/", "") == new
    assert get("/2012/01/03/template-comments/").headers["Location"].endswith(new)
    assert get("/", p="1148").headers["Location"].endswith(new)
    assert old_address("/feed/", "") == "/feed.xml"
    assert old_address("/about/page-with-comments/", "") in (None, "/about/page-with-comments/")
    protected = story("template-password-protected")
    assert old_address("/2012/01/04/template-password-protected/", "") is None
    assert old_address("/", "p=1168") is None
    assert not protected.live


def test_pages_are_nested(report: Report) -> None:
    pages: Any = model("TextPage").objects
    assert pages.get(slug="level-3").url_path.endswith("/level-1/level-2/level-3/")


def test_the_report_names_what_was_not_carried(report: Report) -> None:
    assert report.count("pingback") == 4
    assert report.count("type") == 70
    text = report.markdown()
    assert "nav_menu_item" in text
    assert "run again with --media or --download" in text


def test_the_trial_says_the_same_and_writes_nothing(importer: Importer, file: Path) -> None:
    before = row_counts()
    report = importer.look(file)
    assert row_counts() == before
    assert report.tallies["story"].found == 51
    assert report.tallies["comment"].found == 32
    assert "nothing was written" in report.markdown()


def test_old_anchors_are_known(report: Report) -> None:
    assert comment("881").thread.key == str(story("template-comments").uuid)
