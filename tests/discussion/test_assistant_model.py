"""The assistant's arithmetic on small made-up newsrooms: what it learns, proves and explains."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from broadsheet.discussion.rules.assistant.approving import (
    AUDITED_PERCENT,
    LEAST,
    is_audited,
    is_proven,
    limit_of,
    upper_bound,
)
from broadsheet.discussion.rules.assistant.examples import example_of
from broadsheet.discussion.rules.assistant.explaining import REASONS, Reason, reasons_of
from broadsheet.discussion.rules.assistant.history import Known, Tally
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.record import auc, record_of
from broadsheet.discussion.rules.assistant.trial import Judged, Trial, approvals, trial
from broadsheet.discussion.rules.assistant.words import HEAD, TAIL, read, runs_of, words_of

KIND = [
    *("harbour", "bridge", "council", "budget", "school", "lamp"),
    *("river", "market", "ferry", "bus", "tree", "square"),
]
RUDE = ["gobsmite", "wretchling", "clodpole"]
# As long as a post may be and longer; alphabets, directions, marks piled up, and nothing.
HOSTILE = (
    *("", " \n\t ", "😀😀😀", "!!!", "a", "\u202e\u202e", "x" * 1_000_000, "\u0301" * 50_000),
    *("ﷺ" * 50_000, "שלום עולם", "شكرا على هذا المقال؟", "\ud800 lone", "http://" * 20_000),
    *("\x00\x01", "a b " * 100_000, "ǅ" * 40_000, "👩‍👩‍👧‍👦" * 9_000, "日本語のコメント" * 900),
)


def decisions(
    count: int = 600, *, rude: float = 0.2, seed: int = 1, errors: float = 0.05
) -> list[Judged]:
    """A made-up newsroom: a few rude words, and a few writers who use them."""
    chance = random.Random(seed)  # noqa: S311 - made up
    made = []
    for number in range(1, count + 1):
        bad = chance.random() < rude
        words = chance.choices(KIND, k=chance.randint(4, 12))
        if bad:
            words.insert(chance.randrange(len(words)), chance.choice(RUDE))
        writer = (
            f"w{chance.randrange(6) if bad and chance.random() < 0.7 else chance.randrange(90)}"
        )
        removed = bad != (chance.random() < errors)
        made.append(Judged(number, " ".join(words), removed, writer, f"t{number // 40}"))
    return made


@pytest.fixture(scope="module")
def learned() -> Trial:
    return trial(decisions(900))


def test_it_learns_what_this_newsroom_removes(learned: Trial) -> None:
    assert auc(scores=learned.scores[300:], removed=learned.removed[300:]) > 0.8
    assert record_of(scores=learned.scores, removed=learned.removed).speaks


def test_the_same_decisions_make_the_same_model_whenever_it_was_stopped(learned: Trial) -> None:
    history = decisions(900)
    model = Model()
    for part in (history[:350], history[350:351], history[351:]):
        model = Model.from_bytes(model.to_bytes())
        for one in part:
            model.learn(
                example_of(text=read(one.text), known=Known()),
                removed=one.removed,
                comment=one.number,
            )
    again = Model()
    for one in history:
        again.learn(
            example_of(text=read(one.text), known=Known()), removed=one.removed, comment=one.number
        )
    assert model.to_bytes() == again.to_bytes()
    assert trial(history).scores == learned.scores


@pytest.mark.parametrize("data", [b"", b"BSA0" + bytes(40), b"BSA1", b"BSA1" + bytes(100)])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Model.from_bytes(data)


@pytest.mark.slow
def test_it_stays_small_whatever_is_written() -> None:
    model = Model()
    chance = random.Random(2)  # noqa: S311 - made up
    for number in range(1_010):
        text = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(HEAD + TAIL))
        example = example_of(text=read(text), known=Known())
        model.learn(example, removed=bool(number % 2), comment=number)
        assert len(example.places) <= 5 * (HEAD + TAIL)
    assert len(model.to_bytes()) <= 16 * 2**20


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_scored_explained_and_learned(text: str, learned: Trial) -> None:
    looked = read(text)
    assert len(looked.plain) <= HEAD + TAIL + 3
    example = example_of(text=looked, known=Known())
    reasons = reasons_of(model=learned.model, text=looked, known=Known(), example=example)
    assert len(reasons) <= REASONS
    model = Model()
    for removed in (True, False, True):
        model.learn(example, removed=removed)
    assert abs(model.score(example)) < 100


@pytest.mark.parametrize("removed", [True, False])
def test_decisions_of_one_kind_alone_do_not_overwhelm_it(removed: bool) -> None:
    history = [replace(one, removed=removed) for one in decisions(1_200)]
    done = trial(history)
    record = record_of(scores=done.scores, removed=done.removed)
    assert not record.speaks
    assert record.auc is None
    found = approvals(scores=done.scores, removed=done.removed, bound=0.015)
    assert found.errors == 0
    assert removed == (found.approved == 0)


def test_with_few_decisions_it_says_nothing() -> None:
    for count in (0, 1, 10, 299):
        done = trial(decisions(count))
        assert not record_of(scores=done.scores, removed=done.removed).speaks
        assert limit_of(scores=done.scores, removed=done.removed, bound=0.1) is None


def test_what_was_decided_by_lot_teaches_nothing() -> None:
    history = decisions(1_500)
    said = [one.removed for one in history]
    random.Random(3).shuffle(said)  # noqa: S311 - made up
    done = trial(replace(one, removed=gone) for one, gone in zip(history, said, strict=True))
    record = record_of(scores=done.scores, removed=done.removed)
    assert record.low is not None
    assert record.high is not None
    assert record.low < 0.55
    assert not record.speaks
    assert approvals(scores=done.scores, removed=done.removed, bound=0.015).approved == 0


def test_what_was_learned_of_a_comment_can_be_dropped() -> None:
    model = Model()
    for one in decisions(40):
        example = example_of(text=read(one.text), known=Known())
        model.learn(example, removed=one.removed, comment=one.number)
    assert model.forget({3, 7})
    assert not model.forget({3, 7})
    left = [number for kept in model.kept.values() for number in kept.comments]
    assert sorted(left) == [n for n in range(1, 41) if n not in {3, 7}]


# -- what it sees --------------------------------------------------------------------------------


def test_forms_of_one_word_are_one_word() -> None:
    plain = read("Nooooo way, see https://a.example/x and www.b.example!").plain
    assert plain == read("NOOOOOOOO ｗａｙ, see http://c.example and www.d.example").plain
    assert plain.startswith(" noo way, see ")


def test_runs_stay_inside_words() -> None:
    text = read("ab cde")
    runs = runs_of(text)
    # " a", "ab", "b ", " ab", "ab ", " ab " and of " cde " four, three, two and one.
    assert len(runs.numbers) == 6 + 10
    assert len(words_of(text).numbers) == 3


def test_the_end_of_a_long_text_is_seen() -> None:
    padded = read("x " * 10_000 + "clodpole")
    assert padded.plain.endswith(" clodpole ")


# -- why -----------------------------------------------------------------------------------------


def _why(done: Trial, text: str, known: Known) -> tuple[Reason, ...]:
    looked = read(text)
    example = example_of(text=looked, known=known)
    return reasons_of(model=done.model, text=looked, known=known, example=example)


def test_a_score_is_explained_by_words_and_by_history(learned: Trial) -> None:
    known = Known(writer=Tally(5, 4), thread=Tally(12, 3))
    reasons = _why(learned, "The harbour clodpole, that clodpole! Gobsmite.", known)
    assert {one.word for one in reasons if one.kind == "word" and one.weight > 0} >= {
        "clodpole",
        "gobsmite",
    }
    writer = next(one for one in reasons if one.kind == "writer")
    assert (writer.count, writer.of, writer.weight > 0) == (4, 5, True)


def test_one_word_is_one_reason_and_the_strongest_come_first(learned: Trial) -> None:
    reasons = _why(learned, "wretchling " * 30 + "wretchling!", Known())
    assert [one.word for one in reasons if one.kind == "word"] == ["wretchling"]
    weights = [abs(one.weight) for one in _why(learned, " ".join([*KIND, *RUDE]), Known())]
    assert all(first >= second for first, second in pairwise(weights))


def test_reasons_add_up_to_what_moved_the_score(learned: Trial) -> None:
    """A word's reason is all that its pieces add: without the word, the score falls by about it."""
    with_it, without = "the harbour clodpole bridge", "the harbour bridge"
    word = next(one for one in _why(learned, with_it, Known()) if one.word == "clodpole")
    scores = [
        learned.model.score(example_of(text=read(text), known=Known()))
        for text in (with_it, without)
    ]
    assert scores[0] - scores[1] == pytest.approx(word.weight, rel=0.4)


