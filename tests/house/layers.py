"""The layers as import-linter knows them, and the references between rooms that it cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "broadsheet"
DOTTED = re.compile(r"broadsheet(\.\w+)+")
TEMPLATE = re.compile(r"[\w-]+(/[\w.-]+)+\.(html|txt|xml)")
EXTENDS = re.compile(r"""\{%-?\s*(?:extends|include)\s+["']([^"']+)["']""")
LOADS = re.compile(r"\{%-?\s*load\s+([^%]+?)\s*-?%\}")


@dataclass(frozen=True, slots=True)
class Edge:
    """`source`, a room, refers to `target`, another; `where` is for the reader of a failure."""

    source: str
    target: str
    where: str

    def __str__(self) -> str:
        return f"{self.source} → {self.target}: {self.where}"


@cache
def layers() -> list[set[str]]:
    """Return the rooms per layer, top first, from the contract in pyproject.toml."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = config["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["type"] == "layers"]
    return [{room.strip("() ") for room in layer.split("|")} for layer in contract["layers"]]


@cache
def rooms() -> list[str]:
    return [room for layer in layers() for room in sorted(layer) if (PACKAGE / room).is_dir()]


def wrong(edges: list[Edge]) -> list[str]:
    """Return the edges that point up or sideways."""
    height = {room: level for level, rooms in enumerate(layers()) for room in rooms}
    return [
        str(edge)
        for edge in edges
        if edge.source != edge.target and height[edge.target] <= height[edge.source]
    ]


def room_of(path: Path | str) -> str | None:
    """Return the room a file or a dotted name belongs to, None when it is not ours."""
    parts = path.split(".") if isinstance(path, str) else _relative(path)
    if isinstance(path, str):
        parts = parts[1:] if parts[0] == PACKAGE.name else []
    return parts[0] if len(parts) > 0 and parts[0] in rooms() else None


def _relative(path: Path) -> list[str]:
    resolved = path.resolve()
    return list(resolved.relative_to(PACKAGE).parts) if resolved.is_relative_to(PACKAGE) else []


def sources(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((PACKAGE / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def strings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def template_references(path: Path) -> tuple[list[str], list[str]]:
    """Return the templates and the tag libraries that a template names."""
    text = path.read_text(encoding="utf-8")
    libraries = []
    for names in LOADS.findall(text):
        libraries += [names.rpartition(" from ")[2]] if " from " in names else names.split()
    return EXTENDS.findall(text), libraries
