"""What answers say they are about: a card above their words, drawn as the list of comments is."""

from html import escape
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from broadsheet.discussion.comments.shown import ThreadFacts
from broadsheet.discussion.notes.shown import NoteCard

# A phrase is recognised by so many of its words.
WORDS: Final = 20


def note_card(note: NoteCard, *, thread: ThreadFacts, page: str) -> str:
    """Draw the phrase and the question of an answer; `page` stands before an anchor of the story.

    Of a note that was taken away only that is said.
    """
    if note.removed:
        words = gettext("On words of the story, about which nothing is asked any more.")
        return f'<p class="on-words">{words}</p>'
    other = thread.language and thread.language != get_language()
    language = f' lang="{escape(thread.language)}"' if other else ""
    phrase = escape(Truncator(note.exact).words(WORDS))
    question = f'<span dir="auto">{escape(note.question)}</span>' if note.question else ""
    label = gettext("On the words")
    return (
        f'<p class="on-words"><span class="vh">{label} </span>'
        f'<q{language}><a href="{escape(page)}#note-{note.id}">{phrase}</a></q> {question}</p>'
    )
