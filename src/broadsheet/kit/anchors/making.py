"""Anchors made: of a span of a text, and of what a browser says was selected."""

from collections.abc import Iterator

from broadsheet.kit.anchors.anchor import (
    MAX_CONTEXT,
    MAX_EXACT,
    Anchor,
    AnchorError,
    Position,
    Quote,
    Revision,
    Sentence,
)
from broadsheet.kit.anchors.plain import MOST_MARKS, PlainText, is_mark, plain, squashed
from broadsheet.kit.anchors.sentences import sentence_around

# How many places of the same words are looked at; nobody quotes the 201st.
MAX_PLACES = 200


def make_anchor(*, text: PlainText, start: int, end: int, revision: Revision) -> Anchor:
    """Make an anchor of the words from `start` to `end`, in code points of the normalised text.

    White space at either end is left out, and a letter that was cut is taken whole. Raises
    AnchorError, for the field `start`, `end` or `exact`, when that leaves nothing or too much.
    """
    words = text.text
    if not 0 <= start <= len(words):
        raise AnchorError("start", f"lies outside a text of {len(words)} code points")
    if not start < end <= len(words):
        raise AnchorError("end", "must lie after start and inside the text")
    start, end = _whole(words, start, end)
    if start >= end:
        raise AnchorError("exact", "must have words")
    if end - start > MAX_EXACT:
        raise AnchorError("exact", f"is longer than {MAX_EXACT} code points")
    left, right = sentence_around(words, start, end)
    return Anchor(
        quote=Quote(
            exact=words[start:end],
            prefix=words[max(0, start - MAX_CONTEXT) : start],
            suffix=words[end : end + MAX_CONTEXT],
        ),
        position=Position(start, end),
        revision=revision,
        sentence=Sentence(words[left:right], start - left),
    )


def anchor_from_selection(
    *,
    text: PlainText,
    exact: str,
    prefix: str = "",
    suffix: str = "",
    hint_start: int | None = None,
    revision: Revision,
) -> Anchor:
    """Make an anchor of what a browser's selection says, as it says it.

    White space does not count at all: a browser puts its own between blocks, and a phone's keyboard
    adds some. Of several places the one whose neighbourhood agrees is taken, `hint_start` (about
    where, in code points) deciding only between equals. Raises AnchorError for `exact` when the
    words are not in the text, or are at several places that nothing tells apart. Costs a search of
    the text, and at most `MAX_PLACES` comparisons of a neighbourhood.
    """
    if len(exact) > 2 * MAX_EXACT + MAX_CONTEXT:
        raise AnchorError("exact", f"is longer than {MAX_EXACT} code points")
    wanted, _ = squashed(plain(exact).text)
    if not wanted:
        raise AnchorError("exact", "must have words")
    before, _ = squashed(plain(prefix[-4 * MAX_CONTEXT :]).text)
    after, _ = squashed(plain(suffix[: 4 * MAX_CONTEXT]).text)
    body, places = squashed(text.text)
    ranked = sorted(
        (
            -_agreeing(body, place, before) - _agreeing_after(body, place + len(wanted), after),
            abs(places[place] - hint_start) if hint_start is not None else 0,
            place,
        )
        for place in occurrences(body, wanted)
    )
    if not ranked:
        raise AnchorError("exact", "is not in the text")
    if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
        raise AnchorError("exact", "is in the text more than once")
    first = ranked[0][2]
    return make_anchor(
        text=text,
        start=places[first],
        end=places[first + len(wanted) - 1] + 1,
        revision=revision,
    )


def occurrences(text: str, words: str) -> Iterator[int]:
    """Yield where `words` begin in `text`, in order, at most `MAX_PLACES`."""
    place = -1
    for _ in range(MAX_PLACES):
        place = text.find(words, place + 1)
        if place < 0:
            return
        yield place


def _whole(words: str, start: int, end: int) -> tuple[int, int]:
    while start < end and words[start] in " \n":
        start += 1
    while start < end and words[end - 1] in " \n":
        end -= 1
    for _ in range(MOST_MARKS):
        if 0 < start < end and is_mark(words[start]) and words[start - 1] not in " \n":
            start -= 1
        if start < end < len(words) and is_mark(words[end]):
            end += 1
    return start, end


def _agreeing(body: str, place: int, before: str) -> int:
    count = 0
    while count < min(len(before), place) and before[-1 - count] == body[place - 1 - count]:
        count += 1
    return count


def _agreeing_after(body: str, place: int, after: str) -> int:
    count = 0
    most = min(len(after), len(body) - place)
    while count < most and after[count] == body[place + count]:
        count += 1
    return count
