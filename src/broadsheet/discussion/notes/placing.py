"""Where a note's phrase is: found when it is begun, and again in each edition of the story."""

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.discussion.models import Note
from broadsheet.discussion.rules.noting import Phrase, is_phrase
from broadsheet.kit.anchors import (
    Anchor,
    AnchorError,
    Changed,
    Found,
    PlainText,
    Position,
    Quote,
    Sentence,
    anchor_from_selection,
    make_anchor,
    plain,
    resolve,
)
from broadsheet.kit.anchors.making import occurrences
from broadsheet.kit.anchors.plain import squashed
from broadsheet.kit.verdict import RefusalError, Refused, require

# So many places of the same words can be chosen from.
MOST_PLACES = 20
_CODES = {
    "is not in the text": "phrase_missing",
    "is in the text more than once": "phrase_twice",
    "must have words": "phrase_empty",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One of several places of the same words: where it begins, inside its sentence."""

    start: int
    before: str
    exact: str
    after: str


def anchor_of(phrase: Phrase, *, story: PlainText | None, edition: int, length: int) -> Anchor:
    """Return the anchor of words in the story as it is now. Raises RefusalError."""
    if story is None:
        raise RefusalError(Refused("phrase_nowhere", field="phrase"))
    try:
        anchor = anchor_from_selection(
            text=story,
            exact=phrase.exact,
            prefix=phrase.prefix,
            suffix=phrase.suffix,
            hint_start=phrase.start,
            revision=edition,
        )
    except AnchorError as error:
        code = _CODES.get(error.reason, "phrase_long")
        facts = (("limit", length),) if code == "phrase_long" else ()
        raise RefusalError(Refused(code, facts=facts, field="phrase")) from error
    require(is_phrase(exact=anchor.quote.exact, length=length))
    return anchor


def places_of(words: str, *, story: PlainText | None) -> tuple[Place, ...]:
    """Return the places of these words in the story, each in its sentence; at most MOST_PLACES."""
    return tuple(_places(words, story)) if story else ()


def _places(words: str, story: PlainText) -> Iterator[Place]:
    wanted, _ = squashed(plain(words).text)
    body, where = squashed(story.text)
    for number, at in enumerate(occurrences(body, wanted) if wanted else ()):
        if number == MOST_PLACES:
            return
        start, end = where[at], where[at + len(wanted) - 1] + 1
        try:
            anchor = make_anchor(text=story, start=start, end=end, revision=0)
        except AnchorError:
            return
        sentence, begin = anchor.sentence.text, anchor.sentence.start
        yield Place(
            start=anchor.position.start,
            before=sentence[:begin],
            exact=anchor.quote.exact,
            after=sentence[begin + len(anchor.quote.exact) :],
        )


def columns_of(anchor: Anchor) -> dict[str, object]:
    """Return an anchor as the columns of a note that stands where it was begun."""
    quote, position = anchor.quote, anchor.position
    return {
        "revision": int(anchor.revision),
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start": position.start,
        "end": position.end,
        "sentence": anchor.sentence.text,
        "sentence_start": anchor.sentence.start,
        "placed_on": int(anchor.revision),
        "placed_at": position.start,
        "placed_end": position.end,
        "standing": Note.Standing.STANDS,
    }


def place_again(note: Note, *, edition: int, text: PlainText, old: PlainText | None) -> None:
    """Say on a note where its words are in another edition; `old` is that of its anchor."""
    anchor = Anchor(
        quote=Quote(note.exact, note.prefix, note.suffix),
        position=Position(note.start, note.end),
        revision=note.revision,
        sentence=Sentence(note.sentence, note.sentence_start),
    )
    note.placed_on = edition
    note.placed_at = note.placed_end = None
    match resolve(anchor=anchor, text=text, old=old):
        case Found(start=start, end=end, how=how):
            is_same = how != "edited" and text.text[start:end] == note.exact
            note.standing = Note.Standing.STANDS if is_same else Note.Standing.EDITED
            note.placed_at, note.placed_end = start, end
        case Changed(near=near):
            note.standing = Note.Standing.CHANGED
            if near is not None:
                note.placed_at, note.placed_end = near
        case _:
            note.standing = Note.Standing.GONE
