"""`make messages`: what the code says, brought into the catalogues and compiled.

Extracts every message of templates and Python, updates `locale/<code>/LC_MESSAGES/django.po`
without losing a translation, and writes the `django.mo` beside it. Needs no GNU gettext: Babel
reads Python, and Django's own reader of templates turns these into something that Babel reads.

`make messages` does all of it; `make messages LANGUAGES=fr` does one language, which is also how a
new one begins.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_language, to_locale
from django.utils.translation.template import templatize

PACKAGE: Final = Path(__file__).resolve().parent.parent / "src" / "broadsheet"
LOCALE: Final = PACKAGE / "locale"
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# A comment that begins so stands above the message in the catalogue.
COMMENT_TAGS: Final = ("Translators:",)
# What `templatize` leaves of a template: calls of gettext, and X for everything else.
_CALL: Final = re.compile(
    r"""\b(?:n?p?gettext|_)\((?:[^'"()]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)"""
    r"""|\# Translators:.*"""
)
# What Babel writes above a catalogue and history knows better: it would change with every run.
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOISE: Final = re.compile(
    rb'"(?:Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|Generated-By):.*\n"
)


def main() -> None:
    codes = sys.argv[1:] or languages()
    template = extracted()
    for code in codes:
        catalog = updated(code, template)
        folder = LOCALE / to_locale(code) / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "django.po").write_bytes(as_po(catalog))
        (folder / "django.mo").write_bytes(as_mo(read(code)))
        missing = sum(1 for message in messages_of(catalog) if not is_translated(message))
        print(f"{code}: {len(catalog)} messages, {missing} of them without a translation")


def languages() -> list[str]:
    """Return the codes of the languages that there is a catalogue of."""
    return sorted(
        to_language(path.parent.parent.name) for path in LOCALE.glob("*/LC_MESSAGES/django.po")
    )


def extracted() -> Catalog:
    """Return every message that the code says now, in the order of its places."""
    catalog = empty()
    for path in sources():
        read = _of_template(path) if path.suffix in {".html", ".txt"} else _of_python(path)
        for words, comments, context in read:
            place = [(path.relative_to(PACKAGE).as_posix(), 0)]
            catalog.add(words, locations=place, auto_comments=comments, context=context)
    return catalog


def sources() -> list[Path]:
    """Return the files that may say something: no migrations, no content of the demonstration."""
    templates = [*PACKAGE.glob("*/templates/**/*.html"), *PACKAGE.glob("*/templates/**/*.txt")]
    texts = list(PACKAGE.glob("*/publication/texts/*.html"))
    python = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*templates, *texts, *python])


def updated(code: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language with the messages of today, translated as far as it was.

    What has gone is dropped, and nothing is guessed: a changed sentence asks for a new translation.
    """
    catalog = (
        read(code)
        if (LOCALE / to_locale(code) / "LC_MESSAGES" / "django.po").exists()
        else empty(code)
    )
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def read(code: str) -> Catalog:
    """Return the catalogue of a language as it is in the repository."""
    path = LOCALE / to_locale(code) / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(code))


def empty(code: str | None = None) -> Catalog:
    catalog = Catalog(
        locale=code and to_locale(code),
        project="Broadsheet",
        version="1",
        charset="utf-8",
        fuzzy=False,
    )
    catalog.header_comment = "# The words of Broadsheet, under the Apache License 2.0."
    if code and (plurals := _plurals_of(code)):
        catalog.mime_headers = [("Plural-Forms", plurals)]
    return catalog


def _plurals_of(code: str) -> str:
    """Return the plural forms that Django counts in: catalogues that agree become one."""
    folder = Path(django.__file__).parent / "conf" / "locale" / to_locale(code)
    file = folder / "LC_MESSAGES" / "django.mo"
    if not file.exists():
        return ""
    with file.open("rb") as opened:
        return GNUTranslations(opened).info().get("plural-forms", "")


def as_po(catalog: Catalog) -> bytes:
    """Write a catalogue for people: files without lines, so that moved code changes nothing."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, include_lineno=False, sort_by_file=True)
    return _NOISE.sub(b"", out.getvalue())


def as_mo(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    # The catalogue keeps no date (see `as_po`), and of the same words come the same bytes.
    catalog.creation_date = _NO_DATE
    write_mo(out, catalog)
    return out.getvalue()


def messages_of(catalog: Catalog) -> Iterator[Message]:
    """Yield all messages but the header."""
    return (message for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(words) and all(words)


type _Read = tuple[str | tuple[str, ...], list[str], str | None]


def _of_python(path: Path) -> Iterator[_Read]:
    return _calls(path.read_bytes())


def _of_template(path: Path) -> Iterator[_Read]:
    blanked = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return _calls("\n".join(_CALL.findall(blanked)).encode())


def _calls(source: bytes) -> Iterator[_Read]:
    options = {"encoding": "utf-8"}
    for _line, words, comments, context in extract(
        "python", io.BytesIO(source), KEYWORDS, COMMENT_TAGS, options, strip_comment_tags=True
    ):
        if words:
            yield words, comments, context


if __name__ == "__main__":
    main()
