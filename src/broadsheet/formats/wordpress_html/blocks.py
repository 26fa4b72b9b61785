"""What a post becomes: blocks, what was noticed on the way, and inline questions.

Every ``…html`` is sanitised. ``html`` of inline kind holds ``a[href] b i br code s sub sup`` only.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inline HTML, never empty."""

    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` is 2, 3 or 4 (1 becomes 2, 5 and 6 become 4)."""

    level: int
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """At least one of ``source_url`` (absolute, http or https) and ``attachment_id`` is filled.

    ``link`` is where a click led (often the full-size file), or empty. Images that stood together
    in one gallery follow each other and have its number in the post, from 1 on; others have 0.
    """

    source_url: str
    attachment_id: str
    alt: str
    caption_html: str
    credit: str
    link: str
    gallery: int = 0


@dataclass(frozen=True, slots=True)
class AttachedImages:
    """``[gallery]`` without ids: all images attached to this post, in their menu order."""

    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListBlock:
    """``html`` is the whole ``<ul>`` or ``<ol>``, lists within it included."""

    ordered: bool
    html: str


@dataclass(frozen=True, slots=True)
class Quote:
    """``html`` holds ``<p>`` and lists; ``text`` is the same as plain text.

    ``pull`` says that it was a sentence set large.
    """

    html: str
    text: str
    cite_text: str
    cite_url: str
    pull: bool = False


@dataclass(frozen=True, slots=True)
class RawHtml:
    """What has no block, sanitised; ``construct`` is ``table``, ``pre``, ``dl`` or ``details``."""

    html: str
    construct: str


type Block = Paragraph | Heading | Image | AttachedImages | ListBlock | Quote | RawHtml


class FindingKind(StrEnum):
    """What can happen to a part of a post; ``Finding.detail`` says to which."""

    SHORTCODE = "shortcode"  # its brackets were removed, its text kept; detail: name
    KEPT_HTML = "kept_html"  # became RawHtml; detail: construct
    REMOVED = "removed"  # not carried over; detail: tag
    EMBED = "embed"  # became a link; detail: host
    DIVIDER = "divider"  # a line between paragraphs, dropped
    DYNAMIC_BLOCK = "dynamic_block"  # WordPress filled it when showing; detail: block name
    PAGE_BREAK = "page_break"  # pages of one post joined
    LINK_REMOVED = "link_removed"  # text kept; detail: the address
    IMAGE_REMOVED = "image_removed"  # no usable address; detail: the address
    TOO_MANY = "too_many"  # more kinds of findings than are listed


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the publisher may want to look at, and how often it occurs."""

    kind: FindingKind
    detail: str
    count: int


@dataclass(frozen=True, slots=True)
class InlineFeedback:
    """A question that wpDiscuz attached to a phrase.

    ``block`` is the index of the block that holds ``text``, or -1 if none does as it stands.
    """

    uid: str
    question: str
    opened: bool
    text: str
    block: int


@dataclass(frozen=True, slots=True)
class StoryContent:
    """A post's text in Broadsheet's terms."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    feedback: tuple[InlineFeedback, ...]
