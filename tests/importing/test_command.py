"""The command as a publisher types it, in a home of its own."""

import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from formats.wxr_text import comment, export, item
from importing.test_documents import MINUTES, PDF
from importing.test_pictures import PIER, jpeg

pytestmark = pytest.mark.process

STORY = item(
    f'<content:encoded><![CDATA[Ferry. <img src="{PIER}"/> [box]Text[/box]'
    f' <a href="{MINUTES}">Minutes</a>]]></content:encoded>',
    comment(comment_id="5"),
    post_name="ferry",
    post_date_gmt="2025-03-01 08:00:00",
)


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "broadsheet.sqlite3"

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
        return subprocess.run(
            [sys.executable, "-m", "broadsheet", "import", "wordpress", *map(str, arguments)],
            env=kept | {"BROADSHEET_HOME": str(self.path)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def count(self, table: str) -> int:
        with sqlite3.connect(self.database) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "post.xml"
    found.write_text(export(STORY), encoding="utf-8")
    return found


@pytest.mark.deep
def test_the_command_from_trial_to_second_run(home: Home, file: Path, tmp_path: Path) -> None:
    trial = home.run(file, "--dry-run")
    assert (trial.returncode, "Traceback" in trial.stderr) == (0, False)
    assert "## What would come in" in trial.stdout
    assert "Other files: 1 in the file\n" in trial.stdout
    assert "nothing was written" in trial.stdout
    assert not home.database.exists()

    broken = tmp_path / "broken.xml"
    broken.write_text(export(STORY)[:-30], encoding="utf-8")
    refused = home.run(broken)
    assert refused.returncode == 1
    assert refused.stdout == ""
    lines = [line for line in refused.stderr.splitlines() if line.startswith("broadsheet:")]
    assert len(lines) == 1
    assert re.search(
        r"broken.xml was refused, nothing was written: line \d+, column \d+: ", lines[0]
    )
    assert not home.database.exists()

    uploads = tmp_path / "uploads/2025/03"
    uploads.mkdir(parents=True)
    (uploads / "pier.jpg").write_bytes(jpeg())
    (uploads / "minutes.pdf").write_bytes(PDF)
    report = tmp_path / "report.md"
    done = home.run(file, "--media", tmp_path / "uploads", "--report", report)
    assert done.returncode == 0, done.stderr
    assert "Stories: 1 in the file, 1 public, 1 new here" in done.stdout
    assert "Other files: 1 in the file, 1 new here" in done.stdout
    assert "[box]" in report.read_text(encoding="utf-8")
    assert "INFO wagtail" not in done.stderr
    assert home.count("stories_storypage") == home.count("discussion_comment") == 1
    assert home.count("stories_newsrendition") >= 4

    again = home.run(file)
    assert "1 already here" in again.stdout
    assert home.count("stories_newsdocument") == 1
    assert home.count("stories_storypage") == home.count("discussion_comment") == 1


def test_two_ways_to_the_same_pictures_are_refused(home: Home, file: Path, tmp_path: Path) -> None:
    refused = home.run(file, "--media", tmp_path, "--download")
    assert refused.returncode == 1
    assert "choose one" in refused.stderr


def test_a_file_that_is_not_there_is_said_so(home: Home, tmp_path: Path) -> None:
    refused = home.run(tmp_path / "missing.xml")
    assert refused.returncode == 2
    assert "does not exist" in refused.stderr