# -- what it has to prove ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "of", "high"), [(0, 100, 0.0295), (1, 100, 0.0466), (5, 500, 0.0209), (10, 10, 1)]
)
def test_the_exact_binomial_bound(errors: int, of: int, high: float) -> None:
    assert upper_bound(errors=errors, of=of) == pytest.approx(high, abs=2e-4)
    assert not is_proven(errors=errors, of=of, bound=high - 0.002, confidence=0.95)


def test_nothing_is_proven_by_nothing() -> None:
    assert not is_proven(errors=0, of=0, bound=0.5, confidence=0.5)
    assert limit_of(scores=[0.0] * (LEAST - 1), removed=[False] * (LEAST - 1), bound=0.1) is None


def test_equal_scores_are_approved_together_or_not_at_all() -> None:
    scores = [0.0] * 1_200
    assert limit_of(scores=scores, removed=[False] * 1_160 + [True] * 40, bound=0.02) is None
    assert limit_of(scores=scores, removed=[False] * 1_198 + [True] * 2, bound=0.02) == 0


def test_what_was_good_once_is_no_proof_for_today() -> None:
    scores = [0.0] * 4_000
    assert limit_of(scores=scores, removed=[False] * 4_000, bound=0.015) == 0
    lately = [False] * 3_500 + [True, *[False] * 19] * 25
    assert sum(lately) / 4_000 < 0.015
    assert limit_of(scores=scores, removed=lately, bound=0.015) is None


def test_two_in_a_hundred_are_audited_and_nobody_knows_which() -> None:
    drawn = {number for number in range(20_000) if is_audited(comment=number, secret="one")}
    assert AUDITED_PERCENT / 100 * 0.85 < len(drawn) / 20_000 < AUDITED_PERCENT / 100 * 1.15
    other = {number for number in range(20_000) if is_audited(comment=number, secret="two")}
    assert len(drawn & other) < len(drawn) / 5


def test_auc_counts_pairs() -> None:
    assert auc(scores=[1, 2, 3], removed=[False, False, True]) == 1
    assert auc(scores=[1, 1, 1, 1], removed=[True, False, True, False]) == 0.5
    assert auc(scores=[3, 2, 1], removed=[False, True, True]) == 0


def test_the_record_needs_removals_and_a_margin() -> None:
    removed = [at % 11 == 0 for at in range(310)]
    assert sum(removed) == 29
    assert not record_of(scores=[float(gone) for gone in removed], removed=removed).speaks
    removed += [True] * 10
    assert record_of(scores=[float(gone) for gone in removed], removed=removed).speaks
    assert not record_of(scores=[0.0] * len(removed), removed=removed).speaks
