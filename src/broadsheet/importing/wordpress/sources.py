"""Where files of the old site are had from: a folder beside the export, or the site itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from broadsheet.formats.api import uploads_path
from broadsheet.kit.safehttp import FetchError, Network, fetch

# What a slow server may take for a megabyte, and at least for any file.
SECONDS_PER_MEGABYTE: Final = 3.0
FETCH_SECONDS: Final = 60.0
_MEGABYTE: Final = 1024 * 1024
_BELOW: Final = ("", "uploads", "wp-content/uploads")


class NoFileError(Exception):
    """There is no such file to be had; the message is a few words for the report."""


class Source(Protocol):
    def __call__(self, url: str, *, max_bytes: int, accept: str) -> bytes:
        """Return the file at an address of the old site. Raises NoFileError."""


def folder(media: Path, *, holds: Callable[[str], bool]) -> Source:
    """Return a source that reads a copy of `wp-content/uploads`, or of a folder around it.

    `holds` says of a host whether its files are in there: another site's are not, whatever
    their path.
    """
    root = next(
        found for below in reversed(_BELOW) if (found := (media / below)).is_dir() or not below
    ).resolve()

    def read(url: str, *, max_bytes: int, accept: str) -> bytes:  # noqa: ARG001 - a folder is asked for nothing else
        if not holds(urlsplit(url).hostname or ""):
            raise NoFileError("on another site, so not in the folder of --media")
        path = uploads_path(url)
        if path is None:
            raise NoFileError("its address leads out of the folder")
        try:
            file = (root / path).resolve(strict=True)
            # A link in the folder may lead anywhere; we follow none out of it.
            if not file.is_relative_to(root) or not file.is_file():
                raise NoFileError("its address leads out of the folder")
            if file.stat().st_size > max_bytes:
                raise NoFileError(f"larger than {max_bytes // _MEGABYTE} MB")
            return file.read_bytes()
        except (OSError, ValueError) as error:
            raise NoFileError("not in the folder of --media") from error

    return read


def download(network: Network) -> Source:
    """Return a source that fetches files from where they are."""

    def read(url: str, *, max_bytes: int, accept: str) -> bytes:
        try:
            return fetch(
                url=url,
                max_bytes=max_bytes,
                seconds=max(FETCH_SECONDS, SECONDS_PER_MEGABYTE * max_bytes / _MEGABYTE),
                accept=accept,
                network=network,
            ).body
        except FetchError as error:
            raise NoFileError(str(error)) from error

    return read
