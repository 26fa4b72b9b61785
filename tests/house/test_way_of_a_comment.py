"""The page that walks through the code stays true: each file exists and is reached from before."""

import re
from dataclasses import dataclass
from pathlib import Path

from house.layers import ROOT

PAGE = ROOT / "docs" / "explanation" / "the-way-of-a-comment.md"
STEP = re.compile(r"^(\d+)\. `([^`]+)` \(`([^`]+)`\):$", re.MULTILINE)
# Each way begins where no code of ours calls it: a form in a page, an address that is opened.
BEGINNINGS = {
    "src/broadsheet/discussion/templates/discussion/composer.html": "a reader's browser",
    "src/broadsheet/site/server/run.py": "the command line",
}


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    path: str
    name: str

    @property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    def is_named_in(self, text: str) -> bool:
        """Say whether a file refers to this one: by import, by dotted name, or as templates do."""
        path = Path(self.path)
        if path.suffix == ".html":
            return f'"{self.path.partition("/templates/")[2]}"' in text
        if path.name == "settings.py":
            return "from django.conf import settings" in text
        dotted = ".".join(path.with_suffix("").parts[1:])
        parent, _, stem = dotted.rpartition(".")
        imports = rf"from {parent} import \(?[\w\s,]*\b({stem}|{self.name})\b"
        loads = rf"{{% load [^%]*\b{stem}\b" if "templatetags" in path.parts else imports
        return any(re.search(pattern, text) for pattern in (rf"\b{dotted}\b", imports, loads))


def steps() -> list[Step]:
    text = PAGE.read_text(encoding="utf-8")
    return [Step(int(number), path, name) for number, path, name in STEP.findall(text)]


def test_every_step_is_numbered_and_exists() -> None:
    assert [step.number for step in steps()] == list(range(1, len(steps()) + 1))
    assert len(steps()) >= 15
    assert [step.path for step in steps() if not (ROOT / step.path).is_file()] == []


def test_every_file_holds_the_name_that_is_given() -> None:
    wrong = [f"{step.path} has no {step.name}" for step in steps() if step.name not in step.text]
    assert wrong == []
    undefined = [
        f"{step.path} does not define {step.name}"
        for step in steps()
        if step.path.endswith(".py")
        if not re.search(
            rf"^(?:async )?(?:def|class) {step.name}\b|^{step.name}\b.*=", step.text, re.MULTILINE
        )
    ]
    assert undefined == []


def test_every_file_is_reached_from_one_before_it() -> None:
    found = steps()
    lost = [
        f"{step.number}. {step.path}: nothing before it names it"
        for position, step in enumerate(found)
        if step.path not in BEGINNINGS
        if not any(step.is_named_in(earlier.text) for earlier in found[:position])
    ]
    assert lost == []


def test_a_false_step_is_seen() -> None:
    stranger = Step(1, "src/broadsheet/funding/operations.py", "enter_gift")
    assert not any(stranger.is_named_in(step.text) for step in steps())
