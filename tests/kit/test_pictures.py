"""A stranger's picture made anew: what is left of it, and what is refused."""

import json
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image, ImageCms

import uploads
from broadsheet.kit.pictures import FULL, SMALL, NotAPictureError, kind_of, remade


def seen(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def test_a_photograph_is_turned_and_forgets_where_it_was_taken() -> None:
    before = uploads.photograph()
    assert seen(before).getexif().get_ifd(0x8825), "the file has a position to lose"
    made = remade(before)
    assert (made.width, made.height) == (600, 900)
    for data in (made.full, made.small):
        picture = seen(data)
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert set(picture.info) <= {"background", "loop", "timestamp", "duration"}
        assert uploads.SECRET not in data
        assert uploads.CAMERA.encode() not in data
        width, height = picture.size
        red, _, blue = picture.convert("RGB").getpixel((width // 2, height // 8))  # type: ignore[misc]  # three bands
        assert red > 200 > blue, "what was on the left is above"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_usual_formats_are_taken(kind: str) -> None:
    made = remade(uploads.plain(kind))
    assert seen(made.full).size == (60, 40)


def test_a_telephones_own_format_is_taken() -> None:
    made = remade(uploads.HEIC.read_bytes())
    assert seen(made.full).size == (made.width, made.height)


def test_a_large_picture_is_bounded_and_has_a_smaller_one() -> None:
    made = remade(uploads.plain("JPEG", (4000, 3000)))
    assert seen(made.full).size == (FULL[0], 1200) == (made.width, made.height)
    small = seen(made.small).size
    assert small[0] <= SMALL[0]
    assert small[1] == SMALL[1]


def test_of_an_animation_the_first_picture_is_kept() -> None:
    picture = seen(remade(uploads.animation()).full)
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((30, 20))[0] > 200  # type: ignore[index]  # three bands


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixels_is_understood(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert seen(remade(uploads.encoded(Image.new(mode, (60, 40)), kind)).full).size == (60, 40)


def test_transparency_stays_and_a_profile_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clear = Image.new("RGBA", (60, 40), (255, 0, 0, 0))
    made = remade(uploads.encoded(clear, "PNG", icc_profile=profile))
    picture = seen(made.full)
    assert picture.convert("RGBA").getpixel((30, 20))[3] == 0  # type: ignore[index]  # four bands
    assert "icc_profile" not in picture.info
    broken = uploads.encoded(Image.new("RGB", (60, 40)), "PNG", icc_profile=b"none")
    assert remade(broken).width == 60


REFUSED = {
    "svg": (uploads.SVG, "kind", "SVG"),
    "bare svg": (b"  <svg onload=alert(1)>", "kind", "SVG"),
    "html": (uploads.HTML, "kind", "HTML"),
    "xml": (b"<?xml version='1.0'?><feed/>", "kind", "XML"),
    "pdf": (b"%PDF-1.7 ...", "kind", "PDF"),
    "film": (b"\0\0\0\x18ftypmp42" + bytes(40), "kind", "MP4"),
    "tiff": (uploads.plain("TIFF"), "kind", "TIFF"),
    "bmp": (uploads.plain("BMP"), "kind", "BMP"),
    "nothing": (b"", "broken", ""),
    "words": (b"no picture at all", "broken", ""),
    "truncated": (uploads.photograph()[:2000], "broken", ""),
    "bomb": (uploads.bomb(), "pixels", ""),
    "large": (uploads.plain("PNG", (5100, 5100)), "pixels", ""),
    "long": (uploads.plain("PNG", (21_000, 2)), "pixels", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, code, kind = REFUSED[name]
    with pytest.raises(NotAPictureError) as caught:
        remade(data)
    assert (caught.value.code, caught.value.facts.get("kind", "")) == (code, kind)


def test_what_a_file_is_says_its_content() -> None:
    assert kind_of(uploads.photograph()) == kind_of(uploads.plain()) == ""


def test_a_process_of_its_own_answers_with_a_line_and_the_files() -> None:
    def answer(data: bytes) -> tuple[dict[str, object], bytes]:
        command = [sys.executable, "-m", "broadsheet.kit.pictures"]
        done = subprocess.run(command, input=data, capture_output=True, check=True)
        line, _, files = done.stdout.partition(b"\n")
        return json.loads(line), files

    said, files = answer(uploads.photograph())
    assert (said["width"], said["height"]) == (600, 900)
    sizes = said["sizes"]
    assert isinstance(sizes, list)
    assert sum(sizes) == len(files)
    assert seen(files[: sizes[0]]).size == (600, 900)
    assert answer(uploads.SVG) == ({"code": "kind", "facts": {"kind": "SVG"}}, b"")
