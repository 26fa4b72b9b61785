from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from willow.plugins.pillow import PillowImage

from broadsheet.stories import api as stories
from broadsheet.stories.images import ALL_SPECS, auto_orient_and_clean
from broadsheet.stories.models import NewsImage, NewsRendition
from newsroom import make_image, make_section, make_story

SECRETS = (b"Maren Oduya", b"SERIAL-4711", b"Exif")


def test_publishing_makes_every_file_that_readers_get(db: None, now: datetime) -> None:
    image = make_image(size=(1600, 900))
    make_story(make_section(), at=now, lead_image=image)
    specs = set(NewsRendition.objects.filter(image=image).values_list("filter_spec", flat=True))
    assert specs == set(ALL_SPECS)


def test_no_file_carries_what_the_camera_wrote(db: None, now: datetime) -> None:
    image = make_image(size=(1200, 800), exif=True)
    original = Path(image.file.path).read_bytes()
    assert all(secret in original for secret in SECRETS)
    stories.make_renditions(image_ids={image.pk})
    # The desk's own thumbnail too.
    image.get_rendition("max-165x165")
    files = [Path(row.file.path) for row in NewsRendition.objects.filter(image=image)]
    assert len(files) == len(ALL_SPECS) + 1
    for file in files:
        assert file.is_relative_to(Path(settings.MEDIA_ROOT) / "images")
        for secret in SECRETS:
            assert secret not in file.read_bytes(), file.name
        # Turned by a quarter, as the camera asked.
        with Image.open(file) as opened:
            assert opened.height > opened.width or "fill" in file.name or "640x400" in file.name


def test_a_page_never_makes_a_file(db: None, now: datetime) -> None:
    from django.test import Client

    image = make_image()
    story = make_story(make_section(), at=now, lead_image=image)
    NewsRendition.objects.all().delete()
    page = Client().get(stories.url_of(story)).content.decode()
    assert NewsRendition.objects.count() == 0
    assert "<figure" not in page
    assert stories.make_renditions() == len(ALL_SPECS)
    assert stories.make_renditions() == 0
    assert "<figure" in Client().get(stories.url_of(story)).content.decode()


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
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


def test_images_that_no_page_shows_are_made_too(db: None) -> None:
    make_image()
    assert NewsImage.objects.count() == 1
    assert stories.make_renditions() == len(ALL_SPECS)
