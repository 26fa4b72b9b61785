"""Quotes as moderators judge them: the sentence that was quoted beside the source as it is now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.discussion.models import Comment, Quote
from broadsheet.discussion.quotes.sources import StoryText
from broadsheet.discussion.quotes.texts import quotable
from broadsheet.kit.anchors import (
    MAX_CONTEXT,
    Anchor,
    Changed,
    Found,
    PlainText,
    Position,
    Sentence,
    plain,
    resolve,
)
from broadsheet.kit.anchors import Quote as QuoteSelector

# So much of the source is shown on either side of the words: more than their sentence.
AROUND: Final = 600

_COLUMNS = (
    *("comment_id", "source_id", "revision", "exact", "prefix", "suffix", "start", "end"),
    *("sentence", "sentence_start", "blanked_at", "source__html", "source__state"),
    *("source__author__name", "source__guest_number"),
    *("comment__thread_id", "comment__thread__key", "comment__thread__edition"),
)

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of text with the words in question in it; `exact` is empty where they are gone."""

    before: str
    exact: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedQuote:
    """`quoted` is the sentence as it stood, `now` the source around the same place.

    `source` is the comment quoted, None for the story; `name` and `guest` who wrote it. `blanked`:
    the words were taken back, and nobody has them. `public`: the source can be read.
    """

    source: int | None
    name: str
    guest: int | None
    blanked: bool
    public: bool
    quoted: Marked
    now: Marked


def compared(
    *, numbers: Collection[int], story_text: StoryText | None
) -> dict[int, tuple[ComparedQuote, ...]]:
    """Return the quotes of comments, each with its source as it is now, by comment.

    One query, and one for each story that is quoted.
    """
    found: dict[int, tuple[ComparedQuote, ...]] = {}
    stories: dict[int, PlainText] = {}
    rows = Quote.objects.filter(comment__in=numbers, undone_at=None)
    for row in rows.order_by("comment", "place").values(*_COLUMNS):
        if row["source_id"] is not None:
            text = quotable(row["source__html"])
        else:
            thread = row["comment__thread_id"]
            if thread not in stories:
                stories[thread] = _story(row, story_text)
            text = stories[thread]
        number = row["comment_id"]
        found[number] = (*found.get(number, ()), _compared(row, text))
    return found


def _story(row: Row, story_text: StoryText | None) -> PlainText:
    text = story_text and story_text(
        key=row["comment__thread__key"], edition=row["comment__thread__edition"]
    )
    return plain(text or "")


def _compared(row: Row, text: PlainText) -> ComparedQuote:
    blanked = row["blanked_at"] is not None
    at = row["sentence_start"]
    sentence = row["sentence"]
    end = at + len(row["exact"])
    return ComparedQuote(
        source=row["source_id"],
        name=row["source__author__name"] or "",
        guest=row["source__guest_number"],
        blanked=blanked,
        public=row["source_id"] is None or row["source__state"] == Comment.State.PUBLISHED,
        quoted=Marked(sentence[:at], row["exact"], sentence[end:]),
        now=Marked("", "", "") if blanked else _now(row, text),
    )


def _now(row: Row, text: PlainText) -> Marked:
    words = text.text
    match resolve(anchor=_anchor(row), text=text):
        case Found(start=start, end=end):
            return _around(words, start, end, marked=True)
        case Changed(near=(start, end)):
            return _around(words, start, end, marked=False)
    place = min(row["start"], len(words))
    return _around(words, place, place, marked=False)


def _around(words: str, start: int, end: int, *, marked: bool) -> Marked:
    left, right = max(0, start - AROUND), min(len(words), end + AROUND)
    before = ("… " if left else "") + words[left:start]
    after = words[end:right] + (" …" if right < len(words) else "")
    if marked:
        return Marked(before, words[start:end], after)
    return Marked(before + words[start:end] + after, "", "")


def _anchor(row: Row) -> Anchor:
    return Anchor(
        quote=QuoteSelector(row["exact"], row["prefix"][-MAX_CONTEXT:], row["suffix"]),
        position=Position(row["start"], row["end"]),
        revision=row["revision"],
        sentence=Sentence(row["sentence"], row["sentence_start"]),
    )
