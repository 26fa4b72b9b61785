"""What may be published as a document; without models, because the settings read it."""

import re
from pathlib import PurePath
from typing import Final

# What may be uploaded, and as what it is sent. Nothing a browser would run: no HTML, SVG or XML.
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "geojson": "application/geo+json",
    "gpx": "application/gpx+xml",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
    "wav": "audio/wav",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
# Where readers fetch one, and its number in it; a number fits into 64 bits.
_ADDRESS: Final = re.compile(r"/documents/([0-9]{1,18})/[^/#]+(?:#.*)?")
OTHER_TYPE: Final = "application/octet-stream"


def ending_of(name: str) -> str:
    """Return the last suffix of a name, without its dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def number_in(url: str) -> int | None:
    """Return the number of the document that an address below our host leads to, or None."""
    found = _ADDRESS.fullmatch(url)
    return int(found[1]) if found else None
