from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from broadsheet.site.server.files import (
    Files,
    Renditions,
    StaticFiles,
    content_type,
    preferred_encoding,
)
from broadsheet.site.server.held import Held
from broadsheet.site.server.messages import Answer, Request

HASHED = "/static/broadsheet/broadsheet.0123456789ab.css"


async def nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def ask(path: str, method: str = "GET", **headers: str) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(method, path, "", "http", "HTTP/1.1", "127.0.0.1:5000", named, nothing())


@pytest.fixture
def static(tmp_path: Path) -> Files:
    root = tmp_path / "static"
    (root / "broadsheet").mkdir(parents=True)
    css = root / "broadsheet" / "broadsheet.0123456789ab.css"
    css.write_bytes(b"plain")
    css.with_name(css.name + ".br").write_bytes(b"brotli")
    css.with_name(css.name + ".gz").write_bytes(b"gzip")
    (root / "broadsheet" / "broadsheet.css").write_bytes(b"unhashed")
    (root / "broadsheet" / "large.0123456789ab.woff2").write_bytes(b"x" * 300_000)
    (root / "staticfiles.json").write_text("{}")
    (root / ".prepared").write_text("stamp")
    (tmp_path / "secret").write_text("secret")
    return Files(static=StaticFiles(root), renditions=Renditions(tmp_path / "media"))


def got(files: Files, request: Request) -> Answer:
    answer = files.answer(request)
    assert answer is not None, request.path
    return answer


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers).get(name, "")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=1.0", "gzip"),
        ("br;q=0.0", ""),
        ("identity", ""),
        ("", ""),
        ("brotli", ""),
        # Nobody's browser: taking 60 KB of it apart would hold up everybody.
        ("br" + ", gzip" * 100, ""),
    ],
)
def test_the_smallest_accepted_encoding_is_sent(
    static: Files, accepted: str, encoding: str
) -> None:
    assert preferred_encoding(accepted) == encoding
    answer = got(static, ask(HASHED, accept_encoding=accepted))
    assert header(answer, "content-encoding") == encoding
    assert answer.content == {"br": b"brotli", "gzip": b"gzip", "": b"plain"}[encoding]
    assert header(answer, "vary") == "accept-encoding"
    assert header(answer, "content-length") == str(len(answer.content))


def test_a_hashed_name_is_kept_for_ever_and_another_is_asked_for_again(static: Files) -> None:
    assert "immutable" in header(got(static, ask(HASHED)), "cache-control")
    again = got(static, ask("/static/broadsheet/broadsheet.css"))
    assert "immutable" not in header(again, "cache-control")
    assert "must-revalidate" in header(again, "cache-control")


@pytest.mark.parametrize("sent", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_a_known_etag_is_answered_with_304(static: Files, sent: str) -> None:
    first = got(static, ask(HASHED, accept_encoding="br"))
    etag = header(first, "etag")
    again = got(static, ask(HASHED, accept_encoding="br", if_none_match=sent.format(etag=etag)))
    assert (again.status, again.content) == (304, b"")
    assert header(again, "etag") == etag
    assert not header(again, "content-length")


def test_each_encoding_has_an_etag_of_its_own(static: Files) -> None:
    etags = {
        header(got(static, ask(HASHED, accept_encoding=accepted)), "etag")
        for accepted in ("br", "gzip", "")
    }
    assert len(etags) == 3


def test_a_large_file_is_not_held_in_memory(static: Files) -> None:
    answer = got(static, ask("/static/broadsheet/large.0123456789ab.woff2"))
    assert answer.content == b""
    assert answer.path.endswith("large.0123456789ab.woff2")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret",
        "/static/broadsheet/../../secret",
        "/static//etc/passwd",
        "/static/broadsheet",
        "/static/broadsheet/",
        "/static/",
        "/static/.prepared",
        "/static/staticfiles.json",
        "/static/broadsheet/broadsheet.0123456789ab.css.br",
        "/static/broadsheet/broadsheet.0123456789ab.css\0",
        "/static/broadsheet\\broadsheet.css",
    ],
)
def test_what_is_not_a_static_file_does_not_exist(static: Files, path: str) -> None:
    answer = got(static, ask(path))
    assert answer.status == 404
    assert header(answer, "cache-control") == "no-store"


def test_only_reading_is_answered(static: Files) -> None:
    assert got(static, ask(HASHED, "POST")).status == 405
    assert got(static, ask(HASHED, "HEAD")).status == 200


