"""A past mistake is a lint rule, and the rule has a test: a planted mistake must be seen."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from house.layers import ROOT

BIN = Path(sys.executable).parent
ROOM = "src/broadsheet/discussion/planted.py"


def ruff(source: str, *, path: str) -> set[str]:
    """Return the codes that ruff, with this project's rules, reports for a file that is planted."""
    done = subprocess.run(
        [
            BIN / "ruff",
            "check",
            "--no-cache",
            "--output-format=json",
            f"--stdin-filename={path}",
            "-",
        ],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {finding["code"] for finding in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("from django.utils import timezone\n\nmoment = timezone.now()\n", "TID251"),
        ("from django.utils.timezone import now\n\nmoment = now()\n", "TID251"),
        ("from datetime import UTC, datetime\n\nmoment = datetime.now(UTC)\n", "TID251"),
        ("import time\n\nmoment = time.time()\n", "TID251"),
        ("from django.db.models.signals import post_save\n\nx = post_save\n", "TID251"),
        ("from django.dispatch import receiver\n\nx = receiver\n", "TID251"),
        ("from wagtail.signals import page_published\n\nx = page_published\n", "TID251"),
        ("from django.utils.safestring import mark_safe\n\nx = mark_safe\n", "TID251"),
        ("import pickle\n\nx = pickle.loads\n", "TID251"),
        ("x = 1  # noqa\n", "PGH004"),
        ("x: int = 'a'  # type: ignore\n", "PGH003"),
        ("def greet(name):\n    return name\n", "ANN001"),
        ("print(1)\n", "T201"),
        ("def f() -> None:\n    try:\n        f()\n    except:\n        pass\n", "E722"),
        ("def f(x: list[int] = []) -> None:\n    x.clear()\n", "B006"),
        ("import subprocess\n\nsubprocess.run('ls', shell=True)\n", "S604"),
        ('def f(n: str) -> str:\n    return f"SELECT * FROM t WHERE n = {n}"\n', "S608"),
    ],
)
def test_planted_mistakes_are_seen(source: str, code: str) -> None:
    found = ruff(source, path=ROOM)
    assert code in found or (code == "S604" and "S602" in found)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("from datetime import UTC, datetime\n\nx = datetime.now(UTC)\n", "kit/clock.py"),
        (
            "from wagtail.signals import page_published\n\nx = page_published\n",
            "stories/desk_events.py",
        ),
    ],
)
def test_the_sanctioned_places_are_free(source: str, path: str) -> None:
    assert "TID251" not in ruff(source, path=f"src/broadsheet/{path}")


@pytest.mark.parametrize("path", ["kit/clock.py", "stories/desk_events.py"])
def test_the_sanctioned_places_are_free_of_one_rule_only(path: str) -> None:
    """An exception that says more than it means would let the next mistake through."""
    assert "T201" in ruff("print(1)\n", path=f"src/broadsheet/{path}")


PLANTED_IMPORTS = {
    "kit/planted.py": "from broadsheet.stories import api\n",
    "funding/planted.py": "from broadsheet.discussion import api\n",
    "discussion/planted.py": "import wagtail.models\n",
    "discussion/threads/planted.py": "from broadsheet.discussion.comments import operations\n",
    "formats/planted.py": "import django.db\n",
    "unheard_of/__init__.py": "",
}


def test_planted_imports_are_seen(tmp_path: Path) -> None:
    """A copy of the rooms with one wrong import each: every contract breaks, and nothing else."""
    package = tmp_path / "broadsheet"
    for source in sorted((ROOT / "src" / "broadsheet").rglob("*.py")):
        copy = package / source.relative_to(ROOT / "src" / "broadsheet")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    for name, text in PLANTED_IMPORTS.items():
        planted = package / name
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": str(BIN)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "0 kept" in done.stdout, done.stdout
    for name in ("kit.planted", "funding.planted", "discussion.planted", "unheard_of"):
        assert name in done.stdout, f"{name} was not seen:\n{done.stdout}"
    assert "No cycles are allowed in broadsheet.discussion" in done.stdout, done.stdout
