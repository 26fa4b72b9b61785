"""Looking up the files of pictures: never made here, so that drawing a page never waits for one."""

from collections.abc import Collection, Iterable, Mapping

from broadsheet.stories.images import CROPPED, FULL_SPEC, MEDIA_TYPES, SHOWN_SPECS, WIDE
from broadsheet.stories.models import NewsImage, NewsRendition, Person
from broadsheet.stories.shown import Credit, Picture, Source

type Renditions = Mapping[int, Mapping[str, NewsRendition]]
type ByFormat = Mapping[str, list[NewsRendition]]


def renditions_of(image_ids: Collection[int]) -> Renditions:
    """Return the existing renditions of these images, by image and spec: one query, or none."""
    found: dict[int, dict[str, NewsRendition]] = {}
    if not image_ids:
        return found
    rows = NewsRendition.objects.filter(
        image_id__in=image_ids, filter_spec__in=SHOWN_SPECS
    ).select_related("image__credit_person")
    # A picture whose focal point moved keeps its old crop until the new one is made.
    for row in rows.order_by("pk"):
        found.setdefault(row.image_id, {})[row.filter_spec] = row
    return found


def picture(
    renditions: Mapping[str, NewsRendition] | None,
    *,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    credit_person: Person | None = None,
    card: bool = False,
) -> Picture | None:
    """Compose a picture from its renditions, or None while there are none.

    `alt` falls back to the image's description, the credit to the image's own. A card takes a crop,
    or the whole picture while there is none.
    """
    if not renditions:
        return None
    formats = (card and _by_format(renditions, CROPPED)) or _by_format(renditions, WIDE)
    plain = formats.get("jpeg") or formats.get("webp")
    if not plain:
        return None
    image: NewsImage = plain[0].image
    largest = plain[-1]
    full = renditions.get(FULL_SPEC)
    return Picture(
        src=largest.url,
        srcset=_srcset(plain),
        width=largest.width,
        height=largest.height,
        alt=alt or image.description,
        caption=caption,
        credit=_credit(image, credit, credit_person),
        full_url=full.url if full else "",
        sources=tuple(_sources(formats, plain)),
        position=position(image),
    )


def position(image: NewsImage) -> str:
    """Say in words where the focal point is, by thirds of the picture; empty in the middle."""
    x, y = image.focal_point_x, image.focal_point_y
    if x is None or y is None or not image.width or not image.height:
        return ""
    across = _third(x / image.width, "left", "right")
    down = _third(y / image.height, "top", "bottom")
    return "-".join(word for word in (down, across) if word)


def _third(share: float, first: str, last: str) -> str:
    return first if share < 1 / 3 else last if share > 2 / 3 else ""


def _by_format(renditions: Mapping[str, NewsRendition], shape: str) -> ByFormat:
    """Return the files of a shape by format, from narrow to wide, each width once."""
    found: dict[str, dict[int, NewsRendition]] = {}
    for spec, row in renditions.items():
        if spec.startswith(shape):
            found.setdefault(spec.rpartition("format-")[2], {})[row.width] = row
    return {kind: [rows[width] for width in sorted(rows)] for kind, rows in found.items()}


def _sources(formats: ByFormat, plain: list[NewsRendition]) -> Iterable[Source]:
    """Return the better formats, as far as they are no smaller than the plain one."""
    for kind, media_type in MEDIA_TYPES.items():
        files = formats.get(kind)
        # A browser takes the first format it knows, even if that has only small files yet.
        if files and files is not plain and files[-1].width >= plain[-1].width:
            yield Source(media_type, _srcset(files))


def _srcset(files: Iterable[NewsRendition]) -> str:
    return ", ".join(f"{file.url} {file.width}w" for file in files)


def _credit(image: NewsImage, name: str, person: Person | None) -> Credit | None:
    """Name whom this use of the image names, else whom the image does; a person before a name."""
    licence = image.licence
    if person is None and not name:
        person, name = image.credit_person, image.credit
    if person is not None:
        return Credit(person.name, f"/people/{person.slug}/", licence)
    return Credit(name, licence=licence) if name else None
