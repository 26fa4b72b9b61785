"""Limits that wait for nobody: the clock is in the test's hand."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.ratelimit import Limit, Limiter


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_then_one_at_a_time() -> None:
    clock = Clock()
    limiter = Limiter(Limit(burst=3, every=10), clock=clock)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 0]
    assert limiter.take("a") == 10
    assert limiter.take("b") == 0, "another key has its own bucket"
    clock.at += 9.5
    assert limiter.take("a") == 0.5
    clock.at += 0.5
    assert limiter.take("a") == 0
    assert limiter.take("a") == 10
    clock.at += 1000
    assert [limiter.take("a") for _ in range(4)] == [0, 0, 0, 10], (
        "it never holds more than a burst"
    )


def test_asking_uses_nothing() -> None:
    limiter = Limiter(Limit(burst=1, every=10), clock=Clock())
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 0]
    assert (len(limiter), limiter.take("a"), limiter.wait("a")) == (0, 0, 10)


def test_memory_is_bounded_and_the_longest_unseen_is_forgotten() -> None:
    limiter = Limiter(Limit(burst=1, every=10), keys=2, clock=Clock())
    for key in "abc":
        assert limiter.take(key) == 0
    assert len(limiter) == 2
    assert limiter.take("c") == 10
    assert limiter.take("a") == 0


@given(
    st.lists(st.floats(min_value=0, max_value=30), max_size=60),
    st.integers(min_value=1, max_value=5),
)
def test_waiting_as_told_is_always_enough_and_no_more_is_ever_taken(
    pauses: list[float], burst: int
) -> None:
    clock = Clock()
    started = clock.at
    limiter = Limiter(Limit(burst=burst, every=7), clock=clock)
    for taken, pause in enumerate(pauses, start=1):
        clock.at += pause
        wait = limiter.take("a")
        if wait:
            clock.at += wait
            assert limiter.take("a") == 0
        assert taken <= burst + (clock.at - started) / 7 + 1e-6
