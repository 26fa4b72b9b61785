"""What the assistant has to say, in words that people know."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.moderation.likelihood import Why

REFUSALS: Final[Mapping[str, Promise]] = {
    "not_an_owner": _("Only an owner can change what the assistant does."),
    "read_again": _(
        "Read it again? What reads like this was mostly removed here. Change it, or send it once "
        "more as it is."
    ),
    "read_again_words": _(
        "Read it again? What reads like this was mostly removed here: %(words)s. Change it, or "
        "send it once more as it is."
    ),
    "percent_out_of_range": _("Write a number from %(least)s to %(most)s."),
}
# The rule of what it publishes, and what an owner lets it do.
RULES: Final[Mapping[str, Promise]] = {
    "assistant": _("the assistant let it through"),
    "assistant_approves": _("it may approve comments within a bound"),
    "assistant_silent": _("it approves nothing on its own"),
}


def why_likely(one: Why) -> str:
    """Return one reason of a score."""
    return _SAID[one.kind](one) if one.kind in _SAID else one.kind


def one_place(value: float | None) -> str:
    """Return a number with one digit after the point, as the reader's language writes it."""
    return "" if value is None else number_format(value, decimal_pos=1)


def in_a_hundred(value: float | None) -> str:
    """Return a share as so many in a hundred."""
    return one_place(None if value is None else 100 * value)


def _writer(one: Why) -> str:
    if not one.of:
        return gettext("nothing was decided about this writer yet")
    said = ngettext(
        "this writer: %(count)s of %(of)s comment removed",
        "this writer: %(count)s of %(of)s comments removed",
        one.of,
    )
    return said % {"count": one.count, "of": one.of}


def _thread(one: Why) -> str:
    said = ngettext(
        "this discussion: %(count)s of %(of)s comment removed",
        "this discussion: %(count)s of %(of)s comments removed",
        one.of,
    )
    return said % {"count": one.count, "of": one.of}


def _exclamations(one: Why) -> str:
    return ngettext("%(count)s exclamation mark", "%(count)s exclamation marks", one.count) % {
        "count": one.count
    }


def _questions(one: Why) -> str:
    return ngettext("%(count)s question mark", "%(count)s question marks", one.count) % {
        "count": one.count
    }


def _quotes(one: Why) -> str:
    return ngettext("%(count)s quotation mark", "%(count)s quotation marks", one.count) % {
        "count": one.count
    }


def _links(one: Why) -> str:
    return ngettext("%(count)s link", "%(count)s links", one.count) % {"count": one.count}


def _length(one: Why) -> str:
    return ngettext("%(count)s character long", "%(count)s characters long", one.count) % {
        "count": one.count
    }


_SAID: Final[Mapping[str, Callable[[Why], str]]] = {
    "word": lambda one: gettext("the word “%(word)s”") % {"word": one.word},
    "writer": _writer,
    "thread": _thread,
    "links": _links,
    "exclamations": _exclamations,
    "questions": _questions,
    "quotes": _quotes,
    "length": _length,
    "capitals": lambda one: gettext("%(count)s of 100 letters are capitals") % {"count": one.count},
    "answer": lambda _: gettext("it answers somebody"),
    "answers_removed": lambda _: gettext("what it answers was removed"),
}
