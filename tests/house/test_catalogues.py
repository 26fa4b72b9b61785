"""The catalogues say all that the code says, fill in what it fills in, and are compiled."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from house.tools import load_tool

TOOL = load_tool("messages")
LANGUAGES = TOOL.languages()
MAKE = "run: make messages"
# What stands for something else, or is markup: it is the same in every language.
FILLED_IN = re.compile(r"%\(\w+\)s|%[a-z%]|<[^>]+>|&\w+;|\bNAME\b")


@pytest.fixture(scope="module")
def said() -> Catalog:
    return TOOL.extracted()


def test_there_are_languages_to_test() -> None:
    assert {"ar", "de"} <= set(LANGUAGES)


def test_the_extraction_finds_what_each_kind_of_file_says(said: Catalog) -> None:
    assert said.get("Post comment")  # a template
    assert said.get("%(n)s comment").id == ("%(n)s comment", "%(n)s comments")
    assert said.get("Large", context="text size")
    assert said.get("Useful")  # Python, at once
    assert said.get("Enter an amount above zero.")  # Python, lazily
    assert said.get("G:i", context="format of a time of day")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_has_the_messages_of_today(code: str, said: Catalog) -> None:
    catalog = TOOL.read(code)
    assert keys(catalog) == keys(said), MAKE
    assert not catalog.obsolete, MAKE


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated(code: str) -> None:
    messages = list(TOOL.messages_of(TOOL.read(code)))
    assert not [message.id for message in messages if not TOOL.is_translated(message)]
    assert not [message.id for message in messages if message.fuzzy]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_fills_in_what_its_source_does(code: str) -> None:
    for message in TOOL.messages_of(TOOL.read(code)):
        if message.pluralizable:
            wanted = filled_in(message.id[1])
            *others, last = message.string
            assert filled_in(last) == wanted, message.string
            # "One comment" needs no figure; but nothing is filled in that is not there.
            assert all(set(filled_in(text)) <= set(wanted) for text in others), message.string
        else:
            assert filled_in(message.string) == filled_in(message.id), message.string


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_source(code: str) -> None:
    for message in TOOL.messages_of(TOOL.read(code)):
        sources = message.id if message.pluralizable else (message.id,)
        for text in message.string if message.pluralizable else (message.string,):
            assert (text != text.strip()) == (sources[0] != sources[0].strip()), text


def test_arabic_is_written_in_arabic() -> None:
    """Beside formats of dates; what was pasted from another catalogue is translated, but not so."""
    foreign = [
        message.id
        for message in TOOL.messages_of(TOOL.read("ar"))
        for text in (message.string if message.pluralizable else (message.string,))
        if not re.search("[\u0600-\u06ff]", text) and "format" not in (message.context or "")
    ]
    assert foreign == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    """Compared by what they say: another version of Babel may write other bytes."""
    catalog = TOOL.read(code)
    path = TOOL.LOCALE / code / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = dict(GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    del compiled[""]
    written = dict(pair for m in TOOL.messages_of(catalog) for pair in as_compiled(m))
    assert compiled == written, MAKE


def test_an_update_keeps_translations_and_drops_what_has_gone(
    said: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TOOL, "LOCALE", tmp_path)
    before = TOOL.empty("de")
    before.add("Post comment", "Kommentar abschicken")
    before.add("Said no longer", "Nicht mehr gesagt")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_bytes(TOOL.as_po(before))
    after = TOOL.updated("de", said)
    assert after.get("Post comment").string == "Kommentar abschicken"
    assert after.get("Said no longer") is None
    # Nothing is guessed from what is alike.
    assert [m.id for m in TOOL.messages_of(after) if TOOL.is_translated(m)] == ["Post comment"]


def test_a_new_language_counts_as_django_does(tmp_path: Path) -> None:
    assert TOOL.empty("ar").num_plurals == 6
    assert TOOL.empty("pl").num_plurals == 4


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    return {(str(message.id), message.context or "") for message in TOOL.messages_of(catalog)}


def filled_in(text: str) -> list[str]:
    return sorted(FILLED_IN.findall(text))


def as_compiled(message: Message) -> list[tuple[object, str]]:
    prefix = f"{message.context}\x04" if message.context else ""
    if not message.pluralizable:
        return [(prefix + str(message.id), str(message.string))]
    return [((prefix + message.id[0], n), text) for n, text in enumerate(message.string)]
