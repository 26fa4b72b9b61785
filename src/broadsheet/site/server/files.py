"""Files served from the event loop: static ones with hashed names, and renditions of images."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from broadsheet.site.server.messages import Answer, Headers, Request, plain

_TYPES: Final = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_HASHED: Final = re.compile(r"\.[0-9a-f]{12}\.[^/]*$")
_RENDITION: Final = re.compile(r"/media/(images/[\w-][\w.+-]*)")
_SUFFIXES: Final = {"br": ".br", "gzip": ".gz"}
# Held in memory: what a page needs is small, and read again and again.
_KEPT_FILE: Final = 256 * 1024
_KEPT_ALL: Final = 16 * 1024 * 1024

FOREVER: Final = ("cache-control", "public, max-age=31536000, immutable")
ASK_AGAIN: Final = ("cache-control", "public, max-age=0, must-revalidate")
A_WEEK: Final = ("cache-control", "public, max-age=604800")
NO_SNIFF: Final = ("x-content-type-options", "nosniff")
# A picture opened by itself may be an SVG with a script in it; the browser's own viewer fits it
# into the window by inline styles.
SANDBOX: Final = (
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a file: where it is, and the headers it is sent with."""

    path: str
    size: int
    etag: str
    headers: Headers


class StaticFiles:
    """The files under `root`, indexed once: what is not in the index does not exist.

    So no address, however written, reaches another file; and a request costs two dictionary
    look-ups.
    """

    def __init__(self, root: Path, *, prefix: str = "/static/") -> None:
        self._index = dict(_index(root, prefix))
        self._kept: dict[str, bytes] = {}
        self._room = _KEPT_ALL

    def __len__(self) -> int:
        return len(self._index)

    def answer(self, request: Request) -> Answer:
        variants = self._index.get(request.path)
        if variants is None:
            return plain(404, "There is no such file.")
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "Only GET and HEAD.", ("allow", "GET, HEAD"))
        encoding = preferred_encoding(request.header("accept-encoding"))
        variant = variants.get(encoding) or variants[""]
        if matches(request.header("if-none-match"), variant.etag):
            return Answer(304, _without_entity(variant.headers))
        return self._send(variant)

    def _send(self, variant: Variant) -> Answer:
        if variant.size > _KEPT_FILE:
            return Answer(200, variant.headers, path=variant.path)
        content = self._kept.get(variant.path)
        if content is None:
            content = Path(variant.path).read_bytes()
            if len(content) <= self._room:
                self._room -= len(content)
                self._kept[variant.path] = content
        return Answer(200, variant.headers, content)


class Renditions:
    """Pictures made from uploads, one flat folder. Uploads themselves are never reachable."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def answer(self, request: Request) -> Answer:
        found = _RENDITION.fullmatch(request.path)
        path = str(self._root / found[1]) if found else ""
        try:
            # lstat: a link could lead out of the folder.
            stat = os.lstat(path) if path else None
        except (OSError, ValueError):
            stat = None
        if stat is None or not _is_regular(stat):
            return plain(404, "There is no such picture.")
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "Only GET and HEAD.", ("allow", "GET, HEAD"))
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        headers = [
            ("content-type", content_type(path)),
            ("content-length", str(stat.st_size)),
            ("etag", etag),
            A_WEEK,
            NO_SNIFF,
            SANDBOX,
        ]
        if matches(request.header("if-none-match"), etag):
            return Answer(304, _without_entity(headers))
        return Answer(200, headers, path=path)


def content_type(name: str) -> str:
    """Return the type of a file by its last suffix; never one a browser would run by guessing."""
    return _TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")  # noqa: PTH122 - on every picture; a Path is not needed


@lru_cache(maxsize=256)
def preferred_encoding(accept: str) -> str:
    """Return "br", "gzip" or "" for an Accept-Encoding header; `q=0` refuses."""
    accepted = set()
    for part in accept.split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").removeprefix("q=")
        if weight.strip("0.") or not parameters:
            accepted.add(name.strip().lower())
    return next((name for name in _SUFFIXES if name in accepted), "")


def _index(root: Path, prefix: str) -> Iterator[tuple[str, dict[str, Variant]]]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        there = set(names)
        for name in names:
            if name.startswith(".") or name == "staticfiles.json" or _is_packed(name, there):
                continue
            file = Path(folder, name)
            yield f"{prefix}{file.relative_to(root).as_posix()}", dict(_variants(file, there))


def _is_packed(name: str, there: set[str]) -> bool:
    return any(
        name.endswith(suffix) and name.removesuffix(suffix) in there
        for suffix in _SUFFIXES.values()
    )


def _variants(file: Path, there: set[str]) -> Iterator[tuple[str, Variant]]:
    packed = {
        encoding: file.with_name(file.name + suffix)
        for encoding, suffix in _SUFFIXES.items()
        if file.name + suffix in there
    }
    for encoding, path in {"": file, **packed}.items():
        stat = path.stat()
        # A hashed name says it all; another file may change in place.
        seed = f"{file.name} {encoding} {stat.st_size}"
        seed = seed if _is_hashed(file) else f"{seed} {stat.st_mtime_ns}"
        etag = f'"{blake2b(seed.encode(), digest_size=9).hexdigest()}"'
        headers = [
            ("content-type", content_type(file.name)),
            ("content-length", str(stat.st_size)),
            ("etag", etag),
            FOREVER if _is_hashed(file) else ASK_AGAIN,
            NO_SNIFF,
        ]
        if packed:
            headers.append(("vary", "accept-encoding"))
        if encoding:
            headers.append(("content-encoding", encoding))
        yield encoding, Variant(str(path), stat.st_size, etag, headers)


def _is_hashed(file: Path) -> bool:
    return _HASHED.search(file.name) is not None


def _is_regular(stat: os.stat_result) -> bool:
    return stat.st_mode & 0o170000 == 0o100000  # noqa: PLR2004 - S_IFMT and S_IFREG


def matches(sent: str, etag: str) -> bool:
    """Say whether an If-None-Match header holds a tag (weak comparison, RFC 9110, 8.8.3.2)."""
    if not sent:
        return False
    return sent.strip() == "*" or etag in {
        part.strip().removeprefix("W/") for part in sent.split(",")
    }


def _without_entity(headers: Headers) -> Headers:
    return [
        header
        for header in headers
        if header[0] not in {"content-length", "content-type", "content-encoding"}
    ]
