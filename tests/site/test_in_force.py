"""The publication's face is in force for every page, job and error, the same for everybody."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_in_force
from django.conf.locale import LANG_INFO
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django import Settings

from broadsheet.kit.actor import system
from broadsheet.site import in_force, theme
from broadsheet.site.config import Config
from broadsheet.site.doctor import examine
from broadsheet.site.http import errors
from broadsheet.stories import api as stories
from newsroom import make_section, make_story
from people import Cast

SYSTEM = system(name="tests")


def put_in_force(now: datetime, **wanted: Any) -> None:
    stories.set_publication(actor=SYSTEM, wanted=stories.Wanted(**wanted), now=now)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_times_are_those_of_the_publication(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    put_in_force(now, time_zone="Asia/Tokyo", language="de")
    page = text_of(Client().get(stories.url_of(story)))
    assert '<time datetime="2026-06-02T07:30:00+09:00">2. Juni 2026 07:30</time>' in page
    assert translation.get_language() == "en"
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_bytes_are_the_same_whatever_a_browser_asks_for(
    db: None, now: datetime, cast: Cast
) -> None:
    make_section()
    put_in_force(now, language="ar", name="بريد المرفأ", accent="#a3241b")
    plain = Client().get("/")
    signed_in = Client(headers={"Accept-Language": "de", "Cookie": "django_language=fr"})
    signed_in.force_login(cast.owner.user)
    assert signed_in.get("/").content == plain.content
    assert signed_in.get("/")["ETag"] == plain["ETag"]
    assert '<html lang="ar" dir="rtl">' in text_of(plain)


def test_the_desk_keeps_the_publications_time_unless_one_chose_another(
    db: None, now: datetime, cast: Cast
) -> None:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(cast.editor.user)
    put_in_force(now, time_zone="Europe/Berlin", language="fr")
    with in_force.in_force(now=now):
        assert profile.get_current_time_zone() == "Europe/Berlin"
        assert profile.get_preferred_language() == "fr"
        profile.current_time_zone = "America/Lima"
        assert profile.get_current_time_zone() == "America/Lima"


def test_a_job_speaks_the_publications_language(db: None, now: datetime) -> None:
    put_in_force(now, language="de", time_zone="Europe/Berlin")
    said = []

    def job(at: datetime) -> None:
        said.append((translation.get_language(), timezone.get_current_timezone_name(), at))

    in_force.as_published(job)(now)
    assert said == [("de", "Europe/Berlin", now)]


def test_figures_are_written_in_the_language_in_force(db: None, now: datetime) -> None:
    from broadsheet.funding.templatetags.funding import money_exact, percent
    from broadsheet.kit.money import Money

    put_in_force(now, language="de")
    with in_force.in_force(now=now):
        assert money_exact(Money(112_000, "EUR")) == "1.120,00\N{NO-BREAK SPACE}€"
        assert percent(22) == "22\N{NO-BREAK SPACE}%"


def test_a_language_that_only_django_knows_writes_figures_all_the_same() -> None:
    from broadsheet.funding.templatetags.funding import money_exact
    from broadsheet.kit.money import Money

    with translation.override("udm"):
        assert money_exact(Money(100, "EUR")) == "€1.00"


class TestWithoutDatabase:
    """No mark of pytest-django here: a query is an error."""

    def test_what_was_last_known_is_shown(self, now: datetime, monkeypatch: Any) -> None:
        def down(**_: Any) -> None:
            raise OperationalError("no such host")

        monkeypatch.setattr(stories, "publication", down)
        assert in_force.current(now=now).name == "The Harbour Post"

    def test_the_page_for_what_broke_names_the_publication(self, now: datetime) -> None:
        from broadsheet.stories.publication.face import KEEPER

        face = stories.Face(
            name="بريد المرفأ",
            language="ar",
            direction="rtl",
            time_zone="UTC",
            currency="USD",
            logo=stories.Logo("/media/images/logo.webp", 480, 120),
            accent="#a3241b",
        )
        KEEPER.get(now=now, read=lambda: face)
        answer = errors.broken(RequestFactory().get("/"))
        assert answer.status_code == 500
        page = text_of(answer)
        assert '<html lang="ar" dir="rtl">' in page
        assert 'src="/media/images/logo.webp"' in page
        assert 'alt="بريد المرفأ"' in page
        assert 'href="/theme/' in page


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def address(page: str) -> str:
    found = [part.partition('"')[0] for part in page.split('href="') if part.startswith("/theme/")]
    return found[0] if found else ""


def test_without_a_style_of_its_own_a_page_asks_for_none(db: None, home: Path) -> None:
    make_section()
    assert address(text_of(Client().get("/"))) == ""
    assert Client().get("/theme/0123456789abcdef.css").status_code == 404


def test_the_publishers_style_is_served_under_its_hash(db: None, home: Path, now: datetime) -> None:
    make_section()
    (home / "theme.css").write_text(":root{--paper:#fffdf8}", encoding="utf-8")
    first = address(text_of(Client().get("/")))
    answer = Client().get(first)
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert text_of(answer) == ":root{--paper:#fffdf8}"
    assert text_of(Client().get(f"{first}?x=1")) == text_of(answer)

    put_in_force(now, accent="#a3241b")
    second = address(text_of(Client().get("/")))
    assert second != first
    assert text_of(Client().get(second)).endswith(":root{--paper:#fffdf8}")
    old = Client().get(first)
    assert (old.status_code, old["Location"]) == (302, second)
    assert "immutable" not in old["Cache-Control"]


def test_an_edited_file_has_another_hash(db: None, home: Path) -> None:
    make_section()
    file = home / "theme.css"
    file.write_text("b{color:#111}")
    first = address(text_of(Client().get("/")))
    file.write_text("b{color:#222}")
    os.utime(file, ns=(1, 1))
    assert address(text_of(Client().get("/"))) not in {"", first}
    file.unlink()
    assert address(text_of(Client().get("/"))) == ""


def spoil(file: Path, how: str) -> None:
    match how:
        case "large":
            file.write_bytes(b"/" * (theme.LARGEST + 1))
        case "binary":
            file.write_bytes(b"\xff\xfe\x00b")
        case "folder":
            file.mkdir()
        case "pipe":
            os.mkfifo(file)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("large", "is larger than 256 KB"),
        ("binary", "is not UTF-8 text"),
        ("folder", "is not a file"),
        ("pipe", "is not a file"),
    ],
)
def test_a_style_that_cannot_be_used_breaks_no_page(
    db: None, home: Path, caplog: pytest.LogCaptureFixture, how: str, sentence: str
) -> None:
    make_section()
    spoil(home / "theme.css", how)
    assert address(text_of(Client().get("/"))) == ""
    assert sentence in caplog.text
    with pytest.raises(theme.ThemeError, match=sentence):
        theme.read_theme(home=home)


def test_a_mark_at_the_start_of_the_file_is_dropped(home: Path) -> None:
    (home / "theme.css").write_bytes(b"\xef\xbb\xbfb{color:red}")
    assert theme.read_theme(home=home) == "b{color:red}"


@pytest.mark.parametrize("code", [code for code, info in LANG_INFO.items() if "name_local" in info])
def test_every_language_that_can_be_chosen_draws_a_page(code: str, now: datetime) -> None:
    """No mark of pytest-django: the page that shows most without a database is enough."""
    from django.template.loader import render_to_string

    from broadsheet.funding.rules import CalendarMonth
    from broadsheet.funding.templatetags.funding import money, name_of_month
    from broadsheet.kit.money import Money
    from broadsheet.stories.publication.face import KEEPER

    face = replace(stories.publication_by_file(), language=code)
    KEEPER.get(now=now, read=lambda: face)
    with translation.override(code):
        page = render_to_string("404.html", {}, RequestFactory().get("/"))
        assert f'<html lang="{code}"' in page
        assert money(Money(112_000, "EUR"))
        assert name_of_month(CalendarMonth(2026, 6))
        assert date_format(now, "DATETIME_FORMAT")


def test_the_doctor_names_a_style_that_cannot_be_used(db: None, home: Path) -> None:
    config = Config(home=home, values=settings_in_force.CONFIG.values)

    def said() -> list[tuple[str, str]]:
        found = [(each.level, each.text) for each in examine(config)]
        return [(level, text) for level, text in found if "theme.css" in text]

    assert said() == []
    (home / "theme.css").write_text("b{color:red}")
    assert said() == [("ok", "theme.css is read after the house's style")]
    (home / "theme.css").write_bytes(b"\xff")
    assert said() == [("problem", f"{home / 'theme.css'} is not UTF-8 text")]
