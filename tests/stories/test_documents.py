from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from broadsheet.stories import api as stories
from broadsheet.stories.blocks import QuoteBlock
from broadsheet.stories.models import StoryPage
from newsroom import make_document, make_section, make_story
from people import Cast, Person


def shown(document: Any) -> list[dict[str, Any]]:
    return [
        {
            "type": "document",
            "value": {"document": document.pk, "title": "", "summary": "Six pages."},
        }
    ]


def test_a_story_shows_its_document_and_readers_get_it(db: None, now: datetime) -> None:
    document = make_document("minutes May.pdf", b"%PDF-1.7 x", title="Minutes")
    story = make_story(make_section(), at=now, body=shown(document))
    page = Client().get(stories.url_of(story)).content.decode()
    address = f"/documents/{document.pk}/{document.filename}"
    assert f'<a href="{address}">Minutes <span class="kind">(PDF, 10\xa0bytes)</span></a>' in page
    assert "Six pages." in page
    response = Client().get(address)
    assert b"".join(response) == b"%PDF-1.7 x"  # type: ignore[call-overload]  # a stream
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-src" not in response.headers["Content-Security-Policy"]
    assert "public" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.html", "application/octet-stream"),
        ("a.svg", "application/octet-stream"),
        ("a.pdf.xhtml", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("Größe.odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_nothing_but_a_pdf_opens_on_our_origin(
    db: None, now: datetime, name: str, content_type: str
) -> None:
    document = make_document(name, b"<script>alert(1)</script>")
    make_story(make_section(), at=now, body=shown(document))
    response = Client().get(f"/documents/{document.pk}/{document.filename}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_public_exactly_while_a_public_page_shows_it(db: None, now: datetime) -> None:
    document = make_document("leak.pdf")
    address = f"/documents/{document.pk}/{document.filename}"

    def status() -> int:
        return Client().get(address).status_code

    assert status() == 404
    section = make_section()
    story = make_story(section, at=now, body=shown(document), live=False)
    assert status() == 404
    story.get_latest_revision().publish()
    assert status() == 200
    assert Client().get(f"/documents/{document.pk}/other.pdf").status_code == 404
    assert Client().get("/documents/999999999999999999999/leak.pdf").status_code == 404
    closed = PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert status() == 404
    closed.delete()
    inner = Collection.get_first_root_node().add_child(name="Inner")
    document.collection = inner
    document.save()
    assert status() == 200
    CollectionViewRestriction.objects.create(collection=inner, restriction_type="login")
    assert status() == 404
    CollectionViewRestriction.objects.all().delete()
    story = StoryPage.objects.get(pk=story.pk)
    # Taken out in a draft it is still shown; published, it is gone.
    story.body = []
    revision = story.save_revision()
    assert status() == 200
    revision.publish()
    assert status() == 404


def sourced(kind: str, address: str) -> list[dict[str, Any]]:
    cells = {"caption": "Crossings", "cells": "Year\tRides\n2025\t900"}
    words = {"text": "<p>No bus.</p>", "speaker": "Ines"}
    more = {"source_title": "The paper", "source_url": address}
    return [{"type": kind, "value": (words if kind == "quote" else cells) | more}]


@pytest.mark.parametrize("kind", ["quote", "table"])
@pytest.mark.parametrize("host", ["", "http://127.0.0.1:8000"])
def test_a_document_that_is_a_source_is_shown_by_its_story(
    db: None, now: datetime, kind: str, host: str
) -> None:
    document = make_document("options.pdf")
    address = f"/documents/{document.pk}/{document.filename}"
    body = sourced(kind, host + address)
    story = make_story(make_section(), at=now, body=body, live=False)
    assert Client().get(address).status_code == 404
    story.get_latest_revision().publish()
    assert Client().get(address).status_code == 200
    # Below the host, so that it leads there at whatever address this site is served next.
    assert f'<a href="{address}" rel="nofollow">The paper</a>' in (
        Client().get(stories.url_of(story)).content.decode()
    )
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://post.example/documents/7/a.pdf", "/documents/7/a.pdf"),
        (" /documents/7/a.pdf ", "/documents/7/a.pdf"),
        ("https://council.example/a.pdf", "https://council.example/a.pdf"),
        ("https://post.example.evil/a", "https://post.example.evil/a"),
        ("", ""),
    ],
)
def test_the_desk_keeps_a_source_of_ours_without_its_host(
    typed: str, kept: str, settings: Any
) -> None:
    settings.BROADSHEET_URL = "https://post.example"
    assert QuoteBlock().child_blocks["source_url"].clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["//evil.example/", "/\\evil.example", "javascript:alert(1)", "a b"]
)
def test_the_desk_takes_no_source_that_leads_astray(typed: str) -> None:
    block = QuoteBlock().child_blocks["source_url"]
    try:
        kept = block.clean(typed)
    except ValidationError:
        return
    assert kept.startswith("https://")


def test_the_desk_reads_any_document_and_nobody_else_does(cast: Cast[Person]) -> None:
    make_section()
    document = make_document("leak.pdf")
    assert document.url.startswith("/desk/files/")
    assert Client().get(document.url).status_code == 302
    for person, status in ((cast.owner, 200), (cast.reader, 403)):
        client = Client()
        client.force_login(person.user)
        response = client.get(document.url)
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "private, no-store"


def test_a_document_whose_file_is_lost_is_not_found(db: None, now: datetime) -> None:
    document = make_document("lost.pdf")
    make_story(make_section(), at=now, body=shown(document))
    document.file.storage.delete(document.file.name)
    assert Client().get(f"/documents/{document.pk}/{document.filename}").status_code == 404


