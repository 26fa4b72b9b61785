"""Where sentences end, well enough to show a quotation in the one it was said in.

The rules are a part of UAX #29 (https://www.unicode.org/reports/tr29/#Sentence_Boundaries): a full
stop before a small letter or inside a number ends nothing. What that leaves open for languages with
capitals, short forms such as "Dr." and "z. B.", is a list. A mistake shows a sentence too many.
"""

import re
from collections.abc import Iterator
from typing import Final

from broadsheet.kit.anchors.plain import PARAGRAPH

# A sentence longer than this many code points is cut at a word, with the quoted words in it.
MAX_SENTENCE: Final = 1_500

_CLOSERS: Final = "\"'”’»›“‘«‹)\\]}」』）】〉》"
# They stand at the end of a sentence and nowhere else: CJK, Devanagari, Urdu, Armenian, Ethiopic,
# Burmese, Khmer, Tibetan, Mongolian.
_FULL: Final = "。｡！？।॥۔։።፧፨။។៕།༎᠃᠉"
_END: Final = re.compile(
    rf"(?P<full>[{_FULL}]+[!?！？…]*)(?P<quote>[{_CLOSERS}]*)\s*"
    rf"|(?P<mark>[.!?؟…‼⁇⁈⁉‽．]+)(?P<close>(?: ?[»›]|[{_CLOSERS}])*)(?P<space>\s+|$)"
)
# «U.S.», «U.A.E.»: as often before a name as at an end.
_LETTERS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_WORD_BEFORE: Final = re.compile(r"[^\s(\[\"'“„«‘’/]{1,24}$")
_DAY: Final = re.compile(r"\d{1,2}$")
_MONTH: Final = re.compile(
    r"(?:Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Jh)"
)
# Written with a full stop, and followed by a capital as often as not. A short form that ends
# sentences too ("etc.", "usw.", "Inc.") is not here: a small letter after it says enough.
_WRITTEN_SHORT: Final = (
    # English
    "mr mrs ms dr prof rev hon gen col lt sgt capt gov sen rep st mt ft vs cf no nos vol fig figs"
    " pp ed eds approx dept est e.g i.e jan feb mar apr jun jul aug sep sept oct nov dec"
    # German
    " z b d h u a s o bzw ca evtl ggf hr fr frl nr str vgl abs art bd hrsg sog usf z.b d.h u.a"
    " o.g i.d.r m.e inkl exkl zzgl bspw dipl ing rd mio mrd tel"
    # French, Spanish, Portuguese, Italian
    " m mm mme mlle me av p.ex art sr sra srta dra d dña ud uds ee.uu pág núm ej p.ej sig dott"
    " sig.ra avv on egr pag n"
    # Dutch, Danish, Norwegian, Swedish
    " dhr mevr mw ir drs bijv bv nl o.a m.b.t fx f.eks t.ex bl.a kl ca"
    # Polish, Czech, Russian, Ukrainian, Greek, Turkish
    " np tzn ul al prof r ww tzv např č str г ул им стр см рис напр т.е акад κ κα π.χ"
    " sn dr av vb"
)
_SHORT_FORMS: Final = frozenset(_WRITTEN_SHORT.split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a normalised text, in order, without outer spaces.

    One pass; a paragraph's end always ends a sentence.
    """
    found = []
    start = 0
    for end in (*_ends(text), len(text)):
        raw = text[start:end]
        left = start + len(raw) - len(raw.lstrip())
        right = start + len(raw.rstrip())
        if left < right:
            found.append((left, right))
        start = end
    return found


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the whole sentence or sentences that hold a span.

    At most `MAX_SENTENCE` code points, or the span itself if that is longer. No more than that is
    looked at on either side, so the cost does not grow with the text.
    """
    low = max(0, start - MAX_SENTENCE)
    high = min(len(text), end + MAX_SENTENCE)
    spans = [
        (left + low, right + low)
        for left, right in sentences(text[low:high])
        if left + low < end and right + low > start
    ]
    if not spans:
        return start, end
    return _clipped(text, (min(spans[0][0], start), max(spans[-1][1], end)), (start, end))


def _clipped(text: str, whole: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
    """Take from a sentence that is too long the same on either side, at words."""
    left, right = whole
    start, end = span
    spare = max(0, MAX_SENTENCE - (end - start))
    if right - left <= max(MAX_SENTENCE, end - start):
        return whole
    half = spare // 2
    more_left = max(half, spare - (right - end))
    more_right = max(half, spare - (start - left))
    if start - left > more_left:
        left = start - more_left
        word = text.find(" ", left, start)
        left = word + 1 if word >= 0 else left
    if right - end > more_right:
        right = end + more_right
        word = text.rfind(" ", end, right)
        right = word if word >= 0 else right
    return left, right


def _ends(text: str) -> Iterator[int]:
    begin = 0
    for paragraph in text.split(PARAGRAPH):
        last = begin
        for match in _END.finditer(paragraph):
            if _is_end(paragraph, match, last - begin):
                last = begin + match.end()
                yield last
        begin += len(paragraph) + len(PARAGRAPH)
        yield min(begin, len(text))


def _is_end(paragraph: str, match: re.Match[str], begin: int) -> bool:
    after = paragraph[match.end() : match.end() + 1]
    if not after:
        return True
    if match["full"] is not None:
        # What follows a closed quotation without a space is who said it: 「なぜ？」と彼は聞いた。
        return not match["quote"] or match[0][-1] == " "
    if match["mark"] != ".":
        # «"Really?" he asked» and «well... no» go on; «Really? he asked» is two.
        goes_on = match["close"] or match["mark"][-1] in ".…"
        return not (goes_on and after.islower())
    if after.islower() or after in ",;:":
        return False
    if match["close"]:
        return True
    return not _is_short(
        paragraph[max(begin, match.start() - 24) : match.start()], paragraph, match
    )


def _is_short(before: str, paragraph: str, match: re.Match[str]) -> bool:
    word = _WORD_BEFORE.search(before)
    if not word:
        return False
    if _LETTERS.search(word[0]) and word[0].isupper():
        return True
    form = word[0].casefold().lstrip("„“”«»")
    if _DAY.fullmatch(form):
        # The number of an item at the start, or a date: «am 3. Oktober».
        return word.start() == 0 or bool(_MONTH.match(paragraph, match.end()))
    # An initial: «J. K. Rowling». «I» is a word.
    is_initial = len(form) == 1 and form.isalpha() and form != "i"
    return is_initial or form in _SHORT_FORMS
