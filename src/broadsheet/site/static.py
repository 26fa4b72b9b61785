"""Static files: collected once per version, with hashed names, packed for the wire.

The folder is filled before the server starts. Files of earlier versions stay in it, because pages
that were kept somewhere (a browser, a CDN) still name them.
"""

import fcntl
import gzip
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from broadsheet import __version__

logger = logging.getLogger(__name__)

STAMP: Final = ".prepared"
_TEXT: Final = frozenset({".css", ".js", ".mjs", ".svg", ".json", ".map", ".txt", ".ttf"})
_MINIFIED: Final = {".js": "application/javascript", ".css": "text/css"}
# Below this a packed file saves no packet.
_WORTH_PACKING: Final = 400
# What readers load is packed as small as it goes; the desk's megabytes would take six seconds so.
_OURS: Final = "broadsheet"
_BEST: Final = 11
_GOOD: Final = 9
_GZIP: Final = 9


class HashedStorage(ManifestStaticFilesStorage):
    """Names with a hash of the content, also inside style sheets and ES modules.

    Without a manifest (tests, development) names stay as they are, so that nothing need be
    collected first.
    """

    support_js_module_import_aggregation = True
    # A page with one picture missing is better than no page.
    manifest_strict = False

    def file_hash(self, name: str | None, content: Any = None) -> str | None:
        """Return what tells this content from any other, as it is sent."""
        digest: str | None = super().file_hash(name, content)  # type: ignore[arg-type]  # the manifest has no name
        if not digest or not name or not _is_minified(name):
            return digest
        # Another minifier makes another file of it, and nobody asks twice for a name they have.
        return blake2b(f"{digest}{minifier()}".encode(), digest_size=6).hexdigest()

    def _save(self, name: str, content: Any) -> str:
        if _is_minified(name):
            # After the names in it were rewritten, which is done by patterns of the source. It may
            # have been read for its hash.
            content.seek(0)
            content = ContentFile(minified(name, content.read().decode()).encode())
        return str(super()._save(name, content))  # type: ignore[misc]  # Django's own, not in its stubs

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        try:
            return str(super().stored_name(name))
        except ValueError:
            logger.warning("There is no static file %s", name)
            return name


def _is_minified(name: str) -> bool:
    return name.startswith(f"{_OURS}/") and Path(name).suffix in _MINIFIED


def minifier() -> str:
    """Return the version of the minifier, empty where there is none."""
    try:
        return version("tdewolff-minify")
    except PackageNotFoundError:
        return ""


def minified(name: str, text: str) -> str:
    """Return a script or style sheet of ours as it is sent: says the same in fewer letters.

    Local names are shortened; what others see (exports, properties, addresses) stays. Where there
    is no minifier for the machine, or it does not understand the text, that is sent as it is.
    """
    try:
        # Here and not above: it starts threads of its own, which must not cross a fork.
        import minify  # noqa: PLC0415
    except (ImportError, OSError):
        return text
    try:
        return str(minify.string(_MINIFIED[Path(name).suffix], text))
    except minify.MinifyError:
        logger.warning("%s is sent as it is, for it could not be minified", name, exc_info=True)
        return text


def prepare_static(*, force: bool = False) -> bool:
    """Fill STATIC_ROOT if it was made from other sources than there are now.

    Returns whether it did. Two processes may call it at once: the second waits and finds it done.
    """
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root / STAMP
    wanted = source_stamp()
    if not force and _read(stamp) == wanted:
        return False
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not force and _read(stamp) == wanted:
            return False
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        _pack(root)
        stamp.write_text(wanted, encoding="ascii")
    return True


def is_prepared() -> bool:
    """Tell whether STATIC_ROOT was made from the sources as they are now."""
    return _read(Path(settings.STATIC_ROOT) / STAMP) == source_stamp()


def reload_names() -> None:
    """Read the manifest again, which may have been written since this process first looked."""
    storage = storages["staticfiles"]
    if isinstance(storage, HashedStorage):
        loaded: Any = storage.load_manifest()
        storage.hashed_files, storage.manifest_hash = loaded


def source_stamp() -> str:
    """Return a digest of every source file's name and content, and of how they are prepared."""
    how = f"{__version__} {minifier()} ".encode() + Path(__file__).read_bytes()
    digest = blake2b(how, digest_size=16)
    for name, path in sorted(_sources()):
        digest.update(f"{name}\0".encode())
        digest.update(Path(path).read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, str]]:
    seen = set()
    for finder in get_finders():
        for name, storage in finder.list([]):
            if name not in seen:
                seen.add(name)
                yield name, storage.path(name)


def _pack(root: Path) -> None:
    """Write `.br` and `.gz` beside every text file that has none newer than itself."""
    files = [
        (str(file), _BEST if file.relative_to(root).parts[0] == _OURS else _GOOD)
        for folder, _, names in os.walk(root)
        for file in (Path(folder, name) for name in names)
        if file.suffix in _TEXT and not file.name.startswith(".") and _is_due(file)
    ]
    if files:
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            list(pool.map(_pack_one, files, chunksize=max(1, len(files) // 8)))


def _is_due(file: Path) -> bool:
    stat = file.stat()
    try:
        packed = Path(f"{file}.gz").stat()
    except FileNotFoundError:
        return stat.st_size >= _WORTH_PACKING
    return packed.st_mtime_ns < stat.st_mtime_ns


def _pack_one(job: tuple[str, int]) -> None:
    path, quality = job
    content = Path(path).read_bytes()
    for suffix, packed in (
        (".br", brotli.compress(content, quality=quality)),
        # Without a time of day, so that the same file packs to the same bytes.
        (".gz", gzip.compress(content, _GZIP, mtime=0)),
    ):
        Path(f"{path}{suffix}").write_bytes(packed)


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def _main() -> Any:
    import django  # noqa: PLC0415 - as a program only

    django.setup()
    return prepare_static()


if __name__ == "__main__":
    _main()
