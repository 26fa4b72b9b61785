"""Every room has a page that says what it is, and one door."""

import ast
import importlib
from pathlib import Path

import pytest

from house.layers import PACKAGE, rooms, sources

SCREEN = 60
# Small leaf helpers, one noun per file: each file is its own door.
OPEN = {"kit"}
# What others call, and what they show: views, addresses, contexts for their templates.
DOOR = {"api", "http"}
# Nobody but the hallway is above them, and it finds them by Wagtail's hooks or by `http`.
WITHOUT_DOOR = {"site", "desk", "kit"}


@pytest.mark.parametrize("room", rooms())
def test_readme_is_one_screen(room: str) -> None:
    readme = PACKAGE / room / "README.md"
    assert readme.exists(), f"{room} has no README.md"
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert lines[0].lower().startswith(f"# {room}"), f"{room}/README.md begins with its name"
    assert 3 <= len(lines) <= SCREEN


@pytest.mark.parametrize("room", [room for room in rooms() if room not in WITHOUT_DOOR])
def test_door_lists_its_names(room: str) -> None:
    door = importlib.import_module(f"broadsheet.{room}.api")
    assert door.__all__, f"{room}.api has no __all__"
    assert len(set(door.__all__)) == len(door.__all__)
    missing = [name for name in door.__all__ if not hasattr(door, name)]
    assert missing == []


def reached(tree: ast.Module) -> list[tuple[str, int]]:
    """Return the modules of ours that a module imports, as dotted names below `broadsheet`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [
            (name.removeprefix("broadsheet."), node.lineno)
            for name in names
            if name.startswith("broadsheet.")
        ]
    return found


def may_enter(*, visitor: str, name: str) -> bool:
    room, _, inside = name.partition(".")
    if room not in rooms():
        return True  # the package itself: its version
    first = inside.partition(".")[0]
    return room == visitor or room in OPEN or first in DOOR


def test_rooms_are_entered_by_the_door() -> None:
    through_the_window = [
        f"{path.relative_to(PACKAGE)}:{line} imports broadsheet.{name}"
        for visitor in rooms()
        for path, tree in sources(visitor)
        for name, line in reached(tree)
        if not may_enter(visitor=visitor, name=name)
    ]
    assert through_the_window == []


@pytest.mark.parametrize(
    ("visitor", "name", "allowed"),
    [
        ("stories", "discussion.api.open_thread", True),
        ("stories", "discussion.models.Thread", False),
        ("stories", "discussion.http.thread", True),
        ("site", "discussion.http.urls", True),
        ("stories", "discussion.comments.operations", False),
        ("site", "discussion.models.Thread", False),
        ("discussion", "discussion.models.Thread", True),
        ("funding", "kit.money.Money", True),
    ],
)
def test_what_a_door_means(visitor: str, name: str, allowed: bool) -> None:
    assert may_enter(visitor=visitor, name=name) is allowed


def pure_modules() -> list[Path]:
    """Return every module that knows no framework: formats, kit, and the rules of each room."""
    rules = [path for path in PACKAGE.rglob("*.py") if "rules" in (path.stem, path.parent.name)]
    leaves = [path for room in ("formats", "kit") for path in (PACKAGE / room).rglob("*.py")]
    return sorted([*rules, *leaves])


def test_rules_and_leaves_know_no_framework() -> None:
    """import-linter says so for those it lists; this says so for a room that is added."""
    assert len([path for path in pure_modules() if "rules" in str(path)]) >= 3
    frameworks = {"django", "wagtail", "allauth", "modelcluster"}
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in pure_modules()
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.partition(".")[0] in frameworks
    ]
    assert wrong == []


def imported(tree: ast.Module) -> list[str]:
    names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return names + [node.module for node in froms if node.module]
