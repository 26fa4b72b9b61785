"""The page "Site": who may use it, that nothing typed is lost, and that it is in force at once."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from broadsheet.stories import api as stories
from desk.reading import words
from newsroom import make_image, make_section
from people import Cast
from treasury import open_campaign

pytestmark = pytest.mark.usefixtures("newsroom")
SITE, POLICIES = "/desk/site/", "/desk/site/policies/"
FACE = ("name", "tagline", "logo", "accent", "footer", "language", "time_zone", "currency")


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner.user)
    return client


def rows(prefix: str, *links: tuple[str, ...], before: int = 0) -> dict[str, str]:
    """Fill the rows of a menu: (label, section, address), with an order after them if wanted."""
    typed = {f"{prefix}-TOTAL_FORMS": str(max(len(links), before) + 3)}
    typed[f"{prefix}-INITIAL_FORMS"] = str(before)
    for number, (label, section, url, *order) in enumerate(links):
        typed |= {
            f"{prefix}-{number}-label": label,
            f"{prefix}-{number}-section": section,
            f"{prefix}-{number}-url": url,
            f"{prefix}-{number}-ORDER": order[0] if order else str(number + 1),
        }
    return typed


def typed(**fields: str) -> dict[str, str]:
    return dict.fromkeys(FACE, "") | rows("menu") | rows("footer_links") | fields


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("editor", 200),
        # Wagtail leads staff without the right back to the desk's first page.
        ("reporter", 302),
        ("moderator", 302),
        ("reader", 403),
        ("banned_reader", 403),
        ("guest", 302),
        ("stranger", 302),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_open_it(cast: Cast, client: Client, who: str, status: int, method: str) -> None:
    if user := cast[who].user:
        client.force_login(user)
    answer = getattr(client, method)(SITE, typed(name="Taken Over") if method == "post" else None)
    assert answer.status_code == (303 if (method, status) == ("post", 200) else status)
    named = stories.as_set().name
    assert named == ("Taken Over" if (who, method) == ("owner", "post") else "")


def test_the_menu_shows_it_only_to_those_who_may(cast: Cast, client: Client) -> None:
    for who, shown in (("owner", True), ("editor", True), ("reporter", False)):
        client.force_login(cast[who].user)
        assert (f'"{SITE}"' in client.get("/desk/").content.decode()) is shown, who


def test_an_editor_changes_the_menus_and_nothing_else(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor.user)
    assert "Accent" not in words(client.get(SITE))
    link = rows("menu", ("About us", "", "/about/"))
    assert client.post(SITE, typed(name="Mine", accent="#f00", **link)).status_code == 303
    assert stories.as_set() == stories.Wanted(menu=(stories.MenuRow("About us", "/about/"),))


def test_a_new_face_is_in_force_for_the_next_reader(desk: Client) -> None:
    section = make_section("Town")
    answer = desk.post(
        SITE,
        typed(
            name="Die Hafenpost",
            tagline="Nachrichten aus Orrin",
            footer="Verein Hafenpost\n\nOrrin",
            language="de",
            time_zone="Europe/Berlin",
            currency="EUR",
            **rows(
                "menu", ("", stories.url_of(section), ""), ("Podcast", "", "https://pod.example/")
            ),
            **rows("footer_links", ("Impressum", "", "/impressum/")),
        ),
    )
    assert (answer.status_code, answer["Location"]) == (303, SITE)
    page = Client().get("/").content.decode()
    assert '<html lang="de" dir="ltr">' in page
    assert "<title>Die Hafenpost</title>" in page
    assert '<p class="tagline" dir="auto">Nachrichten aus Orrin</p>' in page
    menu = re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert menu == [(stories.url_of(section), "Town"), ("https://pod.example/", "Podcast")]
    assert '<a href="/impressum/">Impressum</a>' in page
    assert "<p>Verein Hafenpost</p>" in page
    feed = Client().get("/feed.xml").content.decode()
    assert "<title>Die Hafenpost</title>" in feed
    assert "<language>de</language>" in feed
    assert "Die Hafenpost" in words(Client().get("/no/such/page/"))
    assert "Die Hafenpost" in words(desk.get("/desk/"))
    assert "selected>Deutsch · German (de)" in desk.get(SITE).content.decode()


def test_empty_again_means_the_file_again(desk: Client) -> None:
    desk.post(SITE, typed(name="For a day", language="ar"))
    assert 'dir="rtl"' in Client().get("/").content.decode()
    desk.post(SITE, typed())
    page = Client().get("/").content.decode()
    assert "<title>The Harbour Post</title>" in page
    assert '<html lang="en" dir="ltr">' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("accent", "reddish", "Enter a colour as #rrggbb"),
        ("name", "N" * 121, "at most 120 characters"),
        ("language", "tlh", "Select a valid choice"),
        ("time_zone", "Orrin/Harbour", "Select a valid choice"),
        ("currency", "XXQ", "Select a valid choice"),
        ("logo", "4711", "Select a valid choice"),
        ("menu-0-url", "javascript:alert(1)", "Enter a page of this site"),
        ("menu-0-url", "//elsewhere.example/", "Enter a page of this site"),
        ("menu-0-url", "about", "Enter a page of this site"),
        ("menu-0-url", "/about/", "Enter the words of this link"),
        ("footer_links-0-label", "Imprint", "Choose a section or enter an address"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    desk: Client, field: str, value: str, sentence: str
) -> None:
    answer = desk.post(SITE, typed(tagline="From the harbour") | {field: value})
    assert answer.status_code == 422
    assert sentence in words(answer)
    page = answer.content.decode()
    assert 'value="From the harbour"' in page
    if field not in {"language", "time_zone", "currency", "logo"}:
        assert f'value="{value}"' in page
    assert stories.as_set() == stories.Wanted()


def test_a_link_is_a_section_or_an_address(desk: Client) -> None:
    url = stories.url_of(make_section("Town"))
    answer = desk.post(SITE, typed(**rows("menu", ("Both", url, "/about/"))))
    assert "not both" in words(answer)


def test_links_go_in_the_order_of_their_numbers_and_emptied_rows_go(desk: Client) -> None:
    links = (("One", "", "/1/"), ("Two", "", "/2/"), ("Three", "", "/3/"))
    desk.post(SITE, typed(**rows("menu", *links)))
    again = (("One", "", "/1/", "9"), ("", "", "", "2"), ("Three", "", "/3/", "1"))
    desk.post(SITE, typed(**rows("menu", *again, before=3)))
    assert [row.label for row in stories.as_set().menu] == ["Three", "One"]


def test_the_money_of_the_books_stays(desk: Client, cast: Cast, now: datetime) -> None:
    open_campaign(actor=cast.owner.actor, now=now)
    answer = desk.post(SITE, typed(currency="EUR", tagline="Kept"))
    assert answer.status_code == 422
    assert "its books are kept in USD" in words(answer)
    assert 'value="Kept"' in answer.content.decode()
    assert stories.publication_by_file().currency == "USD"
    assert desk.post(SITE, typed(currency="USD", tagline="Kept")).status_code == 303


def test_a_pale_accent_is_made_readable_and_the_page_says_so(desk: Client) -> None:
    answer = desk.post(SITE, typed(accent="ffd60a"), follow=True)
    assert "#ffd60a could not be read on the page, so it is shown as #" in words(answer)
    assert "has a contrast of only 1.4:1" in words(answer)
    light = re.search(r'data-accent="(#\w+)"', answer.content.decode())
    assert light
    page = Client().get("/").content.decode()
    address = re.search(r'<link rel="stylesheet" href="(/theme/\w+\.css)">', page)
    assert address
    style = Client().get(address[1])
    assert f":root{{--accent:{light[1]}}}" in style.content.decode()
    assert "style=" not in page


def test_a_logo_stands_in_place_of_the_name(desk: Client) -> None:
    image = make_image(size=(1200, 300), title="Our logo")
    assert desk.post(SITE, typed(logo=str(image.pk))).status_code == 303
    page = Client().get("/").content.decode()
    found = re.search(
        r'<a class="name" href="/"><img src="([^"]+)" width="(\d+)" height="(\d+)"', page
    )
    assert found
    assert (found[2], found[3]) == ("480", "120")
    assert found[1].startswith("/media/images/")
    assert 'alt="The Harbour Post"' in page
    assert str(image.pk) in desk.get(SITE).content.decode()
    image.delete()
    stories.make_logo()


def test_what_was_changed_is_in_the_log(desk: Client, cast: Cast) -> None:
    desk.post(SITE, typed(name="The Quay", accent="#a3241b"))
    desk.post(SITE, typed(name="The Quay", accent="#a3241b"))
    (entry,) = ModelLogEntry.objects.all()
    assert entry.user == cast.owner.user
    assert entry.data == {"changed": ["name", "accent"]}


def test_policy_pages_are_added_as_drafts_once(desk: Client) -> None:
    assert words(desk.get(SITE)).count("Missing") == 5
    assert "Add the policy pages" in words(desk.get(SITE))
    answer = desk.post(POLICIES, follow=True)
    assert "Add the policy pages" not in words(answer)
    assert "5 pages were made as drafts" in words(answer)
    assert words(answer).count("Draft:") == 5
    assert "places to fill in" in words(answer)
    assert Client().get("/privacy/").status_code == 404
    assert "a page for every policy already" in words(desk.post(POLICIES, follow=True))


@pytest.mark.parametrize(
    ("who", "status"), [("reporter", 302), ("moderator", 302), ("reader", 403)]
)
def test_who_may_not_add_policy_pages(cast: Cast, client: Client, who: str, status: int) -> None:
    client.force_login(cast[who].user)
    assert client.post(POLICIES).status_code == status
    assert all(page.page is None for page in stories.policy_pages())


def test_it_costs_the_same_with_a_full_menu(desk: Client) -> None:
    desk.get(SITE)
    with CaptureQueriesContext(connection) as empty:
        desk.get(SITE)
    desk.post(SITE, typed(**rows("menu", *((f"L{n}", "", f"/{n}/") for n in range(9)))))
    desk.get(SITE)
    with CaptureQueriesContext(connection) as full:
        assert desk.get(SITE).status_code == 200
    # The menu is read with the face where that is older than a second, and by the form.
    assert abs(len(full) - len(empty)) <= 4


def test_the_languages_are_offered_honestly(desk: Client) -> None:
    page = desk.get(SITE).content.decode()
    field = page.partition('name="language"')[2].partition("</select>")[0]
    spoken, rest = field.split("<optgroup")[1:]
    assert "Broadsheet speaks these" in spoken
    assert "the rest mostly English" in rest
    for code, group in (("de", spoken), ("ar", spoken), ("en-gb", spoken), ("fr", rest)):
        assert f'<option value="{code}">' in group, code


@pytest.mark.parametrize(
    ("of_the_file", "said"), [("de", "der Rest meist Deutsch"), ("fr", "the rest mostly English")]
)
def test_what_is_not_translated_is_in_the_language_of_the_file(
    desk: Client, settings: Any, of_the_file: str, said: str
) -> None:
    settings.LANGUAGE_CODE = of_the_file
    assert said in unescape(desk.get(SITE).content.decode())
