"""Words of a text that are found again when the text has changed; see README of `kit`."""

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
from broadsheet.kit.anchors.making import anchor_from_selection, make_anchor
from broadsheet.kit.anchors.matching import (
    Quotable,
    QuotationIndex,
    TypedQuotation,
    match_typed_quotation,
)
from broadsheet.kit.anchors.plain import PlainText, plain
from broadsheet.kit.anchors.resolving import Changed, Found, Gone, Resolution, resolve
from broadsheet.kit.anchors.sentences import sentence_around, sentences

__all__ = [
    "MAX_CONTEXT",
    "MAX_EXACT",
    "Anchor",
    "AnchorError",
    "Changed",
    "Found",
    "Gone",
    "PlainText",
    "Position",
    "Quotable",
    "QuotationIndex",
    "Quote",
    "Resolution",
    "Revision",
    "Sentence",
    "TypedQuotation",
    "anchor_from_selection",
    "make_anchor",
    "match_typed_quotation",
    "plain",
    "resolve",
    "sentence_around",
    "sentences",
]
