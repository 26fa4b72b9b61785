"""Addresses of files that WordPress keeps under ``wp-content/uploads``.

For finding an image of a post among the attachments, and an attachment in a folder that was
copied from the old server. An export is written by others: nothing here leads out of the folder.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)", re.ASCII)
_SCALED = re.compile(r"-(?:scaled|rotated)(?=\.[A-Za-z0-9]{2,5}$)")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UPLOADS = "/uploads/"
_MAX_PATH = 500


def original_address(url: str) -> str:
    """Return ``url`` less the size in its name: ``pier-300x200.jpg`` → ``pier.jpg``.

    Scheme, query and fragment go too (``//host/path``), so that addresses can be compared.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"//{parts.netloc.lower()}{_SCALED.sub('', _SIZE.sub('', parts.path))}"


def file_address(url: str) -> str:
    """Return ``url`` so that two ways of writing the address of one file are the same.

    Like ``original_address`` without scheme, query and fragment, but the name is kept whole (a
    size in it is part of a document's name), without ``www.`` and percent-encoding. Empty for what
    is no http(s) address of a file.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = unquote(parts.path)
    if parts.scheme not in ("http", "https") or not parts.netloc or not path.strip("/"):
        return ""
    if _CONTROL.search(path):
        # No name of a file that anybody has; as it stands it can be looked up and listed.
        path = parts.path
    return f"//{parts.netloc.rpartition('@')[2].lower().removeprefix('www.')}{path}"


def is_upload(url: str) -> bool:
    """Say whether an address is one below ``uploads``, where WordPress keeps its files."""
    return _UPLOADS in file_address(url)


def uploads_path(url: str) -> PurePosixPath | None:
    """Return the file's place below ``uploads``, or below the site for an address without it.

    ``None`` for what is no http(s) address of a file or would lead out of the folder. The path is
    relative, without ``..``, and safe to join to a folder (do not follow links out of it).
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(path) > _MAX_PATH:
        return None
    _, found, below = path.partition(_UPLOADS)
    pieces = (below if found else path).split("/")
    names = [piece for piece in pieces if piece not in ("", ".")]
    if not names or ".." in names or ".." in path.split("/") or _FORBIDDEN.search("/".join(names)):
        return None
    return PurePosixPath(*names)
