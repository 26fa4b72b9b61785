"""How hot a discussion is: what happens in it beyond its own normal and that of the site.

Events fade instead of leaving a window: each counts exp(-age / tau), so that a sum over minutes and
one over a day are kept by two numbers and no list. Of what comes at a rate r such a sum has the
mean r*tau and the variance r*tau/2; twice the sum so behaves as a Poisson count does.

- Exponentially weighted sums: S. W. Roberts, "Control chart tests based on geometric moving
  averages", Technometrics 1 (1959).
- Normal rate of a thread: the mean of a Gamma-Poisson model, in which threads that are young or
  silent lean on the others of the site (empirical Bayes; A. Gelman et al., "Bayesian Data
  Analysis", 3rd ed., 2.6).
- How far beyond: a difference of square roots, which for a Poisson count has a variance of about 1
  whatever its mean (F. J. Anscombe, Biometrika 35, 1948).
- Together: Stouffer's weighted sum of such scores (M. C. Whitlock, J. Evol. Biol. 18, 2005).
  Reports and removals weigh twice as much as comments: a lively discussion is no hot one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, sqrt
from typing import Final

LATELY: Final = timedelta(minutes=15)
NORMALLY: Final = timedelta(hours=24)
# So long the others of the site speak for a thread, beside its own time.
_LEANS: Final = timedelta(hours=6)
_WEIGHTS: Final = {"comments": 1.0, "reports": 2.0, "removals": 2.0}
KINDS: Final = tuple(_WEIGHTS)
_STEADY: Final = 3 / 8

# In units of what chance does: by itself three happen once in several hundred looks.
HOT: Final = 3.0
COOL: Final = 2.0
# From here on somebody is called.
CALLS: Final = 6.0
CALL_AGAIN: Final = timedelta(hours=1)
# How hot it was when nobody has looked for so long, says nothing of now.
STALE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sums:
    """Faded sums of one kind of event: over minutes, and over a day."""

    lately: float = 0.0
    normally: float = 0.0

    def faded(self, passed: timedelta) -> "Sums":
        """Return what is left of them after a while."""
        return Sums(self.lately * _fade(passed, LATELY), self.normally * _fade(passed, NORMALLY))

    def plus(self, *, age: timedelta) -> "Sums":
        """Return them with one event more, that happened so long ago."""
        return Sums(self.lately + _fade(age, LATELY), self.normally + _fade(age, NORMALLY))


def heat_of(*, sums: Mapping[str, Sums], usual: Mapping[str, float], age: timedelta) -> float:
    """Return how hot a thread of this age is: about 0 as usual, HOT and more when it is not.

    `usual` has the mean of the sums over a day of the threads in which there was anything.
    """
    score = sum(
        weight * _beyond(sums[kind], usual=usual[kind], age=age)
        for kind, weight in _WEIGHTS.items()
    )
    return score / sqrt(sum(weight**2 for weight in _WEIGHTS.values()))


def is_hot(*, heat: float, was_hot: bool) -> bool:
    """Say whether it is hot; what was so stays it until it is clearly cooler."""
    return heat >= (COOL if was_hot else HOT)


def may_call(*, heat: float, called_at: datetime | None, now: datetime) -> bool:
    """Say whether somebody is called by itself: not twice within an hour."""
    return heat >= CALLS and (called_at is None or now - called_at >= CALL_AGAIN)


def _beyond(sums: Sums, *, usual: float, age: timedelta) -> float:
    """Return how far beyond normal one kind of event is, 0 where it is not."""
    seen = NORMALLY * (1 - _fade(age, NORMALLY)) + _LEANS
    rate = (sums.normally + usual * (_LEANS / NORMALLY)) / (seen / LATELY)
    found = 2 * (sqrt(2 * sums.lately + _STEADY) - sqrt(2 * rate + _STEADY))
    return max(0.0, found)


def _fade(passed: timedelta, tau: timedelta) -> float:
    return exp(-max(passed, timedelta()) / tau)
