"""Where everything must run, nothing is skipped for want of something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from house.layers import ROOT

PLANTED = """
import pytest

def test_wanting():
    pytest.skip("no Chromium here")

@pytest.mark.skipif(True, reason="needs root: it changes an owner")
def test_allowed():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False

def test_data_is_wanted(test_data):
    pass
"""
SKIPPED_WHOLE = "import pytest\npytest.skip('nothing here', allow_module_level=True)\n"


def outcome(folder: Path, source: str, *, required: bool) -> str:
    (folder / "test_planted.py").write_text(source)
    environment = {name: v for name, v in os.environ.items() if not name.startswith("BROADSHEET_")}
    environment["PYTHONPATH"] = str(ROOT / "tests")
    if required:
        environment["BROADSHEET_REQUIRE_ALL"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "conftest"]
    done = subprocess.run(
        [*command, "-c", "/dev/null", f"--rootdir={folder}", str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.deep
def test_on_a_laptop_a_skip_is_a_skip(tmp_path: Path) -> None:
    assert outcome(tmp_path, PLANTED, required=False).startswith("3 skipped, 1 xfailed")


@pytest.mark.deep
def test_where_all_is_required_a_skip_is_a_failure(tmp_path: Path) -> None:
    line = outcome(tmp_path, PLANTED, required=True)
    assert line.startswith("1 failed, 1 skipped, 1 xfailed, 1 error")


@pytest.mark.deep
@pytest.mark.parametrize(("required", "line"), [(False, "1 skipped"), (True, "1 error")])
def test_a_module_that_is_skipped_whole(tmp_path: Path, required: bool, line: str) -> None:
    assert outcome(tmp_path, SKIPPED_WHOLE, required=required).startswith(line)
