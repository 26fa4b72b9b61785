"""Files that are no pictures: they come along, once each, and never out of bounds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from broadsheet.importing import files
from broadsheet.importing.api import Report, old_address
from broadsheet.importing.files import LOOKS, WrongFileError, check_file
from broadsheet.kit.safehttp import INTERNET, Network
from broadsheet.stories.http.policy import DOCUMENT_TYPES
from formats.wxr_text import export, item
from importing.conftest import Importer
from importing.reading import get, html, model, page, row_counts, story
from importing.test_pictures import PIER, jpeg, kinds, old_site, post

type Bring = Callable[..., Report]

PDF = b"%PDF-1.7 minutes"
BASE = "https://post.example/wp-content/uploads/2025/03/"
MINUTES, BUDGET, UNLINKED, LOOSE = (
    BASE + name for name in ("minutes.pdf", "budget%20plan.xlsx", "unlinked.csv", "loose.mp3")
)
CONTENT = {
    "minutes.pdf": PDF,
    "budget plan.xlsx": b"PK\x03\x04 sheet",
    "unlinked.csv": b"Year;Rides\n2025;900\n",
    "loose.mp3": b"ID3 horn",
}


def file(url: str, number: str, title: str = "The minutes", **values: str) -> str:
    given = {"post_type": "attachment", "status": "inherit", "post_parent": "7", "title": title}
    return item(**(given | {"post_id": number, "attachment_url": url} | values))


def paper() -> tuple[str, ...]:
    """Return a post with a file block, links in texts, one file nobody links to, one without."""
    text = (
        f'<!-- wp:file {{"id":20}} --><div class="wp-block-file"><a href="{MINUTES}">What was'
        f' said</a><a href="{MINUTES}" class="wp-block-file__button">Download</a></div>'
        f'<!-- /wp:file --><p>See <a href="{BUDGET}?ver=2#page=3">the <em>budget</em></a> and'
        f' <a href="https://council.example/wp-content/uploads/a.pdf">theirs</a>.</p>'
        f'<ul><li><a href="http://www.post.example/wp-content/uploads/2025/03/minutes.pdf">again'
        f'</a></li></ul><!-- wp:audio --><audio src="{LOOSE}"></audio><!-- /wp:audio -->'
    )
    return (
        post(text),
        file(MINUTES, "20"),
        file(BUDGET, "21", "Budget"),
        file(UNLINKED, "22", "Unlinked"),
    )


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads/2025/03"
    folder.mkdir(parents=True)
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    return tmp_path / "uploads"


def documents() -> Any:
    return model("NewsDocument").objects.order_by("pk")


def address(document: Any) -> str:
    return f"/documents/{document.pk}/{document.filename}"


def test_files_come_from_the_folder_and_are_public_with_their_story(
    bring: Bring, uploads: Path
) -> None:
    report = bring(*paper(), media=uploads)
    assert kinds() == ["document", "paragraph", "list", "document"]
    found = {one.filename: one for one in documents()}
    assert set(found) == {"minutes.pdf", "budget-plan.xlsx", "unlinked.csv", "loose.mp3"}
    minutes, budget = found["minutes.pdf"], found["budget-plan.xlsx"]
    assert (minutes.title, minutes.file_size, found["loose.mp3"].title) == (
        "The minutes",
        len(PDF),
        "loose.mp3",
    )
    block, paragraph, listed, audio = story("ferry").body.raw_data
    assert block["value"] == {"document": minutes.pk, "title": "What was said", "summary": ""}
    assert audio["value"]["document"] == found["loose.mp3"].pk
    link = f'<a linktype="document" id="{budget.pk}" fragment="page=3">the <i>budget</i></a>'
    assert link in paragraph["value"]
    assert "https://council.example/wp-content/uploads/a.pdf" in paragraph["value"]
    assert f'id="{minutes.pk}"' in listed["value"]
    assert (report.outcome("document", "new"), report.tallies["document"].found) == (4, 4)

    seen = html("/news/ferry/")
    assert "post.example" not in seen
    assert f'<a href="{address(budget)}#page=3">the' in seen
    for one in (minutes, budget, found["loose.mp3"]):
        assert address(one) in seen
        assert b"".join(get(address(one))) in CONTENT.values()
    # Nobody was shown it there, and nobody is here.
    assert get(address(found["unlinked.csv"])).status_code == 404


def test_the_old_address_of_a_public_file_leads_to_it(bring: Bring, uploads: Path) -> None:
    bring(*paper(), post(f'<a href="{UNLINKED}">x</a>', post_id="8", status="draft"), media=uploads)
    found = {one.filename: address(one) for one in documents()}
    assert old_address("/wp-content/uploads/2025/03/minutes.pdf", "") == found["minutes.pdf"]
    assert (
        get("/wp-content/uploads/2025/03/budget%20plan.xlsx").headers["Location"]
        == (found["budget-plan.xlsx"])
    )
    # A draft betrays nothing.
    assert old_address("/wp-content/uploads/2025/03/unlinked.csv", "") is None


def test_a_second_run_doubles_nothing_and_a_first_without_files_is_made_up_for(
    bring: Bring, importer: Importer, uploads: Path
) -> None:
    looked = importer.look(export(*paper()))
    assert (looked.tallies["document"].found, looked.count("files_not_asked")) == (4, 4)
    first = bring(*paper())
    assert (first.tallies["document"].found, first.count("files_not_asked")) == (4, 4)
    assert kinds() == ["paragraph", "paragraph", "list", "paragraph"]
    assert documents().count() == 0
    assert "run again with --media" in first.markdown()

    later = bring(*paper(), media=uploads)
    assert (later.outcome("story", "updated"), later.outcome("document", "new")) == (1, 4)
    before = row_counts()
    for options in ({"media": uploads}, {}):
        again = bring(*paper(), **options)
        assert row_counts() == before
        assert (again.outcome("story", "same"), again.outcome("document", "same")) == (1, 4)
        assert again.count("files_not_asked") == 0


def test_an_export_in_parts_has_each_file_once(bring: Bring, uploads: Path) -> None:
    text, *library = paper()
    bring(text, media=uploads)
    assert documents().count() == 3
    bring(*library, media=uploads)
    assert documents().count() == 4


def test_what_is_missing_or_too_large_or_something_else_stops_nothing(
    bring: Bring, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.importing.wordpress.documents.MAX_BYTES", 100)
    folder = uploads / "2025/03"
    (folder / "minutes.pdf").write_bytes(b"<!DOCTYPE html><title>%PDF-1.7</title>")
    (folder / "budget plan.xlsx").write_bytes(b"PK\x03\x04" + bytes(97))
    (folder / "loose.mp3").unlink()
    report = bring(*paper(), media=uploads)
    assert (report.outcome("document", "failed"), report.outcome("document", "new")) == (3, 1)
    said = report.markdown()
    assert "minutes.pdf: a web page" in said
    assert "budget plan.xlsx: larger than" in said
    assert "loose.mp3: not in the folder" in said
    assert report.outcome("story", "new") == 1
    assert f'href="{MINUTES}"' in html("/news/ferry/")
    # Put there later, it comes: what failed is tried again.
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    again = bring(*paper(), media=uploads)
    assert (again.outcome("document", "new"), again.outcome("document", "same")) == (3, 1)
    assert kinds() == ["document", "paragraph", "list", "document"]


def test_kinds_that_are_not_taken_are_listed(bring: Bring, importer: Importer) -> None:
    parts = (
        post(f'Run <a href="{BASE}tool.exe">it</a>, <a href="{BASE}page.html">read</a> it.'),
        file(BASE + "tool.exe", "20"),
        file(BASE + "film.mkv", "21"),
    )
    for report in (importer.look(export(*parts)), bring(*parts)):
        assert report.count("file") == 3
        assert "document" not in report.tallies
        assert all(kind in report.markdown() for kind in (".exe", ".mkv", ".html"))
    assert f'href="{BASE}tool.exe"' in html("/news/ferry/")


@pytest.mark.parametrize(
    "path",
    [
        "../../secret.pdf",
        "%2e%2e/secret.pdf",
        "..%2fsecret.pdf",
        "/etc/passwd.pdf",
        "link.pdf",
        "folder/secret.pdf",
        "C:%5Csecret.pdf",
        "2025%00.pdf",
    ],
)
def test_nothing_outside_the_folder_is_read(
    bring: Bring, uploads: Path, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (uploads / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (uploads / "folder").symlink_to(tmp_path)
    url = f"https://post.example/wp-content/uploads/{path}"
    report = bring(file(url, "20"), post(f'A <a href="{url}">file</a>.'), media=uploads)
    assert documents().count() == 0
    assert report.outcome("document", "failed") == 1


def test_a_strange_name_becomes_a_plain_one(bring: Bring, uploads: Path) -> None:
    odd = "Größe &quot;&lt;b&gt;&quot;"
    (uploads / "2025/03" / 'Größe "<b>".pdf').write_bytes(PDF)
    url = BASE + "Gr%C3%B6%C3%9Fe%20%22%3Cb%3E%22.pdf"
    raw = BASE + f"{odd}.pdf"
    bring(post(f'A <a href="{url}">file</a>, <a href="{raw}">once more</a>.'), media=uploads)
    (found,) = documents()
    assert (found.filename, found.title) == ("größe-b.pdf", 'Größe "<b>".pdf')
    assert html("/news/ferry/").count(f'href="/documents/{found.pk}/') == 2
    assert get(address(found)).status_code == 200


def test_what_leads_to_a_file_in_other_places(bring: Bring, uploads: Path) -> None:
    (uploads / "2025/03/pier.jpg").write_bytes(jpeg())
    link = f'<a href="{MINUTES}">it</a>'
    text = (
        f'<figure><a href="{MINUTES}"><img src="{PIER}"/></a><figcaption>By {link}</figcaption>'
        f'</figure><table><tr><td colspan="2">{link}</td></tr></table>'
        f'<blockquote cite="{MINUTES}"><p>Words {link}</p></blockquote>'
    )
    bring(post(text), post(f"Page, {link}.", post_type="page", post_id="9"), media=uploads)
    (found,) = documents()
    image, behind, *_ = story("ferry").body.raw_data
    assert f'<a linktype="document" id="{found.pk}">it</a>' in image["value"]["caption"]
    assert (behind["type"], behind["value"]["document"]) == ("document", found.pk)
    assert {"image", "document", "html", "quote"} == set(kinds())
    assert "post.example" not in html("/news/ferry/")
    assert f'id="{found.pk}"' in page("ferry").body.raw_data[0]["value"]


def test_files_are_downloaded_but_never_from_inside(importer: Importer) -> None:
    served = {"/wp-content/uploads/a.pdf": PDF, "/wp-content/uploads/b.pdf": b"<html>Sorry</html>"}
    with old_site(served) as (port, asked):

        def resolve(host: str, _port: int) -> list[str]:
            return ["127.0.0.1"] if host == "post.example" else ["169.254.169.254"]

        network = Network(resolve=resolve, permits=lambda a: str(a) == "127.0.0.1", ports=None)
        here = f"http://post.example:{port}/wp-content/uploads/"
        inside = f"http://metadata.example:{port}/wp-content/uploads/c.pdf"
        links = "".join(f'<p>A <a href="{here}{n}.pdf">x</a></p>' for n in ("a", "b", "gone"))
        wxr = export(post(f'{links}<p>B <a href="{inside}">y</a></p>'), file(inside, "20"))
        report = importer.bring(wxr, network=network)
        assert sorted({line.rpartition("/")[2] for line in asked}) == ["a.pdf", "b.pdf", "gone.pdf"]
        assert (report.outcome("document", "new"), report.outcome("document", "failed")) == (1, 3)
        said = report.markdown()
        for reason in ("answered 404", "not on the public internet", "a web page"):
            assert reason in said
        before = len(asked)
        again = importer.bring(wxr, network=network)
        assert again.outcome("document", "same") == 1
        # What is here is not asked for again; what failed is, once.
        assert [line.rpartition("/")[2] for line in asked[before:]] == ["b.pdf", "gone.pdf"]


def test_a_name_that_no_database_keeps_comes_in_under_another(importer: Importer) -> None:
    with old_site({"/wp-content/uploads/a%00%0ab.pdf": PDF}) as (port, _):
        network = Network(
            resolve=lambda *_: ["127.0.0.1"], permits=lambda a: str(a) == "127.0.0.1", ports=None
        )
        url = f"http://post.example:{port}/wp-content/uploads/a%00%0ab.pdf"
        importer.bring(export(post(f'A <a href="{url}">x</a>.')), network=network)
        (found,) = documents()
        assert found.title == "a b.pdf"
        assert get(address(found)).status_code == 200
        assert f'href="{address(found)}"' in html("/news/ferry/")


def test_the_internet_itself_refuses_what_is_inside(importer: Importer) -> None:
    with old_site({"/wp-content/uploads/a.pdf": PDF}) as (port, asked):
        urls = [
            f"http://127.0.0.1:{port}/wp-content/uploads/a.pdf",
            f"http://localhost:{port}/wp-content/uploads/a.pdf",
            "http://169.254.169.254/wp-content/uploads/a.pdf",
        ]
        parts = (file(url, str(20 + n)) for n, url in enumerate(urls))
        network = Network(permits=INTERNET.permits, ports=None)
        report = importer.bring(export(*parts), network=network)
        assert asked == []
        assert report.outcome("document", "failed") == 3


def test_a_file_deleted_here_does_not_come_back(bring: Bring, uploads: Path) -> None:
    bring(*paper(), media=uploads)
    documents().delete()
    report = bring(*paper(), media=uploads)
    assert documents().count() == 0
    assert report.outcome("document", "deleted") == 4


def test_a_draft_s_files_are_not_public(bring: Bring, uploads: Path) -> None:
    bring(post(f'A <a href="{MINUTES}">x</a>', status="draft"), media=uploads)
    (found,) = documents()
    assert Client().get(address(found)).status_code == 404


def test_what_is_looked_at_is_what_readers_are_sent() -> None:
    assert set(LOOKS) == set(DOCUMENT_TYPES)


GOOD = {
    "csv": b"\xef\xbb\xbfa;b",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "gpx": b'<?xml version="1.0"?>\n<gpx>',
    "m4a": b"\0\0\0 ftypM4A ",
    "mp3": b"\xff\xfb\x90",
    "ogg": b"OggS",
    "odt": b"PK\x03\x04",
    "pdf": b"\n%PDF-1.4",
    "rtf": b"{\\rtf1",
    "txt": "Größe".encode("utf-16"),
    "wav": b"RIFF\0\0\0\0WAVE",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


@pytest.mark.parametrize("ending", GOOD)
def test_a_file_is_what_it_is_called(ending: str) -> None:
    check_file(GOOD[ending], ending=ending)


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"", "pdf"),
        (b"<html>%PDF-1.7", "pdf"),
        (b"\xef\xbb\xbf <!-- x --> <!doctype HTML>%PDF-", "pdf"),
        (b'<?xml version="1.0"?><svg onload="x">', "gpx"),
        (b"<script>1</script>", "txt"),
        (b"MZ\0\0", "txt"),
        (b"MZ", "pdf"),
        (b"PK\x03\x04", "mp3"),
        (b"\xff", "mp3"),
        (b"%PDF-", "docx"),
        (b"%PDF-", "exe"),
    ],
)
def test_a_file_that_is_something_else_is_refused(data: bytes, ending: str) -> None:
    with pytest.raises(WrongFileError):
        check_file(data, ending=ending)


def test_a_file_above_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 8)
    with pytest.raises(WrongFileError):
        check_file(b"%PDF-1.70", ending="pdf")
