"""Looking up the files of pictures: never made here, so that drawing a page never waits for one."""

from collections.abc import Collection, Mapping

from broadsheet.stories.images import ALL_SPECS, CARD_SPEC, FULL_SPEC, LEAD_SPECS
from broadsheet.stories.models import NewsImage, NewsRendition
from broadsheet.stories.shown import Credit, Picture

type Renditions = Mapping[int, Mapping[str, NewsRendition]]


def renditions_of(image_ids: Collection[int]) -> Renditions:
    """Return the existing renditions of these images, by image and spec: one query, or none."""
    found: dict[int, dict[str, NewsRendition]] = {}
    if not image_ids:
        return found
    rows = NewsRendition.objects.filter(
        image_id__in=image_ids, filter_spec__in=ALL_SPECS
    ).select_related("image")
    for row in rows:
        # A picture whose focal point moved keeps its old crop until the new one is made.
        found.setdefault(row.image_id, {})[row.filter_spec] = row
    return found


def picture(
    renditions: Mapping[str, NewsRendition] | None,
    *,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    card: bool = False,
) -> Picture | None:
    """Compose a picture from its renditions, or None while there are none.

    `alt` and `credit` fall back to the image's own.
    """
    specs = (CARD_SPEC,) if card else LEAD_SPECS
    files = [renditions[spec] for spec in specs if spec in renditions] if renditions else []
    if not files or renditions is None:
        return None
    image: NewsImage = files[0].image
    largest = files[-1]
    full = renditions.get(FULL_SPEC)
    return Picture(
        src=largest.url,
        srcset="" if card else ", ".join(f"{file.url} {file.width}w" for file in files),
        width=largest.width,
        height=largest.height,
        alt=alt or image.description,
        caption=caption,
        credit=Credit(credit or image.credit) if credit or image.credit else None,
        full_url=full.url if full else "",
    )
