"""Search: what is found, how it is shown, and that no input breaks it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import search
from broadsheet.stories.terms import marked, snippet, terms_of
from newsroom import make_section, make_story


def paragraph(text: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "value": f"<p>{text}</p>"}]


def page_of(query: str, **more: str) -> str:
    response: Any = Client().get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return str(response.content.decode())


def found(query: str) -> list[str]:
    return [hit.card.headline for hit in search.search(query=query).hits]


@pytest.fixture
def _stories(db: None, now: datetime) -> None:
    section = make_section()
    texts = {
        "The last ferry is coming back": "The council voted for the night ferry at 22:40.",
        "Three bids for the rope works": "One of them is a school. The councillors were told.",
        "Orrin’s budget": "No night for the ferry: &lt;b&gt;bold&lt;/b&gt; words, and cafés.",
    }
    for number, (headline, text) in enumerate(texts.items()):
        make_story(
            section, at=now - timedelta(days=number), headline=headline, body=paragraph(text)
        )
    make_story(section, at=now, headline="Secret ferry", body=paragraph("draft"), live=False)
    taken_back = make_story(section, at=now, headline="Ferry that sank", body=paragraph("ferry"))
    taken_back.unpublish()


# One newsroom for each table: to make it takes longer than all of the table's searches.
FOUND = {
    "ferry": ["The last ferry is coming back", "Orrin’s budget"],
    "FERRY council": ["The last ferry is coming back"],
    '"night ferry"': ["The last ferry is coming back"],
    "night ferry": ["The last ferry is coming back", "Orrin’s budget"],
    "council": ["The last ferry is coming back", "Three bids for the rope works"],
    "22:40": ["The last ferry is coming back"],
    "orrin’s": ["Orrin’s budget"],
    "zeppelin": [],
    "secret": [],
    "sank": [],
}


@pytest.mark.usefixtures("_stories")
def test_what_is_found() -> None:
    assert {query: found(query) for query in FOUND} == FOUND


@pytest.mark.usefixtures("_stories")
def test_a_hit_shows_where_its_words_stand(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page_of("warm")
    with django_assert_max_num_queries(14):
        page = page_of("night")
    assert "for the <mark>night</mark> ferry at 22:40." in page
    assert "No <mark>night</mark> for the ferry: &lt;b&gt;bold&lt;/b&gt; words" in page
    assert '<a href="/town/">Town</a>' in page
    assert '<time datetime="2026-06-12T09:30:00+00:00">' in page
    assert 'value="night"' in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.usefixtures("_stories")
def test_nothing_asked_and_nothing_found() -> None:
    assert 'class="empty"' in page_of("")
    assert "There is no word in this" in page_of("?!")
    nothing = page_of("<script>zeppelin</script>")
    assert "<script>zeppelin" not in nothing
    assert 'href="/archive/"' in nothing


HOSTILE = (
    '"',
    '"""" OR "',
    "NEAR(ferry night, 5)",
    "title:ferry",
    "ferry*",
    "* ^ - ( ) { } [ ]",
    "ferry AND",
    "NOT ferry",
    "a:b & c | !d <-> e",
    "' OR 1=1 --",
    "%s %d {} \\",
    "\x00ferry\x00",
    "the and of",
    "ferry " * 2000,
    "x" * 10_000,
    "𝔣𝔢𝔯𝔯𝔶 🛳️ ﷽ ² ½ ⅷ",
    "\ud83d",
    "हिन्दी العربية 中文",
)


@pytest.mark.usefixtures("_stories")
def test_no_input_is_an_error() -> None:
    for query in HOSTILE:
        response = Client().get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
        assert response.status_code == 200, query[:60]


@pytest.mark.usefixtures("_stories")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_text_is_a_query(query: str) -> None:
    search.search(query=query)


def test_found_stories_are_read_in_stretches(db: None, now: datetime) -> None:
    section = make_section()
    for number in range(13):
        make_story(section, at=now - timedelta(hours=number // 2), headline=f"Ferry {number:02}")
    first = page_of("ferry")
    older = re.search(r'rel="next" href="\?q=ferry&amp;after=([^"]+)"', first)
    assert older
    second = page_of("ferry", after=older[1])
    headlines = re.findall(r"<mark>Ferry</mark> (\d\d)", first + second)
    assert headlines == [f"{number:02}" for number in sorted(range(13), key=lambda n: (n // 2, -n))]
    assert Client().get("/search/", {"q": "ferry", "after": "x"}).status_code == 404


@pytest.mark.parametrize("bound", [3, 1000])
def test_newer_stories_are_found_before_an_archive_that_was_imported_later(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr(search, "BOUND", bound)
    section = make_section()
    make_story(section, at=now, headline="Ferry of today")
    for day in range(1, 13):
        make_story(section, at=now - timedelta(days=day * 9), headline=f"Ferry {day:02}")
    assert found("ferry")[:2] == ["Ferry of today", "Ferry 01"]


def test_a_search_that_stops_at_its_bound_says_so_and_goes_on_there(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BOUND", 3)
    section = make_section()
    for hour, word in enumerate(("Rope", "Ferry", "Rope", "Rope", "Rope", "Rope", *["Ferry"] * 4)):
        make_story(section, at=now - timedelta(hours=hour // 2), headline=f"{word} {hour}")
    pages, after = [], ""
    for _ in range(4):
        page = page_of("ferry", after=after)
        older = re.search(r'rel="next" href="\?q=ferry&amp;after=([^"]+)"', page)
        pages.append((re.findall(r"<mark>Ferry</mark> (\d)", page), "the search stopped" in page))
        assert "No story holds" not in page
        after = older[1] if older else ""
    assert [number for numbers, _ in pages for number in numbers] == ["1", "7", "6", "9", "8"]
    assert [stopped for _, stopped in pages] == [True, True, True, False]
    assert not after


def test_every_page_leads_to_the_form(db: None) -> None:
    make_section()
    for address in ("/", "/town/", "/no/such/page/"):
        assert 'href="/search/"' in Client().get(address).content.decode()


def test_terms() -> None:
    assert terms_of('night "last ferry" 22:40 night') == (
        ("night",),
        ("last", "ferry"),
        ("22", "40"),
    )
    assert len(terms_of(" ".join(f"w{n}" for n in range(99)))) == 10


def test_a_snippet_begins_and_ends_between_words() -> None:
    text = "word " * 100 + "ferry sails " + "word " * 100
    pieces = snippet(text, terms=(("ferry",),))
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… word")
    assert whole.endswith("word …")
    assert [piece.text for piece in pieces if piece.found] == ["ferry"]
    assert [piece.found for piece in marked("Ferries sail", terms=(("ferry",),))] == [True, False]
