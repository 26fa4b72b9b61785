"""`make test` stays in its time: PostgreSQL gets the walks that matter, not the browser's all."""

import re
import subprocess
import sys

import pytest

from house.layers import ROOT
from house.test_documentation import load_tool

FOLDERS = ("tests/browser", "tests/process")
# What has to work on PostgreSQL as readers and staff meet it.
WALKS = {"test_with_a_script_all_of_it_happens_in_place", "test_a_start_a_page_and_a_stop"}
IN_DEPTH = {
    "test_two_processes_on_one_database",
    "test_a_gift_moves_the_meter_and_a_refund_takes_it_back",
    "test_a_story_is_written_published_and_read",
    "test_readers_at_once_lose_nothing_and_count_nothing_twice",
    "test_readers_wait_while_a_killed_worker_is_replaced",
}
# Each takes seconds there, and the suite has six minutes.
MOST = 6


def collected(expression: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", expression, *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return re.findall(r"^tests/\S+::(\w+)", done.stdout, re.MULTILINE)


@pytest.mark.deep
def test_the_walks_that_matter_run_on_both_and_few_others() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    tool = load_tool("test")
    on_postgresql = collected(f"not deep and {tool.ON_POSTGRESQL}")
    assert set(on_postgresql) >= WALKS
    assert len(on_postgresql) <= MOST
    assert set(collected("both_in_depth and not deep")) == IN_DEPTH
