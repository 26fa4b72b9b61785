import gzip
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.finders import get_finder
from pytest_django import Settings

from broadsheet.site import static
from broadsheet.site.static import HashedStorage, is_prepared, prepare_static

CSS = '@import "parts/type.css";\n.logo { background: url("logo.svg#mark") }\n'
JS = """
import { a } from './lib/a.js';
export * from './lib/a.js';
const later = await import('./lib/a.js');
export default a('./not-a-file.js', later);
"""


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A folder of source files, the only one there is, and an empty STATIC_ROOT."""
    folder = tmp_path / "sources"
    files = {
        "broadsheet/site.css": CSS,
        "broadsheet/parts/type.css": "body { font-family: serif }" + " " * 500,
        "broadsheet/logo.svg": "<svg/>",
        "broadsheet/site.js": JS,
        "broadsheet/lib/a.js": "// Why.\nexport function a(words) { return words; }\n"
        f"a('{'a' * 500}');",
        "desk/desk.js": "desk" * 500,
        "broadsheet/fonts/serif.woff2": "font",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()
    yield folder
    get_finder.cache_clear()


@pytest.fixture
def names(sources: Path) -> Callable[[str], str]:
    """Prepare the files; gives the hashed name of each."""
    assert prepare_static()
    return HashedStorage().stored_name


def root(sources: Path) -> Path:
    return sources.parent / "static"


def test_names_carry_a_hash_of_the_content(sources: Path, names: Callable[[str], str]) -> None:
    first = names("broadsheet/site.css")
    assert re.fullmatch(r"broadsheet/site\.[0-9a-f]{12}\.css", first)
    (sources / "broadsheet/parts/type.css").write_text("body { font-family: sans-serif }")
    assert not is_prepared()
    assert prepare_static()
    second = HashedStorage().stored_name("broadsheet/site.css")
    # A changed import changes whoever imports it; what an old page names is still there.
    assert second != first
    assert (root(sources) / first).exists()


def test_names_inside_files_are_rewritten(sources: Path, names: Callable[[str], str]) -> None:
    css = (root(sources) / names("broadsheet/site.css")).read_text()
    assert names("broadsheet/parts/type.css").removeprefix("broadsheet/") in css
    assert names("broadsheet/logo.svg").removeprefix("broadsheet/") + "#mark" in css
    js = (root(sources) / names("broadsheet/site.js")).read_text()
    assert js.count(names("broadsheet/lib/a.js").removeprefix("broadsheet/")) == 3
    assert "./not-a-file.js" in js
    assert "export default" in js
    lib = (root(sources) / names("broadsheet/lib/a.js")).read_text()
    assert lib.startswith("export function a("), (
        "without its comments, with the name that others use"
    )
    desk = (root(sources) / names("desk/desk.js")).read_text()
    assert desk == "desk" * 500, "what is not ours is left as it is"


needs_minifier = pytest.mark.skipif(not static.minifier(), reason="no minifier for this machine")


@needs_minifier
def test_what_is_ours_is_sent_in_fewer_letters(
    sources: Path, names: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lib = names("broadsheet/lib/a.js")
    assert (root(sources) / lib).read_text().startswith("export function a(e){return e}")
    assert (
        root(sources) / names("broadsheet/parts/type.css")
    ).read_text() == "body{font-family:serif}"
    # Another minifier makes another file, under a name that nobody has yet.
    monkeypatch.setattr(static, "minifier", lambda: "99")
    assert not is_prepared()
    assert prepare_static()
    assert HashedStorage().stored_name("broadsheet/lib/a.js") != lib
    assert HashedStorage().stored_name("desk/desk.js") == names("desk/desk.js")


@pytest.mark.parametrize("text", ["const a = {;", "export const  a = 1;"])
def test_what_cannot_be_minified_is_sent_as_it_is(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    if not text.startswith("const"):
        # As where there is none for the machine.
        monkeypatch.setitem(sys.modules, "minify", None)
    assert static.minified("broadsheet/a.js", text) == text


def test_text_is_packed_and_fonts_are_not(sources: Path, names: Callable[[str], str]) -> None:
    for name in ("broadsheet/lib/a.js", "desk/desk.js"):
        file = root(sources) / names(name)
        assert brotli.decompress(Path(f"{file}.br").read_bytes()) == file.read_bytes()
        assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == file.read_bytes()
    assert not list(root(sources).rglob("*.woff2.*"))


def test_a_second_start_does_nothing(
    sources: Path, names: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "call_command", None)
    assert is_prepared()
    assert not prepare_static()


def test_a_preparation_that_broke_off_is_done_again(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(static, "_pack", lambda _root: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            prepare_static()
    assert not is_prepared()
    assert prepare_static()


def test_without_a_manifest_names_stay_as_they_are(sources: Path) -> None:
    storage = HashedStorage()
    assert storage.stored_name("broadsheet/site.css") == "broadsheet/site.css"
    assert storage.url("broadsheet/site.css") == "/static/broadsheet/site.css"


def test_a_name_that_does_not_exist_breaks_no_page(
    sources: Path, names: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    assert names("broadsheet/none.png") == "broadsheet/none.png"
    assert "none.png" in caplog.text
