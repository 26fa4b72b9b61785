import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import api as stories
from broadsheet.stories.blocks import BodyBlock
from broadsheet.stories.bodies import shown_body, shown_corrections
from broadsheet.stories.embeds import FRAME_HOSTS
from broadsheet.stories.models import NewsDocument, Person, StoryPage
from broadsheet.stories.streams import image_ids
from newsroom import make_document, make_image, make_section, make_story

EVERY_WORD = "Alpha Bravo Charlie Delta Echo Foxtrot Golf India Juliett Kilo Lima Mike November"
HOSTILE = '"><script>alert(1)</script>'
BAD_URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//",
    "https://[",
    "http:",
)


def block(kind: str, value: Any, block_id: str | None = None) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": block_id or str(uuid4())}


def page_of(now: datetime, *body: dict[str, Any], **fields: Any) -> str:
    story = make_story(make_section(), at=now, body=list(body), **fields)
    return Client().get(stories.url_of(story)).content.decode()


def test_a_quote_names_speaker_role_date_source_and_who_reported_it(
    db: None, now: datetime
) -> None:
    quote = {
        "text": "<p>Nobody rang.</p>",
        "speaker": "Henrik Moe",
        "role": "hotel owner",
        "said_on": "2026-01-05",
        "source_title": "Meeting papers",
        "source_url": "https://council.example/118?a=1&b=2",
        "reported_by": "The Coast Courier",
    }
    page = page_of(now, block("quote", quote, "1a2b3c4d-0000-4000-8000-000000000000"))
    found = re.search(r'<figure class="quote" id="q-1a2b3c4d">(.*?)</figure>', page, re.DOTALL)
    assert found
    drawn = found[1]
    assert '<blockquote cite="https://council.example/118?a=1&amp;b=2"><p>Nobody rang.</p>' in drawn
    assert '<b class="speaker">Henrik Moe</b>, hotel owner' in drawn
    assert '<time datetime="2026-01-05">' in drawn
    assert (
        '<a href="https://council.example/118?a=1&amp;b=2" rel="nofollow">Meeting papers</a>'
        in drawn
    )
    assert "Reported by The Coast Courier" in drawn
    assert '<a class="anchor" href="#q-1a2b3c4d" aria-label="Link to this quote">' in drawn


def test_a_quote_keeps_its_anchor_over_revisions(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now, body=[block("quote", {"text": "<p>One.</p>"})])
    (before,) = (one.anchor for one in shown_body(story.body))
    form_value = story.body.stream_block.to_python(
        [block("paragraph", "<p>New.</p>"), *story.body.raw_data]
    )
    story.body = form_value
    story.save_revision().publish()
    after = shown_body(StoryPage.objects.get(pk=story.pk).body)
    assert [one.anchor for one in after] == ["", before]


@pytest.mark.parametrize("url", BAD_URLS)
def test_no_source_leads_to_script(db: None, url: str) -> None:
    quote = {"text": "<p>x</p>", "source_url": url, "source_title": ""}
    table = {"caption": "c", "cells": "a\tb\n1\t2", "source_url": url, "source_title": "Here"}
    embed = {"url": url, "title": "x"}
    shown = shown_body([block("quote", quote), block("table", table), block("embed", embed)])
    assert [one.kind for one in shown] == ["quote", "table"]
    assert shown[0].source is None
    assert shown[1].source
    assert shown[1].source.url == ""


