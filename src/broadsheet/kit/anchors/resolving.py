"""An anchor found again in a text that has changed since; or the answer that it cannot be.

The old text is the best evidence: a word-level comparison carries the place through it. Without it
there are the words, what stood on either side, and about where. A wrong place is worse than none,
because it puts words into somebody's mouth; so each way has bounds below which the answer is
`Changed` or `Gone`.
"""

from dataclasses import dataclass
from typing import Final, Literal

from broadsheet.kit.anchors.anchor import MAX_CONTEXT, Anchor
from broadsheet.kit.anchors.approximate import nearly, similarity
from broadsheet.kit.anchors.carrying import Carried, carry
from broadsheet.kit.anchors.making import occurrences
from broadsheet.kit.anchors.plain import PlainText, squashed
from broadsheet.kit.anchors.words import is_word_end

type How = Literal["same", "carried", "context", "edited"]

# Words that stayed in one piece, those around them included; fewer are a coincidence.
LEAST_SUPPORT: Final = 4
# Below this the way back is asked too.
SURE_SUPPORT: Final = 10
# How much of the words has to be there still for them to be the same words, edited.
LEAST_KEPT: Final = 0.75
# Shorter quotations are found as they are or not at all.
LEAST_EDITED: Final = 24
# Words this long are said once; where they are, they are the ones.
TELLING: Final = 40
# How alike the neighbourhood is, 0 to 1, both sides together: enough, and more than the next.
LEAST_ALIKE: Final = 0.6
TELLING_ALIKE: Final = 0.3
SAME_ALIKE: Final = 0.95
LEAST_LEAD: Final = 0.15
# One code point in so many may differ in a quotation that is found without the old text.
ONE_ERROR_IN: Final = 7
# What is said to be changed is at most so much longer than it was.
LONGEST_CHANGE: Final = 400


@dataclass(frozen=True, slots=True)
class Found:
    """The words are at `start`:`end`, in code points of the normalised new text.

    how: `same`, in a text that did not change; `carried`, as they were, by comparison with the old
    text; `context`, as they were, told by what stands around them; `edited`, with small changes.
    `sentence_stands` says whether the sentence around them is as it was: if not, say so to readers.
    """

    start: int
    end: int
    how: How
    sentence_stands: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """The passage was rewritten; `near` is where, if that is known."""

    near: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Gone:
    """The passage is not in the text any more."""


type Resolution = Found | Changed | Gone


def resolve(*, anchor: Anchor, text: PlainText, old: PlainText | None = None) -> Resolution:
    """Return where the words of an anchor are in a later text.

    `old` is the text of the anchor's revision; one that does not hold the words at the anchor's
    place is passed over. Never an exception. For texts of n code points together the cost grows as
    n log n; with 1 MB it stays below about two seconds whatever the text is.
    """
    position = anchor.position
    if old is not None and old.text[position.start : position.end] == anchor.quote.exact:
        if old.text == text.text:
            return Found(position.start, position.end, "same", sentence_stands=True)
        return _from_old(anchor, old.text, text.text)
    return _from_words(anchor, text.text)


def _from_old(anchor: Anchor, old: str, new: str) -> Resolution:
    carried = carry(old, new, anchor.position.start, anchor.position.end)
    span = carried.start, carried.end
    if carried.kept == 1 and (carried.support >= LEAST_SUPPORT or carried.held):
        if carried.support >= SURE_SUPPORT or _is_sure(anchor, old, new, span):
            return _found(anchor, new, span, "carried")
    elif _is_edited(anchor, carried):
        # A sign or word at the edge that is near twice may have been taken for its twin.
        exact = _within(anchor.quote.exact, new, span)
        return _found(anchor, new, exact or span, "carried" if exact else "edited")
    moved = _moved(anchor, old, new)
    if moved is not None:
        return _found(anchor, new, moved, "context")
    is_small = span[1] - span[0] <= len(anchor.quote.exact) + LONGEST_CHANGE
    if is_small and (carried.kept > 1 - LEAST_KEPT or (carried.held and span[1] > span[0])):
        return Changed(span)
    return Gone() if carried.kept < 1 - LEAST_KEPT else Changed(None)