# --- Renditions -------------------------------------------------------------------------------


@pytest.fixture
def renditions(tmp_path: Path) -> Files:
    root = tmp_path / "media"
    for folder in ("images", "original_images", "documents", "images/deeper"):
        (root / folder).mkdir(parents=True)
    (root / "images" / "harbour.width-640.format-webp.webp").write_bytes(b"webp")
    (root / "images" / "drawing.width-640.svg").write_bytes(b"<svg/>")
    (root / "images" / "deeper" / "x.jpg").write_bytes(b"x")
    (root / "original_images" / "harbour.jpg").write_bytes(b"with the camera's position")
    (root / "images" / "link.jpg").symlink_to(root / "original_images" / "harbour.jpg")
    return Files(static=None, renditions=Renditions(root))


def test_a_rendition_is_sent_with_headers_that_keep_it_a_picture(renditions: Files) -> None:
    answer = got(renditions, ask("/media/images/harbour.width-640.format-webp.webp"))
    assert answer.status == 200
    assert header(answer, "content-type") == "image/webp"
    assert header(answer, "x-content-type-options") == "nosniff"
    drawing = got(renditions, ask("/media/images/drawing.width-640.svg"))
    policy = header(drawing, "content-security-policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    etag = header(drawing, "etag")
    again = got(renditions, ask("/media/images/drawing.width-640.svg", if_none_match=etag))
    assert again.status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/media/original_images/harbour.jpg",
        "/media/images/../original_images/harbour.jpg",
        "/media/images/link.jpg",
        "/media/images/deeper/x.jpg",
        "/media/images/deeper",
        "/media/images/",
        "/media/images/.htaccess",
        "/media/documents/x.pdf",
        "/media/images/harbour.width-640.format-webp.webp\0.jpg",
        "/media/images/harbour.width-640.format-webp.webp\n",
        "/media/images/" + "x" * 5000,
        "/media/",
    ],
)
def test_nothing_else_under_media_is_reachable(renditions: Files, path: str) -> None:
    assert got(renditions, ask(path)).status == 404


def test_a_picture_is_held_once_it_is_asked_for_again(renditions: Files, tmp_path: Path) -> None:
    """Who walks through every picture there is leaves nothing in memory."""
    name = "/media/images/harbour.width-640.format-webp.webp"
    first, second, third = (got(renditions, ask(name)) for _ in range(3))
    assert (first.path[-5:], first.content) == (".webp", b"")
    assert (second.path, second.content) == ("", b"webp") == (third.path, third.content)
    picture = tmp_path / "media" / name.removeprefix("/media/")
    picture.write_bytes(b"another")
    changed = [got(renditions, ask(name)) for _ in range(3)]
    assert {header(answer, "content-length") for answer in changed} == {"7"}
    assert [answer.content for answer in changed] == [b"", b"another", b"another"]
    picture.unlink()
    assert got(renditions, ask(name)).status == 404


def test_what_is_held_is_bounded_and_what_is_asked_for_stays(tmp_path: Path) -> None:
    held = Held(3_000)
    files = [tmp_path / str(number) for number in range(4)]

    def get(number: int) -> bytes | None:
        return held.get(str(files[number]), tag="1", size=1_000)

    for number, file in enumerate(files):
        file.write_bytes(b"%d" % number * 1_000)
        assert get(number) is None
    for number in (0, 1, 2, 0, 3):
        assert get(number) == b"%d" % number * 1_000
    # The one that nobody asked for longest made room.
    files[1].unlink()
    files[0].unlink()
    assert get(1) is None
    assert get(0) == b"0" * 1_000


def test_what_is_being_written_is_not_held(tmp_path: Path) -> None:
    held, file = Held(3_000, eager=True), tmp_path / "half"
    file.write_bytes(b"half")
    assert held.get(str(file), tag="1", size=8) is None
    file.write_bytes(b"and half")
    assert held.get(str(file), tag="1", size=8) == b"and half"
    assert held.get(str(tmp_path / "gone"), tag="1", size=8) is None


def test_a_type_is_never_one_that_a_browser_runs_by_guessing() -> None:
    assert content_type("x.html.exe") == "application/octet-stream"
    assert content_type("x") == "application/octet-stream"
    assert content_type("X.JPG") == "image/jpeg"