def test_what_is_written_into_blocks_is_text_and_not_markup(db: None, now: datetime) -> None:
    words = {"title": HOSTILE, "speaker": HOSTILE, "role": HOSTILE, "reported_by": HOSTILE}
    document = make_document("minutes.pdf", title=HOSTILE)
    image = make_image(description=HOSTILE, credit=HOSTILE, licence=HOSTILE)
    page = page_of(
        now,
        block("heading", {"text": HOSTILE, "level": "2"}),
        block("quote", {"text": "<p>x</p>", "source_title": HOSTILE, **words}),
        block("pull_quote", {"text": HOSTILE, "speaker": HOSTILE}),
        block("note", {"title": HOSTILE, "text": "<p>x</p>"}),
        block("table", {"caption": HOSTILE, "cells": "a\t<script>alert(1)</script>\n<b>1</b>\t2"}),
        block("embed", {"url": "https://youtu.be/abcdef12345", "title": HOSTILE}),
        block("document", {"document": document.pk, "summary": HOSTILE}),
        block("gallery", {"title": HOSTILE, "pictures": [{"image": image.pk, "alt": HOSTILE}] * 2}),
    )  # fmt: skip
    assert "<script>alert" not in page
    assert "<b>1</b>" not in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert page.count('<figure class="picture">') == 2


def test_a_table_has_caption_heads_and_numbers_in_line(db: None, now: datetime) -> None:
    cells = "\tPassengers\tNote\nMonday\t1,204\tfull\nTuesday\t87"
    value = {
        "caption": "Ferry",
        "cells": cells,
        "row_headings": True,
        "source_title": "Harbour office",
    }
    page = page_of(now, block("table", value, "99aabbcc-0000-4000-8000-000000000000"))
    assert '<div class="scroll" role="group" tabindex="0" aria-labelledby="t-99aabbcc"' in page
    assert '<caption id="t-99aabbcc">Ferry</caption>' in page
    assert (
        '<td></td><th scope="col" class="amount">Passengers</th><th scope="col">Note</th>' in page
    )
    assert (
        '<th scope="row">Monday</th><td class="amount"><bdi>1,204</bdi></td><td>full</td>' in page
    )
    assert '<th scope="row">Tuesday</th><td class="amount"><bdi>87</bdi></td><td></td>' in page
    assert "Source: Harbour office" in page


def test_a_pull_quote_is_skipped_only_where_the_story_says_it_anyway(
    db: None, now: datetime
) -> None:
    page = page_of(
        now,
        block("paragraph", "<p>He said that <b>nobody</b> rang, and left.</p>"),
        block("pull_quote", {"text": "Nobody rang", "speaker": "Moe"}),
        block("pull_quote", {"text": "Said nowhere else"}),
    )
    assert '<aside class="pull" aria-hidden="true"><p>Nobody rang</p><footer>Moe</footer>' in page
    assert '<aside class="pull"><p>Said nowhere else</p></aside>' in page


def test_an_embed_is_a_link_until_a_reader_asks_for_more(db: None, now: datetime) -> None:
    url = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    page = page_of(now, block("embed", {"url": url, "title": "The crossing"}))
    assert "<iframe" not in page
    assert 'data-frame="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in page
    assert 'data-load="Load “The crossing” from YouTube"' in page
    assert f'<a href="{url}" rel="nofollow noopener">The crossing, at YouTube</a>' in page


def test_a_player_that_left_the_list_is_still_a_link(db: None) -> None:
    (shown,) = shown_body([block("embed", {"url": "https://tube.example/1", "title": "Old"})])
    assert (shown.embed, shown.url, shown.text) == (None, "https://tube.example/1", "Old")


def test_the_content_policy_knows_the_players_and_nobody_else(db: None) -> None:
    make_section()
    policy = Client().get("/").headers["Content-Security-Policy"]
    (frames,) = [part for part in policy.split("; ") if part.startswith("frame-src")]
    assert frames.split()[1:] == list(FRAME_HOSTS)


def test_lines_typed_into_a_list_are_its_items(db: None, now: datetime) -> None:
    typed = block("list", '<p data-block-key="a1">One <b>lamp</b></p><p>Two keepers</p>')
    page = page_of(now, typed, block("list", "<ol><li>First</li></ol>"))
    found = " ".join(page.split())
    assert "<li>Two keepers</li></ul>" in found
    assert found.count("<ul><li") >= 1
    assert "<ol><li>First</li></ol>" in found


