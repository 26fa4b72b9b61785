"""Files served from the event loop: static ones with hashed names, and renditions of images."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from broadsheet.site.server.held import Held
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
_LONGEST_ACCEPT: Final = 500
# Held in memory: what a page needs is small, and read again and again.
_HELD: Final = 16 * 1024 * 1024

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
        self._held = Held(_HELD, eager=True)

    def __len__(self) -> int:
        return len(self._index)

    def find(self, path: str, *, accept: str, tags: str) -> Answer | None:
        """Return a file, or that it is there already, by two headers; None where there is none."""
        variants = self._index.get(path)
        if variants is None:
            return None
        return send(variants.get(preferred_encoding(accept)) or variants[""], tags, self._held)


class Renditions:
    """Pictures made from uploads, one flat folder. Uploads themselves are never reachable."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held = Held(_HELD)

    def find(self, path: str, *, accept: str, tags: str) -> Answer | None:  # noqa: ARG002 - pictures are packed as they are
        """Return a picture, or that it is there already; None where there is none."""
        found = _RENDITION.fullmatch(path)
        if found is None:
            return None
        file = f"{self._root}/{found[1]}"
        try:
            # lstat: a link could lead out of the folder.
            stat = os.lstat(file)
        except (OSError, ValueError):
            return None
        if not _is_regular(stat):
            return None
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        headers = [
            ("content-type", content_type(file)),
            ("content-length", str(stat.st_size)),
            ("etag", etag),
            A_WEEK,
            NO_SNIFF,
            SANDBOX,
        ]
        return send(Variant(file, stat.st_size, etag, headers), tags, self._held)


class Files:
    """What is answered from files, by how a path begins. `static` is None in development."""

    def __init__(self, *, static: StaticFiles | None, renditions: Renditions) -> None:
        self._finders = {"/media/": renditions.find}
        if static is not None:
            self._finders["/static/"] = static.find

    def find(self, path: str, *, accept: str, tags: str) -> Answer | None:
        """Return a file that is there; None for every other address."""
        finder = self._finders.get(path[: path.find("/", 1) + 1])
        return None if finder is None else finder(path, accept=accept, tags=tags)

    def answer(self, request: Request) -> Answer | None:
        """Return an answer to any request for a file; None where the address is not of one."""
        if request.path[: request.path.find("/", 1) + 1] not in self._finders:
            return None
        accept, tags = request.header("accept-encoding"), request.header("if-none-match")
        answer = self.find(request.path, accept=accept, tags=tags)
        if answer is None:
            return plain(404, "There is no such file.")
        if request.method not in {"GET", "HEAD"}:
            return plain(405, "Only GET and HEAD.", ("allow", "GET, HEAD"))
        return answer


def send(variant: Variant, tags: str, held: Held) -> Answer:
    """Return a file as it is sent: from memory or from the disk, or not again."""
    if tags and matches(tags, variant.etag):
        return Answer(304, _without_entity(variant.headers))
    content = held.get(variant.path, tag=variant.etag, size=variant.size)
    if content is None:
        return Answer(200, variant.headers, path=variant.path)
    return Answer(200, variant.headers, content)


def content_type(name: str) -> str:
    """Return the type of a file by its last suffix; never one a browser would run by guessing."""
    return _TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")  # noqa: PTH122 - on every picture; a Path is not needed


def preferred_encoding(accept: str) -> str:
    """Return "br", "gzip" or "" for an Accept-Encoding header; `q=0` refuses."""
    # No browser's is longer. It is taken apart on the event loop, and remembered.
    return _preferred(accept) if len(accept) <= _LONGEST_ACCEPT else ""


@lru_cache(maxsize=256)
def _preferred(accept: str) -> str:
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
