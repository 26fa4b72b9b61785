"""Quotes between a page and the rules: what a form sends, what a composer keeps, how one is drawn.

The form's field `quote`, at most three times, is JSON: `{"source": 12, "exact": "…", "prefix": "…",
"suffix": "…"}`, or `{"source": 12, "whole": true}`; without a source the words are the story's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import quote as percent_encoded

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from broadsheet.discussion.comments.shown import Person, ThreadFacts
from broadsheet.discussion.http.forms import LARGEST_NUMBER
from broadsheet.discussion.http.moments import time_element
from broadsheet.discussion.http.wording import name_of
from broadsheet.discussion.moderation.items import QueueItem
from broadsheet.discussion.quotes.compared import ComparedQuote, compared
from broadsheet.discussion.quotes.shown import ShownQuote
from broadsheet.discussion.quotes.sources import StoryText
from broadsheet.discussion.rules import quoting
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.kit.verdict import RefusalError, Refused, require

# Room for the longest words that are taken, and as escapes at that.
LONGEST_VALUE: Final = 16_000
LONGEST_WORDS: Final = 4_000
_KEYS: Final = frozenset({"source", "exact", "prefix", "suffix", "whole"})
# A link says only where the words begin and end when they are many.
_LINK_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A quote in a composer: the form's `value`, and `words` to see what it is.

    Without words it is the whole comment that is answered.
    """

    value: str
    words: str = ""
    checked: bool = True


def story_text() -> StoryText:
    """Return what BROADSHEET_STORY_TEXT names: the function that knows a story's words."""
    found: StoryText = import_string(settings.BROADSHEET_STORY_TEXT)
    return found


def chosen_quotes(values: Sequence[str]) -> tuple[Chosen, ...]:
    """Read the values of the field `quote`. Raises RefusalError where one is damaged."""
    require(quoting.are_few(count=len(values)))
    return tuple(_chosen(value) for value in values)


def whole_card(number: int, *, checked: bool) -> QuoteCard:
    """Return the card that quotes the whole of the comment that is answered."""
    return QuoteCard(json.dumps({"source": number, "whole": True}), checked=checked)


def kept_cards(values: Sequence[str], *, answered: int | None) -> tuple[QuoteCard, ...]:
    """Return the cards of a form that was refused; what cannot be read of it is left out."""
    cards: list[QuoteCard] = []
    for value in values[: 2 * quoting.MAX_QUOTES]:
        try:
            chosen = _chosen(value)
        except RefusalError:
            continue
        cards.append(QuoteCard(value, "" if chosen.whole else clean_text(chosen.exact)))
    if answered and not any(not card.words for card in cards):
        cards.append(whole_card(answered, checked=False))
    return tuple(cards)


def quoted_by(
    quotes: Mapping[int, tuple[ComparedQuote, ...]] | None, number: int
) -> tuple[ComparedQuote, ...]:
    """Return what comment `number` quotes, of what `with_quotes` found."""
    return (quotes or {}).get(number, ())


def compared_in(items: Iterable[QueueItem]) -> dict[int, tuple[ComparedQuote, ...]]:
    """Return what comments on a moderator's page quote, each beside its source as it is now."""
    return compared(numbers={item.number for item in items}, story_text=story_text())


def figure(quote: ShownQuote, *, thread: ThreadFacts, here: frozenset[int], permalinks: str) -> str:
    """Draw a quote: the words in their sentence, who said them, and the way to the place.

    `here` are the comments of this page, `permalinks` what stands before a comment's number.
    """
    address = escape(_address(quote, thread, here, permalinks))
    notes = "".join(f" · {note}" for note in _notes(quote, thread, permalinks))
    if not quote.is_readable:
        return f'<figure class="quote" id="q{quote.id}"><p class="gone">{_gone(quote)}</p></figure>'
    return (
        f'<figure class="quote" id="q{quote.id}"><blockquote cite="{address}"><p dir="auto">'
        f"{escape(quote.before)}<mark>{escape(quote.exact)}</mark>{escape(quote.after)}</p>"
        f'</blockquote><figcaption><a href="{address}">{_who(quote)}</a>{_when(quote)}{notes}'
        f"</figcaption></figure>"
    )


def _who(quote: ShownQuote) -> str:
    if quote.source is None:
        return gettext("From the story")
    return f"<bdi>{escape(name_of(Person(name=quote.name, guest=quote.guest)))}</bdi>"


def _when(quote: ShownQuote) -> str:
    if quote.said_at is None:
        return ""
    return f", {time_element(quote.said_at)}"


def _address(quote: ShownQuote, thread: ThreadFacts, here: frozenset[int], permalinks: str) -> str:
    if quote.source is None:
        return f"{thread.url}#:~:text={_text_directive(quote.exact)}"
    if quote.source in here:
        return f"#c{quote.source}"
    return f"{permalinks}{quote.source}/#c{quote.source}"


def _text_directive(words: str) -> str:
    """Return words in the form of a text fragment: whole, or where they begin and end."""
    parts = words.split()
    ends = [parts] if len(parts) <= 2 * _LINK_WORDS else [parts[:_LINK_WORDS], parts[-_LINK_WORDS:]]
    return ",".join(percent_encoded(" ".join(end), safe="").replace("-", "%2D") for end in ends)


def _notes(quote: ShownQuote, thread: ThreadFacts, permalinks: str) -> list[str]:
    notes = []
    if quote.standing == "edited":
        words = gettext("edited since")
        url = ""
        if quote.source is not None:
            url = f"{permalinks}{quote.source}/versions/"
        elif thread.editions_url:
            url = f"{thread.editions_url}{quote.revision}/"
        notes.append(f'<a class="since" href="{escape(url)}">{words}</a>' if url else words)
    if quote.matched:
        url = f"{permalinks}{quote.comment}/quotes/{quote.id}/undo/"
        notes.append(f'<a href="{url}" rel="nofollow">{gettext("found by matching")}</a>')
    return notes


def _gone(quote: ShownQuote) -> str:
    if quote.standing == "blanked":
        return gettext("The words that were quoted here were taken back.")
    if quote.standing == "held":
        return gettext("A moderator is reading the quoted comment again.")
    return gettext("The quoted comment was removed.")


def _chosen(value: str) -> Chosen:
    damaged = Refused("quote_form", field="quote")
    try:
        read: Any = json.loads(value) if len(value) <= LONGEST_VALUE else None
    except (ValueError, RecursionError) as error:
        raise RefusalError(damaged) from error
    if not isinstance(read, Mapping) or not _is_sound(read):
        raise RefusalError(damaged)
    return Chosen(
        source=read.get("source"),
        exact=read.get("exact", ""),
        prefix=read.get("prefix", ""),
        suffix=read.get("suffix", ""),
        whole=read.get("whole", False),
    )


def _is_sound(read: Mapping[str, Any]) -> bool:
    texts = [read.get(name, "") for name in ("exact", "prefix", "suffix")]
    source, whole = read.get("source"), read.get("whole", False)
    is_number = isinstance(source, int) and not isinstance(source, bool)
    return (
        not read.keys() - _KEYS
        and all(isinstance(text, str) and len(text) <= LONGEST_WORDS for text in texts)
        and (source is None or (is_number and 0 < source <= LARGEST_NUMBER))
        and isinstance(whole, bool)
        # Words, or a whole comment: either, and never a whole story.
        and (source is not None and not any(texts) if whole else bool(texts[0].strip()))
    )
