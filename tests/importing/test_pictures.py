"""Pictures: from a folder or from the old site, checked, kept once, and never out of bounds."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from broadsheet.importing.api import Report
from broadsheet.importing.images import NotAPictureError, check_picture
from broadsheet.kit.safehttp import Network
from formats.wxr_text import fields, item, meta
from importing.conftest import Importer
from importing.reading import html, model, row_counts, story

type Bring = Callable[..., Report]

HEIC = Path(__file__).parent.with_name("stories") / "telephone.heic"
PIER = "https://post.example/wp-content/uploads/2025/03/pier.jpg"
SMALL = "https://post.example/wp-content/uploads/2025/03/pier-300x200.jpg"


def jpeg(colour: str = "navy", size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def attachment(url: str = PIER, number: str = "20", **values: str) -> str:
    alt = meta("postmeta", [("_wp_attachment_image_alt", "The old pier")])
    caption = "<excerpt:encoded><![CDATA[Pier at dawn]]></excerpt:encoded>"
    given = {
        "post_id": number,
        "post_type": "attachment",
        "status": "inherit",
        "post_parent": "7",
        "attachment_url": url,
    }
    return item(alt, caption, title="Pier", **(given | values))


def post(text: str, *inside: str, **values: str) -> str:
    body = f"<content:encoded><![CDATA[{text}]]></content:encoded>"
    given = {"post_name": "ferry", "post_date_gmt": "2025-03-01 08:00:00"}
    return item(body, *inside, **(given | values))


def lead(number: str = "20") -> str:
    return meta("postmeta", [("_thumbnail_id", number)])


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2025/03").mkdir(parents=True)
    (folder / "2025/03/pier.jpg").write_bytes(jpeg())
    return folder


def kinds(slug: str = "ferry") -> list[str]:
    return [block.block_type for block in story(slug).body]


def test_pictures_come_from_the_folder(bring: Bring, uploads: Path) -> None:
    image = f'<img src="{SMALL}" class="wp-image-20" alt="Seen here"/>'
    text = f"<figure>{image}<figcaption>Cap</figcaption></figure>"
    report = bring(post(text, lead()), attachment(), media=uploads)
    found = story("ferry")
    assert kinds() == ["image"]
    picture = found.lead_image
    assert (picture.title, picture.description) == ("Pier", "The old pier")
    assert found.body[0].value["image"] == picture
    assert found.body[0].value["alt"] == "Seen here"
    assert "Pier at dawn" in found.lead_caption
    assert report.outcome("picture", "new") == model("NewsImage").objects.count() == 1
    assert picture.renditions.count() >= 4
    seen = html("/news/ferry/")
    assert "<figcaption" in seen
    assert "original_images" not in seen


def test_without_a_source_they_are_links_and_can_be_had_later(bring: Bring, uploads: Path) -> None:
    parts = (post(f'Look:\n\n<img src="{SMALL}" alt="Pier"/>', lead()), attachment())
    report = bring(*parts)
    assert kinds() == ["paragraph", "paragraph"]
    assert f'href="{PIER}"' in html("/news/ferry/")
    assert (report.count("pictures_not_asked"), report.count("lead_not_asked")) == (1, 1)
    assert "run again with --media" in report.markdown()

    later = bring(*parts, media=uploads)
    assert later.outcome("story", "updated") == 1
    assert kinds() == ["paragraph", "image"]
    assert story("ferry").lead_image is not None
    before = row_counts()
    again = bring(*parts, media=uploads)
    assert row_counts() == before
    assert again.outcome("picture", "same") == again.outcome("story", "same") == 1
    # And they stay without being asked for again.
    bring(*parts)
    assert row_counts() == before


def test_pictures_are_not_filled_into_a_story_edited_here(bring: Bring, uploads: Path) -> None:
    parts = (post(f'<img src="{SMALL}"/>'), attachment())
    bring(*parts)
    story("ferry").save_revision().publish()
    report = bring(*parts, media=uploads)
    assert report.outcome("story", "edited") == 1
    assert kinds() == ["paragraph"]


def test_galleries(bring: Bring, uploads: Path) -> None:
    (uploads / "2025/03/boat.jpg").write_bytes(jpeg("red"))
    boat = PIER.replace("pier", "boat")
    parts = (attachment(), attachment(boat, "21", menu_order="-1"))
    bring(
        *parts,
        post('[gallery ids="20,21"]'),
        post("[gallery]", post_id="8", title="B", post_name="b"),
        media=uploads,
    )
    assert kinds() == ["gallery"]
    (found,) = story("ferry").body.raw_data
    pictures = found["value"]["pictures"]
    assert [one["type"] for one in pictures] == ["item", "item"]
    assert (
        len({one["value"]["image"] for one in pictures})
        == len({one["id"] for one in pictures})
        == 2
    )
    assert kinds("b") == []
    page = html("/news/ferry/")
    assert "[gallery" not in page
    assert page.count('<figure class="picture">') == 2


def test_a_gallery_of_which_one_picture_is_here_is_no_gallery(bring: Bring, uploads: Path) -> None:
    parts = (attachment(), attachment(PIER.replace("pier", "lost"), "21"))
    bring(*parts, post('[gallery ids="20,21"]'), media=uploads)
    assert kinds() == ["image", "paragraph"]


def test_a_picture_outside_the_library_is_known_by_its_address(bring: Bring, uploads: Path) -> None:
    text = f'<img src="{PIER}"/><img src="{SMALL}"/><img src="https://cdn.example/uploads/2025/03/pier.jpg"/>'
    report = bring(post(text), media=uploads)
    # Its path is in the folder too, but another site's file is not.
    assert kinds() == ["image", "image", "paragraph"]
    assert model("NewsImage").objects.count() == 1
    assert report.outcome("picture", "failed") == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://post.example/wp-content/uploads/../../secret.jpg",
        "https://post.example/wp-content/uploads/%2e%2e/secret.jpg",
        "https://post.example/wp-content/uploads/..%2fsecret.jpg",
        "https://post.example/wp-content/uploads//etc/passwd.jpg",
        "https://post.example/wp-content/uploads/link.jpg",
        "https://post.example/wp-content/uploads/folder/secret.jpg",
        "https://post.example/wp-content/uploads/2025.jpg\x00.png",
        "file:///etc/passwd.jpg",
    ],
)
def test_nothing_outside_the_folder_is_read(
    bring: Bring, uploads: Path, tmp_path: Path, url: str
) -> None:
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    (uploads / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (uploads / "folder").symlink_to(tmp_path)
    report = bring(attachment(url.replace("\x00", "")), media=uploads)
    assert model("NewsImage").objects.count() == 0
    assert report.outcome("picture", "failed") + report.count("file") == 1


@pytest.mark.parametrize(
    "name",
    [
        *("bomb_30000x30000_1bit.png", "claims_2147483647x1.png", "claims_65535x65535_nodata.png"),
        *("gif_claims_65535x65535.gif", "html_as.png", "script.svg", "svg_use_bomb.svg"),
        *("ztxt_64MB.png", "nul.json"),
    ],
)
def test_what_is_no_picture_is_refused(test_data: Path, name: str) -> None:
    with pytest.raises(NotAPictureError):
        check_picture((test_data / "security/generated" / name).read_bytes())


def test_a_picture_is_what_it_decodes_to() -> None:
    checked = check_picture(jpeg(size=(3, 2)))
    assert (checked.ending, checked.width, checked.height) == ("jpg", 3, 2)
    with pytest.raises(NotAPictureError):
        check_picture(jpeg()[:200])


def test_a_bad_picture_stops_nothing(bring: Bring, uploads: Path) -> None:
    (uploads / "2025/03/pier.jpg").write_bytes(b"<html>not found</html>")
    report = bring(post(f'Text.\n\n<img src="{PIER}"/>', lead()), attachment(), media=uploads)
    assert kinds() == ["paragraph", "paragraph"]
    assert report.outcome("picture", "failed") == 1
    assert "pier.jpg: not a picture" in report.markdown()


def test_a_picture_deleted_here_does_not_come_back(bring: Bring, uploads: Path) -> None:
    parts = (post("Text."), attachment())
    bring(*parts, media=uploads)
    model("NewsImage").objects.all().delete()
    report = bring(*parts, media=uploads)
    assert model("NewsImage").objects.count() == 0
    assert report.outcome("picture", "deleted") == 1


@contextmanager
def old_site(files: dict[str, bytes]) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Host"] + self.path)
            found = files.get(self.path)
            if found is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], asked
        finally:
            server.shutdown()
            thread.join()


def test_pictures_are_downloaded_but_never_from_inside(importer: Importer) -> None:
    with old_site({"/wp-content/uploads/a.jpg": jpeg(), "/secret.jpg": jpeg()}) as (port, asked):

        def resolve(host: str, _port: int) -> list[str]:
            return ["127.0.0.1"] if host == "post.example" else ["169.254.169.254"]

        network = Network(resolve=resolve, permits=lambda a: str(a) == "127.0.0.1", ports=None)
        good = f"http://post.example:{port}/wp-content/uploads/a.jpg"
        gone = f"http://post.example:{port}/wp-content/uploads/gone.jpg"
        inside = f"http://metadata.example:{port}/secret.jpg"
        text = "".join(f'<img src="{url}"/>' for url in (good, gone, inside))
        report = importer.bring(_export(post(text)), network=network)
        assert kinds() == ["image", "paragraph", "paragraph"]
        assert [line.partition("/")[2] for line in asked] == [
            "wp-content/uploads/a.jpg",
            "wp-content/uploads/gone.jpg",
        ]
        assert report.outcome("picture", "failed") == 2
        said = report.markdown()
        assert "answered 404" in said
        assert "not on the public internet" in said


def test_the_internet_itself_refuses_what_is_inside(importer: Importer) -> None:
    from broadsheet.kit.safehttp import INTERNET

    with old_site({"/a.jpg": jpeg()}) as (port, asked):
        urls = [
            f"http://127.0.0.1:{port}/a.jpg",
            f"http://localhost:{port}/a.jpg",
            f"http://[::ffff:127.0.0.1]:{port}/a.jpg",
            "http://169.254.169.254/latest/a.jpg",
        ]
        text = "".join(f'<img src="{url}"/>' for url in urls)
        network = Network(permits=INTERNET.permits, ports=None)
        report = importer.bring(_export(post(text), attachment(urls[0])), network=network)
        assert asked == []
        assert report.outcome("picture", "failed") == 4
        assert model("NewsImage").objects.count() == 0


def _export(*parts: str) -> str:
    from formats.wxr_text import export

    return export(*parts)


def test_attachment_pages_lead_to_the_story(bring: Bring) -> None:
    from broadsheet.importing.api import old_address

    bring(
        item(
            "<link>https://post.example/ferry/pier/</link>",
            fields(attachment_url=PIER),
            post_id="20",
            post_type="attachment",
            post_parent="7",
        ),
        post("Text."),
    )
    assert old_address("/ferry/pier/", "") == "/news/ferry/"
    assert old_address("/", "attachment_id=20") == "/news/ferry/"


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")],
)
def test_every_kind_of_picture_is_taken(kind: str, ending: str) -> None:
    data = BytesIO()
    Image.new("RGB", (8, 4), "navy").save(data, kind)
    checked = check_picture(data.getvalue())
    assert (checked.ending, checked.width, checked.height) == (ending, 8, 4)


def test_other_kinds_are_not() -> None:
    data = BytesIO()
    Image.new("RGB", (8, 4), "navy").save(data, "TIFF")
    heix = HEIC.read_bytes().replace(b"heic", b"heix")
    for content in (data.getvalue(), heix, b"<svg/>"):
        with pytest.raises(NotAPictureError):
            check_picture(content)


def test_the_photograph_of_a_telephone_comes_too(bring: Bring, uploads: Path) -> None:
    (uploads / "2025/03/pier.heic").write_bytes(HEIC.read_bytes())
    address = PIER.replace(".jpg", ".heic")
    bring(attachment(address), post(f'<img src="{address}"/>'), media=uploads)
    assert kinds() == ["image"]
    image = model("NewsImage").objects.get()
    assert (image.file.name.endswith(".heic"), image.width, image.height) == (True, 160, 240)
    assert re.search(r'<img src="/media/images/[^"]+\.jpg"', html("/news/ferry/"))
