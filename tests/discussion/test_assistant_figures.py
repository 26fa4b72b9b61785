"""The assistant on real decisions: the One Million Posts corpus, as `tools/bench_assistant.py`."""

from pathlib import Path
from typing import Any

import pytest

from broadsheet.discussion.rules.assistant.record import auc, record_of
from broadsheet.discussion.rules.assistant.trial import trial
from house.tools import load_tool

bench = load_tool("bench_assistant")


@pytest.fixture(scope="module")
def corpus(test_data: Path) -> Any:
    return bench.from_corpus(test_data / bench.OMP)


@pytest.mark.slow
def test_on_its_first_decisions_it_is_better_than_a_guess(corpus: Any) -> None:
    done = trial(corpus.decisions[:1_000])
    assert auc(scores=done.scores[200:], removed=done.removed[200:]) >= 0.75
    record = record_of(scores=done.scores, removed=done.removed)
    assert record.speaks == (record.low is not None and record.low > 0.55)


@pytest.mark.deep
def test_on_real_decisions_it_reaches_what_it_has_to(corpus: Any) -> None:
    found = bench.figures(corpus)
    early, second, first_thousands, later = found.windows
    assert early >= 0.75
    assert second >= 0.82
    assert first_thousands >= 0.88
    assert later >= 0.85
    assert found.stratum >= 0.78
    assert found.approved.share >= 0.25
    assert found.approved.right >= 0.985
    assert found.megabytes <= 16


@pytest.mark.deep
def test_what_was_made_of_the_corpus(corpus: Any) -> None:
    found = {one.name: bench.figures(one) for one in bench.of_corpus(corpus)}
    assert found["thinned to 6%"].approved.share >= 0.55
    for name in ("thinned to 6%", "thinned to 3%", "backwards", "in any order"):
        assert found[name].windows[2] >= 0.82, name
        assert found[name].approved.right >= 0.985, name
    assert found["half in other letters"].windows[2] >= 0.88
    assert all(0.44 <= value <= 0.56 for value in found["decided by lot"].windows)
    assert found["decided by lot"].approved.approved == 0