def test_a_gallery_is_a_list_of_pictures_with_their_own_captions(db: None, now: datetime) -> None:
    first, second = make_image(description="Pier", credit="Ines"), make_image()
    pictures = [
        {"image": first.pk, "caption": "<p>At <i>dawn</i></p>"},
        # As Wagtail stores a list since its items have ids.
        {"type": "item", "value": {"image": second.pk, "alt": "Boats"}, "id": str(uuid4())},
        {"image": 999_999},
    ]
    page = page_of(now, block("gallery", {"title": "The pier", "pictures": pictures}))
    assert re.search(
        r'class="gallery-title" id="(g-\w+)">The pier</p>\s*<ul role="list" aria-labelledby="\1">',
        page,
    )
    assert page.count('<figure class="picture">') == 2
    assert "At <i>dawn</i>" in page
    assert "By Ines, click to see the full-size image" in page
    assert 'alt="Boats"' in page
    assert page.count('loading="lazy"') == 2
    assert image_ids([block("gallery", {"pictures": pictures})]) == {first.pk, second.pk, 999_999}


def test_a_note_and_a_correction_stand_where_they_belong(db: None, now: datetime) -> None:
    correction = {"kind": "clarification", "day": "2026-02-01", "text": "<p>It was Tuesday.</p>"}
    page = page_of(
        now,
        block("note", {"title": "How we counted", "text": "<ul><li>Twice</li></ul>"}),
        block("correction", correction, "deadbeef-0000-4000-8000-000000000000"),
    )
    assert '<aside class="note"><p class="note-title">How we counted</p><ul><li>Twice</li>' in page
    assert '<aside class="correction" id="correction-deadbeef" data-kind="clarification">' in page
    assert '<b>Clarification</b>, <time datetime="2026-02-01">' in page
    assert "It was Tuesday." in page


def test_corrections_of_a_stream_are_drawn_like_those_in_place(db: None) -> None:
    one = block("correction", {"kind": "update", "day": date(2026, 2, 1), "text": "<p>x</p>"})
    (shown,) = shown_corrections(
        [one, block("correction", {"kind": "rumour", "day": "2026-02-01"})]
    )
    assert (shown.kind, shown.label, shown.day) == ("update", "Update", date(2026, 2, 1))


@pytest.mark.parametrize("kind", list(BodyBlock().child_blocks))
@pytest.mark.parametrize("value", [None, "", {}, [], {"pictures": "x"}, {"image": "x"}, 7, "<p>"])
def test_no_stored_value_breaks_a_page(db: None, kind: str, value: Any) -> None:
    shown_body([{"type": kind, "value": value}, {"type": "unknown", "value": value}])


def test_a_draft_is_drawn_from_what_the_form_holds(db: None) -> None:
    image, person = make_image(), Person.objects.create(name="Ines", slug="ines")
    stories.make_renditions(image_ids={image.pk})
    body = BodyBlock()
    value = body.clean(body.to_python([
        block("quote", {"text": "<p>x</p>", "said_on": "2026-01-05", "source_url": "https://a.example/"}),
        block("gallery", {"pictures": [{"image": image.pk, "credit_person": person.pk}] * 2}),
        block("correction", {"kind": "update", "day": "2026-02-01", "text": "<p>x</p>"}),
    ]))  # fmt: skip
    quote, gallery, correction = shown_body(value)
    assert quote.day == date(2026, 1, 5)
    assert [one.credit and one.credit.url for one in gallery.pictures] == ["/people/ines/"] * 2
    assert correction.correction


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("table", {"caption": "c", "cells": "only one line"}),
        ("table", {"caption": "c", "cells": 'a\tb\n"open\t1'}),
        ("table", {"caption": "c", "cells": "\t".join("x" * 31) + "\n1"}),
        ("embed", {"url": "https://evil.example/embed/1", "title": "x"}),
        ("embed", {"url": "https://youtu.be/", "title": "x"}),
    ],
)
def test_the_desk_says_what_is_wrong_with_a_block(db: None, kind: str, value: Any) -> None:
    child = BodyBlock().child_blocks[kind]
    with pytest.raises(ValidationError):
        child.clean(child.to_python(value))


