"""An anchor: some words of a text, told so that they are found again when the text has changed.

Its parts are the selectors of the Web Annotation Data Model, TextQuoteSelector and
TextPositionSelector (https://www.w3.org/TR/annotation-model/#selectors), and beside them the
revision it was made on and the sentence as it stood. All offsets and lengths are Unicode code
points of normalised text (`plain`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.kit.anchors.sentences import MAX_SENTENCE

MAX_EXACT: Final = 600
MAX_CONTEXT: Final = 64
MAX_REVISION: Final = 64
# Past this no text of ours goes; a number beyond it is a mistake or an attack.
MAX_POSITION: Final = 2**31 - 1

type Revision = int | str


class AnchorError(ValueError):
    """An anchor that cannot be one; `field` says which part of it, as `to_dict` names them."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Quote:
    """The words, and at most `MAX_CONTEXT` code points on either side of them."""

    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where the words stood: the first is at `start`, the first after them at `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence or sentences the words stood in; the words begin at `start` of it."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of one revision of a text. Raises AnchorError when its parts disagree."""

    quote: Quote
    position: Position
    revision: Revision
    sentence: Sentence

    def __post_init__(self) -> None:
        _check(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, in the model's own words; `from_dict` reads them."""
        quote, position = self.quote, self.position
        return {
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": quote.exact,
                    "prefix": quote.prefix,
                    "suffix": quote.suffix,
                },
                {"type": "TextPositionSelector", "start": position.start, "end": position.end},
            ],
            "revision": self.revision,
            "sentence": {"text": self.sentence.text, "start": self.sentence.start},
        }

    @classmethod
    def from_dict(cls, values: object) -> "Anchor":
        """Read what `to_dict` wrote. Anything missing, added or out of bounds: AnchorError."""
        top = _mapping(values, "anchor", {"selector", "revision", "sentence"})
        selectors = top["selector"]
        if not isinstance(selectors, list) or len(selectors) != 2:  # noqa: PLR2004 - quote, position
            raise AnchorError("selector", "must be a list of a quote and a position")
        quote = _mapping(selectors[0], "selector.0", {"type", "exact", "prefix", "suffix"})
        position = _mapping(selectors[1], "selector.1", {"type", "start", "end"})
        _is_type(quote, "selector.0", "TextQuoteSelector")
        _is_type(position, "selector.1", "TextPositionSelector")
        sentence = _mapping(top["sentence"], "sentence", {"text", "start"})
        return cls(
            quote=Quote(quote["exact"], quote["prefix"], quote["suffix"]),
            position=Position(position["start"], position["end"]),
            revision=top["revision"],
            sentence=Sentence(sentence["text"], sentence["start"]),
        )


def _check(anchor: Anchor) -> None:
    quote, position, sentence = anchor.quote, anchor.position, anchor.sentence
    _text(quote.exact, "exact", MAX_EXACT)
    if not quote.exact.strip():
        raise AnchorError("exact", "must have words")
    _text(quote.prefix, "prefix", MAX_CONTEXT)
    _text(quote.suffix, "suffix", MAX_CONTEXT)
    _number(position.start, "start")
    _number(position.end, "end")
    if position.end - position.start != len(quote.exact):
        raise AnchorError("end", "must lie as far after start as the quotation is long")
    if isinstance(anchor.revision, bool) or not isinstance(anchor.revision, int | str):
        raise AnchorError("revision", "must be a number or a text")
    if isinstance(anchor.revision, str):
        _text(anchor.revision, "revision", MAX_REVISION)
    else:
        _number(anchor.revision, "revision")
    _text(sentence.text, "sentence.text", MAX_SENTENCE)
    _number(sentence.start, "sentence.start")
    if not sentence.text.startswith(quote.exact, sentence.start):
        raise AnchorError("sentence.start", "the quotation does not stand there")


def _mapping(values: object, name: str, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise AnchorError(name, "must be an object")
    if missing := keys - set(values):
        raise AnchorError(f"{name}.{min(missing)}", "is missing")
    if unknown := set(values) - keys:
        raise AnchorError(f"{name}.{min(map(str, unknown))[:40]}", "is not known")
    return values


def _is_type(values: Mapping[str, Any], name: str, wanted: str) -> None:
    if values["type"] != wanted:
        raise AnchorError(f"{name}.type", f"must be {wanted}")


def _text(value: object, name: str, longest: int) -> None:
    if not isinstance(value, str):
        raise AnchorError(name, "must be a text")
    if len(value) > longest:
        raise AnchorError(name, f"is longer than {longest} code points")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise AnchorError(name, "holds half a code point")


def _number(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise AnchorError(name, "must be a whole number")
    if not 0 <= value <= MAX_POSITION:
        raise AnchorError(name, f"must lie between 0 and {MAX_POSITION}")
