"""What can be typed or set is in the reference, what documents name exists; or this is red."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.site.options import SETTINGS
from house.layers import ROOT
from house.tools import load_tool

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
FRONT = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PROGRAMS = [ROOT / "Makefile", ROOT / ".ci" / "run"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


REFERENCE_TOOL = load_tool("reference")


def documents() -> list[Path]:
    return [*FRONT, *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)]


def typed(text: str) -> Iterator[str]:
    """Yield what a document tells people to type: code spans, and lines of console blocks."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        yield from (line.lstrip("$# ") for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("page", ["commands.md", "settings.md"])
def test_pages_made_from_code_are_up_to_date(page: str) -> None:
    written = (REFERENCE / page).read_text(encoding="utf-8")
    assert written == REFERENCE_TOOL.pages()[page], "run: .venv/bin/python tools/reference.py"


def test_every_setting_is_in_the_reference() -> None:
    """Said apart from the comparison above, so that it holds however the page is made."""
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"\n### {setting.name}\n" in page
        assert f"`{setting.env}`" in page


def test_every_command_and_option_is_in_the_reference() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    found = list(REFERENCE_TOOL.walk(REFERENCE_TOOL.command_line, "broadsheet"))
    assert len(found) > 5
    for path, command in found:
        section = page.partition(f"\n### {path}\n")[2].partition("\n### ")[0]
        assert section, f"{path} is not in the reference"
        for parameter in command.params:
            shown = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name
            assert (
                parameter.hidden
                if hasattr(parameter, "hidden") and parameter.hidden
                else (shown.lower() in section.lower())
            ), f"{path} {shown} is not in the reference"


def test_every_target_is_in_the_reference() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    for target in targets() - {"help"}:
        assert f"`make {target}`" in page


def test_every_environment_variable_is_in_the_reference() -> None:
    django = (ROOT / "src/broadsheet/site/settings.py").read_text(encoding="utf-8")
    settings = {setting.env for setting in SETTINGS}
    settings |= set(re.findall(r"^(BROADSHEET_\w+) =", django, re.MULTILINE))
    page = (REFERENCE / "environment.md").read_text(encoding="utf-8")
    sources = [path for folder in ("src", "tests", "tools") for path in (ROOT / folder).rglob("*")]
    read = set()
    for path in [*sources, *PROGRAMS]:
        if path.is_file() and path.suffix in {".py", ".sh", ".toml", ""}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            read |= set(re.findall(r"\bBROADSHEET_[A-Z_]*[A-Z]\b", text))
    assert "BROADSHEET_HOME" in read
    assert [name for name in sorted(read - settings) if f"`{name}`" not in page] == []


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_documents_name_exist(document: Path) -> None:
    paths = {
        path.split(" ", 1)[1]
        for path, _ in REFERENCE_TOOL.walk(REFERENCE_TOOL.command_line, "broadsheet")
        if " " in path
    }
    for text in typed(document.read_text(encoding="utf-8")):
        for target in re.findall(r"\bmake ([a-z-]+)", text):
            assert target in targets(), f"{text!r}: there is no make {target}"
        for words in re.findall(r"(?:^|/bin/|uv run |`)broadsheet ([a-z][a-z -]*)", text):
            first, _, second = words.strip().partition(" ")
            known = first in paths
            if f"{first} {second.split(' ')[0]}" in paths or not any(
                path.startswith(f"{first} ") for path in paths
            ):
                assert known, f"{text!r}: there is no broadsheet {first}"
            elif second:
                pytest.fail(f"{text!r}: there is no broadsheet {first} {second}")


@pytest.mark.parametrize("document", FRONT, ids=lambda path: path.name)
def test_links_of_the_front_pages_lead_somewhere(document: Path) -> None:
    """Sphinx sees to the links inside docs/."""
    targets_of_links = LINK.findall(document.read_text(encoding="utf-8"))
    local = [target for target in targets_of_links if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


def records() -> list[Path]:
    return sorted((DOCS / "decisions").glob("[0-9]*.md"))


def test_decision_records_are_numbered_and_listed() -> None:
    numbers = [int(path.name[:4]) for path in records()]
    # A number is given when work begins: gaps close when that work arrives.
    assert len(set(numbers)) == len(numbers)
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    assert [path.name for path in records() if f"\n{path.stem}\n" not in index] == []


@pytest.mark.parametrize("record", records(), ids=lambda path: path.stem)
def test_decision_records_say_what_was_not_done(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Roads not taken", "Consequences"]
    assert text.startswith(f"# {record.name[:4]} ")
    assert "\nStatus: " in text
    assert len(text.splitlines()) <= 60, "one page"
