"""What the assistant may approve on its own: a score below which its errors are few, proven.

An error is a comment that a person removed and that scored at most the limit. That no more than the
owner's share of such comments are errors must follow from the last decisions, by the exact binomial
bound (Clopper and Pearson, 1934).
"""

from collections.abc import Sequence
from hashlib import sha256
from math import exp, lgamma, log, log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

# A limit has to be proven twice: by many decisions, and by those of late, for what was long ago
# says little of today. (So many decisions, how sure.)
PROOFS: Final = ((4_000, 0.8), (1_000, 0.5))
WINDOW: Final = max(window for window, _ in PROOFS)
# Fewer decisions than this prove nothing, whatever they say.
LEAST: Final = 1_000
# How sure a bound is that people are shown.
SURE: Final = 0.95
# So many of a hundred that it would approve go to people all the same.
AUDITED_PERCENT: Final = 2


def limit_of(
    *, scores: Sequence[float] | NDArray[np.float64], removed: Sequence[bool], bound: float
) -> float | None:
    """Return the highest score up to which at most `bound` were removed, proven; None without one.

    `scores` and what became of them stand in the order of the decisions; the last WINDOW count.
    """
    if len(scores) < LEAST:
        return None
    ranked, gone = np.asarray(scores, dtype=np.float64), np.asarray(removed, dtype=bool)
    limits = [
        _limit(ranked[-window:], gone[-window:], bound=bound, confidence=confidence)
        for window, confidence in PROOFS
    ]
    found = [limit for limit in limits if limit is not None]
    return min(found) if len(found) == len(PROOFS) else None


def _limit(
    ranked: NDArray[np.float64], gone: NDArray[np.bool_], *, bound: float, confidence: float
) -> float | None:
    at = np.argsort(ranked, kind="stable")
    ordered, missed = ranked[at], np.cumsum(gone[at])
    counts = np.arange(1, len(ordered) + 1)
    # Equal scores are approved together or not at all.
    ends = np.append(ordered[1:] != ordered[:-1], True)
    for end in np.flatnonzero(ends & (missed <= bound * counts))[::-1]:
        errors, of = int(missed[end]), int(counts[end])
        if is_proven(errors=errors, of=of, bound=bound, confidence=confidence):
            return float(ordered[end])
    return None


def is_proven(*, errors: int, of: int, bound: float, confidence: float) -> bool:
    """Say whether `errors` in `of` show that the true share is at most `bound`."""
    return of > 0 and _at_most(errors, of, bound) <= 1 - confidence


def upper_bound(*, errors: int, of: int, confidence: float = SURE) -> float:
    """Return the least share that `errors` in `of` show not to be exceeded."""
    low, high = (errors / of if of else 0.0), 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if is_proven(errors=errors, of=of, bound=middle, confidence=confidence):
            high = middle
        else:
            low = middle
    return high


def is_audited(*, comment: int, secret: str) -> bool:
    """Say whether a comment that could be approved goes to people: two in a hundred, by lot.

    The lot is drawn once for each comment; without `secret` nobody can know which.
    """
    lot = int.from_bytes(sha256(f"{secret}:{comment}".encode()).digest()[:8])
    return lot % 100 < AUDITED_PERCENT


def _at_most(errors: int, of: int, share: float) -> float:
    """Return the chance of at most `errors` in `of` where the true share is `share`."""
    if share >= 1 or errors >= of:
        return float(errors >= of)
    if share <= 0:
        return 1.0
    whole, yes, no = lgamma(of + 1), log(share), log1p(-share)
    terms = (
        exp(whole - lgamma(k + 1) - lgamma(of - k + 1) + k * yes + (of - k) * no)
        for k in range(errors + 1)
    )
    return min(1.0, sum(terms))