def test_search_finds_what_readers_read(db: None, now: datetime) -> None:
    words = {"paragraph": "<p>Alpha</p>", "html": "<table><tr><td>Bravo</td></tr></table>"}
    parts: dict[str, dict[str, Any]] = {
        "heading": {"text": "Charlie", "level": "3"},
        "quote": {"text": "<p>Delta</p>", "speaker": "Echo", "source_title": "Foxtrot"},
        "table": {"caption": "Golf", "cells": "Hotel\tIndia\nJuliett\t2"},
        "note": {"title": "Kilo", "text": "<p>Lima</p>"},
        "correction": {"kind": "update", "day": "2026-02-01", "text": "<p>Mike</p>"},
        "pull_quote": {"text": "November"},
    }
    body = [block(kind, value) for kind, value in (words | parts).items()]
    story = make_story(make_section(), at=now, body=body)
    text = " ".join(
        str(part) for part in story.body.stream_block.get_searchable_content(story.body)
    )
    for word in EVERY_WORD.split():
        assert word in text, word
    for word in ("Sub-heading", "Update", "td"):
        assert word not in text, word


def test_a_body_costs_the_same_queries_whatever_it_is_made_of(
    db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    target = make_story(section, at=now, headline="Other", slug="other")
    people = [Person.objects.create(name=name, slug=name.lower()) for name in ("Ines", "Piers")]
    images = [make_image(credit_person=people[0]) for _ in range(4)]
    documents = [make_document(f"paper-{n}.pdf") for n in range(3)]
    link = f'<p>See <a linktype="page" id="{target.pk}">this</a> and more words.</p>'
    picture = [
        {"image": image.pk, "credit_person": people[1].pk, "caption": link} for image in images
    ]
    body = [
        *(block("paragraph", link.replace("more", str(n))) for n in range(6)),
        *(block("image", value) for value in picture),
        block("gallery", {"pictures": picture}),
        *(block("document", {"document": one.pk}) for one in documents),
        block("quote", {"text": link}),
        block("note", {"text": link}),
        block("table", {"caption": "c", "cells": "a\tb\n1\t2"}),
    ]
    story = make_story(section, at=now, body=body, bylines=("A", "B"), lead_image=images[0])
    with django_assert_max_num_queries(25):
        page = Client().get(stories.url_of(story)).content.decode()
    assert page.count('href="/town/other/"') == 16
    assert page.count('class="document"') == 3


def test_a_document_that_is_gone_leaves_no_hole(db: None) -> None:
    assert NewsDocument.objects.count() == 0
    assert shown_body([block("document", {"document": 4711})]) == ()


def test_a_link_to_a_page_follows_it_and_leads_nowhere_once_it_is_gone(
    db: None, now: datetime
) -> None:
    section = make_section()
    target = make_story(section, at=now, headline="Other", slug="other")
    source = f'<p><a linktype="page" id="{target.pk}">this</a></p>'

    def drawn() -> str:
        (one,) = shown_body([block("paragraph", source)])
        return one.html

    assert drawn() == '<p><a href="/town/other/">this</a></p>'
    section.slug = "harbour"
    section.save_revision().publish()
    assert drawn() == '<p><a href="/harbour/other/">this</a></p>'
    target.refresh_from_db()
    target.unpublish()
    assert drawn() == "<p><a>this</a></p>"
    (one,) = shown_body([block("paragraph", '<p><a linktype="page" id="9x">this</a></p>')])
    assert one.html == "<p><a>this</a></p>"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("table", {"caption": "", "cells": "", "source_title": "", "source_url": ""}),
        ("embed", {"url": "", "title": ""}),
    ],
)
def test_a_draft_is_saved_with_a_block_just_begun(kind: str, value: dict[str, str]) -> None:
    body = BodyBlock()
    begun = body.to_python([block(kind, value)])
    assert body.clean_deferred(begun)[0].block_type == kind
    with pytest.raises(ValidationError):
        body.clean(begun)
