import errno
import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images.forms import get_image_form
from willow.plugins.pillow import PillowImage

from broadsheet.stories import api as stories
from broadsheet.stories import renditions
from broadsheet.stories.images import (
    ALL_SPECS,
    QUICK_SPECS,
    auto_orient_and_clean,
    specs_for,
)
from broadsheet.stories.models import NewsImage, NewsRendition, Person
from broadsheet.stories.pictures import picture, position, renditions_of
from newsroom import make_image, make_section, make_story

SECRETS = (b"Maren Oduya", b"SERIAL-4711", b"Exif")
HEIC = Path(__file__).with_name("telephone.heic")


def specs_of(image: NewsImage) -> set[str]:
    return set(NewsRendition.objects.filter(image=image).values_list("filter_spec", flat=True))


def page_of(story: Any) -> str:
    return Client().get(stories.url_of(story)).content.decode()


def test_publishing_encodes_nothing_and_rings_for_the_pictures(
    db: None, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    image = make_image(size=(1600, 900))
    stories.pictures_wanted.clear()
    with django_capture_on_commit_callbacks(execute=True):
        story = make_story(make_section(), at=now, lead_image=image, pictures=False)
        assert not stories.pictures_wanted.is_set(), "what is being written cannot be read yet"
    assert stories.pictures_wanted.is_set()
    assert specs_of(image) == set()
    assert "<figure" not in page_of(story)
    # The scheduler's child: what every browser shows goes first.
    turns = iter([False, True])
    assert stories.make_all_renditions(stop=lambda: next(turns)) == len(QUICK_SPECS)
    assert specs_of(image) == set(QUICK_SPECS)
    assert "<figure" in page_of(story)
    assert stories.pictures_missing()
    assert stories.make_all_renditions() == len(ALL_SPECS) - len(QUICK_SPECS)
    assert specs_of(image) == set(ALL_SPECS)
    assert not stories.pictures_missing()
    assert stories.make_all_renditions() == 0


@pytest.mark.parametrize(
    ("size", "number"), [((300, 200), 7), ((700, 900), 14), ((1000, 600), 16), ((4000, 10), 18)]
)
def test_a_small_picture_gets_no_file_twice(db: None, size: tuple[int, int], number: int) -> None:
    image = make_image(size=size)
    assert len(specs_for(width=size[0], height=size[1])) == number
    assert stories.make_all_renditions() == number
    assert not stories.pictures_missing()
    shown = picture(renditions_of({image.pk})[image.pk])
    assert shown
    for srcset in (shown.srcset, *(source.srcset for source in shown.sources)):
        widths = re.findall(r" (\d+)w", srcset)
        assert len(widths) == len(set(widths)) > 0


def test_a_picture_offers_the_best_format_first_and_leaves_out_none_that_works(
    db: None, now: datetime
) -> None:
    image = make_image(size=(2400, 1500), description="Ferry")
    story = make_story(make_section(), at=now, lead_image=image)
    stories.make_all_renditions()
    page = page_of(story)
    found = re.search(r'<figure class="picture"><picture>(.*?)</picture>', page, re.DOTALL)
    assert found
    assert re.findall(r'<source type="([^"]+)"', found[1]) == ["image/avif", "image/webp"]
    widths = [
        re.findall(r" (\d+)w", srcset) for srcset in re.findall(r'srcset="([^"]+)"', found[1])
    ]
    assert widths == [["480", "800", "1200", "1920"]] * 2 + [["800", "1200"]]
    assert re.search(r'<img src="/media/images/[^"]+\.jpg" .*width="1200" height="750"', found[1])
    assert 'fetchpriority="high"' in found[1]
    assert "lazy" not in found[1]
    preload = re.search(r'<link rel="preload" as="image"[^>]+>', page)
    assert preload
    assert 'type="image/avif"' in preload[0]
    avif = re.search(r'<source type="image/avif" srcset="([^"]+)" sizes="([^"]+)"', found[1])
    assert avif
    assert f'imagesrcset="{avif[1]}" imagesizes="{avif[2]}"' in preload[0]


def test_the_first_picture_of_a_section_is_fetched_ahead_and_no_other(
    db: None, now: datetime
) -> None:
    section = make_section()
    for number in range(2):
        image = make_image(size=(2400, 1500), description=f"Ferry {number}")
        make_story(section, at=now, headline=f"Ferry {number}", lead_image=image)
    stories.make_all_renditions()
    page = Client().get(stories.url_of(section)).content.decode()
    (preload,) = re.findall(r'<link rel="preload" as="image"[^>]+>', page)
    first = page.split("<picture>")[1]
    avif = re.search(r'<source type="image/avif" srcset="([^"]+)" sizes="([^"]+)"', first)
    assert avif
    assert f'imagesrcset="{avif[1]}" imagesizes="{avif[2]}" type="image/avif"' in preload
    assert 'loading="lazy"' not in first
    make_story(section, at=now + timedelta(hours=1), headline="Without a picture")
    assert 'rel="preload" as="image"' not in (
        Client().get(stories.url_of(section)).content.decode()
    )


def test_the_first_picture_of_any_list_is_fetched_ahead(db: None, now: datetime) -> None:
    section = make_section()
    for number in range(2):
        image = make_image(size=(2400, 1500), description=f"Ferry {number}")
        story = make_story(
            section, at=now, headline=f"Ferry {number}", lead_image=image,
            bylines=("Ida Brenner",),
        )  # fmt: skip
        story.tags.add("Harbour")
        story.save_revision().publish()
    stories.make_all_renditions()
    for address in ("/topics/harbour/", "/people/ida-brenner/", f"/archive/{now:%Y/%m}/"):
        page = Client().get(address).content.decode()
        (preload,) = re.findall(r'<link rel="preload" as="image"[^>]+>', page)
        first, second = page.split("<picture>")[1:]
        avif = re.search(r'<source type="image/avif" srcset="([^"]+)" sizes="([^"]+)"', first)
        assert avif
        assert f'imagesrcset="{avif[1]}" imagesizes="{avif[2]}"' in preload
        assert 'loading="lazy"' not in first
        assert 'loading="lazy"' in second


def test_no_file_carries_what_the_camera_wrote(db: None, now: datetime) -> None:
    image = make_image(size=(1300, 800), exif=True)
    original = Path(image.file.path).read_bytes()
    assert all(secret in original for secret in SECRETS)
    stories.make_renditions(image_ids={image.pk})
    # The desk's own thumbnail too; numbers of pictures come again after each test.
    cache.clear()
    image.get_rendition("max-165x165")
    files = [Path(row.file.path) for row in NewsRendition.objects.filter(image=image)]
    assert len(files) == len(ALL_SPECS) + 1
    for file in files:
        assert file.is_relative_to(Path(settings.MEDIA_ROOT) / "images")
        for secret in SECRETS:
            assert secret not in file.read_bytes(), file.name
        # Turned by a quarter, as the camera asked.
        with Image.open(file) as opened:
            assert opened.height > opened.width or "fill" in file.name


def test_the_photograph_of_a_telephone_is_taken_turned_and_cleaned(db: None) -> None:
    content = HEIC.read_bytes()
    assert all(secret in content for secret in SECRETS)
    form = get_image_form(NewsImage)(
        {"title": "Pier", "collection": 1}, {"file": SimpleUploadedFile("IMG_1.HEIC", content)}
    )
    assert form.is_valid(), form.errors
    image = form.save()
    assert (image.width, image.height) == (160, 240)
    assert stories.make_all_renditions() > 0
    for row in image.renditions.all():
        file = Path(row.file.path)
        assert file.suffix in {".jpg", ".webp", ".avif"}
        assert not any(secret in file.read_bytes() for secret in SECRETS), file.name
    with Image.open(image.renditions.get(filter_spec="max-2400x2400|format-jpeg").file) as full:
        assert full.size == (160, 240)
        assert full.convert("RGB").getpixel((155, 5)) > (200, 100, 0)


def test_a_page_never_makes_a_file(db: None, now: datetime) -> None:
    image = make_image()
    story = make_story(make_section(), at=now, lead_image=image)
    NewsRendition.objects.all().delete()
    assert "<figure" not in page_of(story)
    assert NewsRendition.objects.count() == 0
    assert stories.make_all_renditions() == len(specs_for(width=800, height=500))
    assert "<figure" in page_of(story)


def test_files_of_an_older_installation_are_shown_until_there_are_new_ones(
    db: None, now: datetime
) -> None:
    image = make_image(size=(1600, 1000))
    story = make_story(make_section(), at=now, lead_image=image)
    NewsRendition.objects.all().delete()
    for spec in ("width-640|format-webp", "width-1200|format-webp", "fill-640x400|format-webp"):
        image.get_rendition(spec)
    page = page_of(story)
    assert re.search(r'<img src="[^"]+\.webp" srcset="[^"]+ 640w, [^"]+ 1200w"', page)
    assert "<source" not in page
    assert ".webp" in Client().get("/").content.decode()
    assert stories.pictures_missing()


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_cleaning_drops_everything_but_colour(fmt: str) -> None:
    from newsroom import phone_exif

    data = BytesIO()
    Image.new("RGB", (8, 4)).save(data, fmt, exif=phone_exif(), xmp=b"<x>Maren</x>")
    data.seek(0)
    with Image.open(data) as opened:
        cleaned = auto_orient_and_clean(PillowImage(opened))
    assert cleaned.get_exif_data() is None
    assert "xmp" not in cleaned.image.info
    assert cleaned.get_size() == (4, 8)


@pytest.mark.parametrize(
    ("mode", "fmt"),
    [("RGBA", "PNG"), ("P", "GIF"), ("L", "JPEG"), ("CMYK", "JPEG"), ("I;16", "PNG")],
)
def test_every_kind_of_pixels_becomes_every_format(db: None, mode: str, fmt: str) -> None:
    data = BytesIO()
    Image.new(mode, (90, 60)).save(data, fmt)
    data.seek(0)
    image = NewsImage.objects.create(title="x", file=ImageFile(data, f"x.{fmt.lower()}"))
    assert stories.make_renditions(image_ids={image.pk}) == 7


def test_one_broken_upload_keeps_no_other_from_being_made(db: None) -> None:
    good, bad = make_image(), make_image()
    Path(bad.file.path).write_bytes(b"not a picture")
    assert stories.make_all_renditions() == len(specs_for(width=800, height=500))
    assert specs_of(good)
    assert not specs_of(bad)
    assert not stories.pictures_missing(), "it is not tried again for ever"
    with pytest.raises(Exception, match="image"):
        stories.make_renditions(image_ids={bad.pk})


def test_a_new_upload_in_place_of_an_unreadable_one_is_made(db: None) -> None:
    bad = make_image()
    Path(bad.file.path).write_bytes(b"not a picture")
    assert stories.make_all_renditions() == 0
    NewsImage.objects.filter(pk=bad.pk).update(file=make_image().file.name)
    assert stories.pictures_missing()
    stories.make_all_renditions()
    assert specs_of(bad)


def test_a_full_disk_is_not_the_fault_of_the_upload(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_image()
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(renditions, "develop", Mock(side_effect=full))
    assert stories.make_all_renditions() == 0
    assert stories.pictures_missing()


def test_making_stops_when_it_is_told(db: None) -> None:
    make_image()
    assert stories.make_all_renditions(stop=lambda: True) == 0


def test_a_new_focal_point_makes_new_crops_and_nothing_else(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    image = make_image(size=(1000, 1000))
    stories.make_all_renditions()
    before = {row.pk for row in image.renditions.all()}
    image.focal_point_x, image.focal_point_y = 900, 900
    image.focal_point_width = image.focal_point_height = 10
    stories.pictures_wanted.clear()
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    assert {row.pk for row in image.renditions.all()} == before, "saving encodes nothing"
    assert stories.pictures_wanted.is_set()
    assert stories.pictures_missing()
    stories.make_all_renditions()
    after = image.renditions.all()
    fresh = {row.filter_spec for row in after if row.pk not in before}
    assert fresh == {spec for spec in specs_of(image) if spec.startswith("fill-")}
    assert len(after) == len(before)
    assert position(image) == "bottom-right"
    assert not stories.pictures_missing()
    # There and back before anybody made a file: nothing is left to do.
    place = image.focal_point_x
    for image.focal_point_x in (100, place):
        image.refresh_from_db(fields=["crop_key"])
        image.save()
    assert not stories.pictures_missing()


@pytest.mark.parametrize(
    ("own", "image", "link", "more"),
    [
        ({}, {}, "", None),
        ({}, {"credit": "Agency"}, "By Agency", None),
        ({"credit": "Own"}, {"credit": "Agency"}, "By Own", None),
        ({}, {"credit": "Agency", "person": True}, "By Ines", "/people/ines/"),
        ({"credit": "Own"}, {"person": True}, "By Own", None),
        ({"credit": "Own", "person": True}, {"credit": "Agency"}, "By Ines", "/people/ines/"),
    ],
)  # fmt: skip
def test_a_credit_and_the_way_to_the_whole_picture_are_one_link(
    db: None, now: datetime, own: dict[str, Any], image: dict[str, Any], link: str, more: str | None
) -> None:
    ines = Person.objects.create(name="Ines", slug="ines")
    fields = {"credit": image.get("credit", ""), "licence": "CC BY 4.0"}
    if image.get("person"):
        fields["credit_person"] = ines
    kept = make_image(**fields)
    person = ines if own.get("person") else None
    value = {
        "image": kept.pk,
        "credit": own.get("credit", ""),
        "credit_person": person and person.pk,
    }
    story = make_story(
        make_section(),
        at=now,
        lead_image=kept,
        lead_credit=own.get("credit", ""),
        lead_credit_person=person,
        body=[{"type": "image", "value": value}],
    )
    page = page_of(story)
    way = "click to see the full-size image"
    link = f"{link}, {way}" if link else way.capitalize()
    found = re.findall(r'<a href="(/media/images/[^"]+\.jpg)" class="full">([^<]+)</a>', page)
    assert [words for _, words in found] == [link] * 2
    assert page.count('<a class="more-by" href="/people/ines/">More by Ines</a>') == (
        2 if more else 0
    )
    assert page.count("CC BY 4.0") == (0 if link.startswith("Click") else 2)
