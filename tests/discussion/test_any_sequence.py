"""Whatever people and moderators do in whatever order, a thread is what a plain model says.

Counters, every order, who may do what, words and quotes shown only while they may be seen.
"""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.discussion.comments import first_replies, permalinks, root_pages
from broadsheet.discussion.rules.marking import MARKS
from discussion.comparing import REPLIES_PER_PAGE, REPLIES_PER_ROOT, ROOTS_PER_PAGE, check
from discussion.making import open_room
from discussion.playing import Play

DOES = {
    "post": 1,
    "reply": 1,
    "deeper": 2,
    "chain": 1,
    "quote": 2,
    "type": 1,
    "vote": 2,
    "edit": 2,
    "withdraw": 1,
    "report": 2,
    "dismiss": 1,
    "decide": 2,
    "branch": 1,
    "undo": 3,
    "mark": 3,
    "end": 1,
    "pin": 3,
    "close": 1,
    "reopen": 1,
    "blank": 1,
}
STEPS = st.tuples(
    st.sampled_from([verb for verb, often in DOES.items() for _ in range(often)]),
    # The first ones more often: what happens twice to one comment is where errors hide.
    st.integers(0, 2) | st.integers(0, 30),
    st.integers(0, 3),
    st.integers(0, 11),
)


PINNED_MEANWHILE = [
    *[("post", 0, 0, 0)] * 5,
    *(("pin", which, 0, 0) for which in range(3)),
    ("decide", 0, 0, 2),
    ("pin", 3, 0, 0),
    ("decide", 0, 0, 3),
]

# A talk of twelve is closed at a level that paths name, or below it; then somebody answers above
# and below that, and where answers stand flat.
CLOSED_AT_3, CLOSED_AT_9 = (
    [
        ("post", 0, 0, 0),
        ("chain", 0, 0, 11),
        ("mark", closed, 0, list(MARKS).index("close")),
        *(("reply", which, 0, 0) for which in (1, closed - 1, closed, closed + 1, 8, 10)),
        ("deeper", 0, 0, 0),
    ]
    for closed in (3, 9)
)

# In a talk of twelve somebody is gone whom an answer names that stands far from them: below the
# last level that is indented, and among what the newsroom wrote.
NAMED_FROM_AFAR = [
    ("post", 0, 0, 0),
    ("chain", 0, 0, 11),
    *(("decide", gone, 0, 2) for gone in (3, 7, 9)),
]

# A branch of which some was removed before, some waits and some is decided about later.
UNDONE_BRANCH = [
    ("post", 0, 0, 0),
    ("chain", 0, 0, 11),
    ("reply", 2, 0, 11),
    ("decide", 4, 0, 2),
    ("report", 5, 1, 0),
    ("branch", 1, 0, 0),
    ("decide", 6, 0, 3),
    ("withdraw", 7, 0, 0),
    ("undo", 1, 0, 0),
    ("undo", 0, 0, 0),
    ("undo", 2, 0, 0),
]

# Removed twice with the same words, and the first of both is undone: it is the second that holds.
DECIDED_SINCE = [
    ("post", 0, 0, 0),
    *(("decide", 0, 0, how) for how in (2, 3, 2)),
    ("undo", 2, 0, 0),
]


def play(steps: list[tuple[str, int, int, int]]) -> None:
    """Each example in a savepoint of its own: the next one begins with an empty room."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(root_pages, "ROOTS_PER_PAGE", ROOTS_PER_PAGE)
        patch.setattr(root_pages, "ROOTS_BEFORE", 1)
        patch.setattr(first_replies, "REPLIES_PER_ROOT", REPLIES_PER_ROOT)
        patch.setattr(permalinks, "REPLIES_PER_PAGE", REPLIES_PER_PAGE)
        game = Play(open_room(now=datetime(2026, 6, 12, 9, 30, tzinfo=UTC), key="any"))
        for at, step in enumerate(steps):
            game.step(*step)
            if at == len(steps) // 2:
                game.draw()
        check(game)
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=6, deadline=None)
@given(st.lists(STEPS, min_size=15, max_size=35))
@example(PINNED_MEANWHILE)
@example(CLOSED_AT_3)
@example(CLOSED_AT_9)
@example(NAMED_FROM_AFAR)
@example(UNDONE_BRANCH)
@example(DECIDED_SINCE)
def test_a_thread_is_what_the_model_says(steps: list[tuple[str, int, int, int]]) -> None:
    play(steps)


@pytest.mark.deep
@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(st.lists(STEPS, min_size=40, max_size=140))
def test_after_long_histories_too(steps: list[tuple[str, int, int, int]]) -> None:
    play(steps)