def _within(exact: str, new: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the exact words are, if it is once and lies over most of the span."""
    slack = len(exact) // 2
    low = max(0, span[0] - slack)
    around = new[low : span[1] + slack]
    place = around.find(exact)
    if place < 0 or around.find(exact, place + 1) >= 0:
        return None
    return low + place, low + place + len(exact)


def _is_sure(anchor: Anchor, old: str, new: str, span: tuple[int, int]) -> bool:
    """Say whether words that few others hold are there: nowhere are they more at home.

    What was put in may begin, or end, as the words that it was put beside.
    """
    if _is_anothers(anchor, old, new, span):
        return False
    alike = _alike(anchor, new, *span)
    return all(other <= alike for other, _ in _ranked(anchor, new)[:1])


def _is_anothers(anchor: Anchor, old: str, new: str, span: tuple[int, int]) -> bool:
    """Say whether the words there were elsewhere in the old text: carried back, they go there."""
    back = carry(new, old, *span)
    return back.kept == 1 and (back.start, back.end) != (anchor.position.start, anchor.position.end)


def _is_edited(anchor: Anchor, carried: Carried) -> bool:
    length = len(anchor.quote.exact)
    is_near = (carried.end - carried.start) * LEAST_KEPT <= length
    return carried.kept >= LEAST_KEPT and length >= LEAST_EDITED and is_near


def _moved(anchor: Anchor, old: str, new: str) -> tuple[int, int] | None:
    """Return where words went that were taken from one place of the text to another."""
    exact = anchor.quote.exact
    ranked = _ranked(anchor, new)
    was_once = old.count(exact) == 1
    if was_once and len(ranked) == 1 and len(exact) >= TELLING:
        return ranked[0][1]
    place = _told_apart(ranked, LEAST_ALIKE)
    return place if place and not _is_anothers(anchor, old, new, place) else None


def _from_words(anchor: Anchor, new: str) -> Resolution:
    exact = anchor.quote.exact
    ranked = _ranked(anchor, new)
    if ranked:
        is_telling = len(exact) >= TELLING and len(ranked) == 1
        place = _told_apart(ranked, TELLING_ALIKE if is_telling else LEAST_ALIKE)
        place = place or _unmoved(ranked, anchor.position.start)
        return _found(anchor, new, place, "context") if place else Changed(None)
    if len(exact) < LEAST_EDITED:
        return Gone()
    near = [
        (_alike(anchor, new, one.start, one.end), (one.start, one.end))
        for one in nearly(new, exact, errors=len(exact) // ONE_ERROR_IN)
    ]
    place = _told_apart(sorted(near, reverse=True), LEAST_ALIKE)
    if place:
        return _found(anchor, new, place, "edited")
    return Changed(near[0][1] if len(near) == 1 else None) if near else Gone()


def _ranked(anchor: Anchor, new: str) -> list[tuple[float, tuple[int, int]]]:
    """Return where the exact words are, the place whose neighbourhood is most alike first."""
    exact = anchor.quote.exact
    # A word that was whole is looked for whole; one that was cut may be cut again.
    head = is_word_end(anchor.quote.prefix[-1:] + exact, min(1, len(anchor.quote.prefix)))
    tail = is_word_end(exact + anchor.quote.suffix[:1], len(exact))
    places = [
        (_alike(anchor, new, place, place + len(exact)), (place, place + len(exact)))
        for place in occurrences(new, exact)
        if (not head or is_word_end(new, place))
        and (not tail or is_word_end(new, place + len(exact)))
    ]
    return sorted(places, key=lambda one: (-one[0], one[1]))


def _alike(anchor: Anchor, new: str, start: int, end: int) -> float:
    """Return how alike the two sides of a place are to what they were, by their lengths."""
    prefix, suffix = anchor.quote.prefix, anchor.quote.suffix
    before = similarity(prefix, new[max(0, start - len(prefix)) : start])
    after = similarity(suffix, new[end : end + len(suffix)])
    if not prefix or not suffix:
        # The text began, or ended, there: that it still does is worth little.
        return after if suffix else before
    # An edit beside the words spoils one side of them; the other speaks for both.
    both = (before * len(prefix) + after * len(suffix)) / (len(prefix) + len(suffix))
    return (both + max(before, after)) / 2


def _unmoved(ranked: list[tuple[float, tuple[int, int]]], start: int) -> tuple[int, int] | None:
    """Return the place that nothing moved, of several in the same surroundings."""
    for alike, place in ranked:
        if place[0] == start and alike >= SAME_ALIKE and alike >= ranked[0][0]:
            return place
    return None


def _told_apart(
    ranked: list[tuple[float, tuple[int, int]]], least: float
) -> tuple[int, int] | None:
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < LEAST_LEAD:
        return None
    return ranked[0][1]


def _found(anchor: Anchor, new: str, span: tuple[int, int], how: How) -> Found:
    start, end = span
    sentence = anchor.sentence
    left = max(0, start - sentence.start - MAX_CONTEXT)
    around = new[left : start + len(sentence.text) + MAX_CONTEXT]
    return Found(start, end, how, squashed(sentence.text)[0] in squashed(around)[0])