def test_the_desk_takes_papers_and_no_pages(db: None) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from wagtail.documents.forms import get_document_form

    from broadsheet.stories.models import NewsDocument

    form = get_document_form(NewsDocument)
    for name, taken in (("a.pdf", True), ("a.csv", True), ("a.html", False), ("a.svg", False)):
        sent = form({"title": "x", "collection": 1}, {"file": SimpleUploadedFile(name, b"x")})
        assert sent.is_valid() is taken, name


def led_to(document: Any) -> dict[str, dict[str, Any]]:
    link = f'<a id="{document.pk}" linktype="document">the minutes</a>'
    return {
        "paragraph": {"type": "paragraph", "value": f"<p>Read {link}.</p>"},
        "list": {"type": "list", "value": f"<ul><li>{link}</li></ul>"},
        "note": {"type": "note", "value": {"title": "", "text": f"<p>{link}</p>"}},
        "quote": {"type": "quote", "value": {"text": f"<p>{link}</p>", "speaker": "Ines"}},
        "html": {
            "type": "html",
            "value": f'<dl><dd><a href="{address_of(document)}" rel="noopener">x</a></dd></dl>',
        },
    }


def address_of(document: Any) -> str:
    return f"/documents/{document.pk}/{document.filename}"


@pytest.mark.parametrize("kind", ["paragraph", "list", "note", "quote", "html"])
def test_a_document_that_a_text_leads_to_is_shown_by_its_story(
    db: None, now: datetime, kind: str
) -> None:
    document = make_document("minutes May.pdf")
    body = [led_to(document)[kind]]
    story = make_story(make_section(), at=now, body=body, live=False)
    assert Client().get(address_of(document)).status_code == 404
    story.get_latest_revision().publish()
    page = Client().get(stories.url_of(story)).content.decode()
    assert f'<a href="{address_of(document)}"' in page
    assert Client().get(address_of(document)).status_code == 200
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert Client().get(address_of(document)).status_code == 404


def test_a_link_to_a_document_that_is_gone_leads_nowhere(db: None, now: datetime) -> None:
    document = make_document("minutes.pdf")
    body = list(led_to(document).values())
    body += [{"type": "paragraph", "value": '<p><a id="x" linktype="document">odd</a></p>'}]
    story = make_story(make_section(), at=now, body=body)
    address = address_of(document)
    document.delete()
    page = Client().get(stories.url_of(story)).content.decode()
    assert "Read <a>the minutes</a>." in page
    assert "<a>odd</a>" in page
    assert Client().get(address).status_code == 404


def test_the_editor_keeps_a_link_to_a_document(db: None) -> None:
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from broadsheet.stories.blocks import BodyBlock

    document = make_document("minutes.pdf")
    stored = led_to(document)["paragraph"]["value"]
    block = BodyBlock().child_blocks["paragraph"]
    converter = ContentstateConverter(block.features)
    again = converter.to_database_format(converter.from_database_format(stored))
    assert f'<a linktype="document" id="{document.pk}">the minutes</a>' in again
    stored = led_to_a_place(document)["paragraph"]["value"]
    again = converter.to_database_format(converter.from_database_format(stored))
    link = f'<a linktype="document" id="{document.pk}" fragment="{PLACE}">the minutes</a>'
    assert link in again


PLACE = "page=3&amp;zoom=1"


def led_to_a_place(document: Any) -> dict[str, dict[str, Any]]:
    link = f'<a id="{document.pk}" linktype="document" fragment="{PLACE}">the minutes</a>'
    address = f"{address_of(document)}#page=3&zoom=1"
    kept = f'<dl><dd><a href="{address_of(document)}#{PLACE}">x</a></dd></dl>'
    source = {"text": "<p>x</p>", "source_title": "The minutes", "source_url": address}
    return {
        "paragraph": {"type": "paragraph", "value": f"<p>Read {link}.</p>"},
        "html": {"type": "html", "value": kept},
        "quote": {"type": "quote", "value": source},
    }


@pytest.mark.parametrize("kind", ["paragraph", "html", "quote"])
def test_a_link_leads_to_its_place_in_a_document(db: None, now: datetime, kind: str) -> None:
    document = make_document("minutes May.pdf")
    body = [led_to_a_place(document)[kind]]
    story = make_story(make_section(), at=now, body=body)
    page = Client().get(stories.url_of(story)).content.decode()
    assert f'<a href="{address_of(document)}#{PLACE}"' in page
    assert Client().get(address_of(document)).status_code == 200, "it is shown by its story"
    document.delete()
    page = Client().get(stories.url_of(story)).content.decode()
    assert "<a>the minutes</a>" in page or kind != "paragraph"


def test_where_a_source_has_no_title_its_file_is_named(db: None, now: datetime) -> None:
    document = make_document("minutes.pdf")
    source = led_to_a_place(document)["quote"]
    source["value"]["source_title"] = ""
    story = make_story(make_section(), at=now, body=[source])
    page = Client().get(stories.url_of(story)).content.decode()
    assert f'#{PLACE}" rel="nofollow">{document.filename}</a>' in page


def test_links_to_documents_cost_one_query(
    db: None, now: datetime, django_assert_num_queries: Any
) -> None:
    from broadsheet.stories.bodies import shown_body

    papers = [make_document(f"{n}.pdf") for n in range(3)]
    body = [block for paper in papers for block in led_to(paper).values()]
    with django_assert_num_queries(1):
        drawn = shown_body(body + shown_papers(papers))
    assert sum("/documents/" in block.html for block in drawn) == 15


def shown_papers(papers: list[Any]) -> list[dict[str, Any]]:
    return [block for paper in papers for block in shown(paper)]
