"""What is said of filters: to those whose words they stop, and to those who write them."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.rules.sieving import Match

# Why a comment waits.
RULES: Final[Mapping[str, Promise]] = {
    "filter_word": _("a word is in it that this newsroom reads first"),
    "filter_pattern": _("a pattern of words is in it that this newsroom reads first"),
    "filter_host": _("it links to a site that this newsroom reads first"),
    "filter_links": _("it has more links than are taken without being read"),
    "filter_repeat": _("the same words were posted before, lately"),
    "filter_removals": _("several comments of this person were removed lately"),
}
REFUSALS: Final[Mapping[str, Promise]] = {
    "refused_filter_word": _(
        "“%(found)s” is a word that this newsroom does not take. Say it in other words, and send "
        "it again; nothing you wrote is lost."
    ),
    "refused_filter_pattern": _(
        "“%(found)s” is something that this newsroom does not take. Say it in other words, and "
        "send it again; nothing you wrote is lost."
    ),
    "refused_filter_host": _(
        "Links to %(found)s are not taken here. Leave that link out, and send it again; nothing "
        "you wrote is lost."
    ),
    "filter_many": _("At most %(limit)s fit there. Leave some out."),
    "filter_entry_long": _("“%(entry)s…” is too long: at most %(limit)s characters are taken."),
    "filter_entry_empty": _(
        "“%(entry)s” has no letters, or a “*” that is not at its end. Write a word, or words."
    ),
    "filter_entry_star": _(
        "“%(entry)s”: a “*” stands at the end of one word of three letters or more."
    ),
    "filter_pattern_bad": _("“%(entry)s” is no pattern: %(why)s."),
    "filter_pattern_all": _("“%(entry)s” is found in every text, in an empty one too."),
    "filter_no_engine": _(
        "This server has no engine for patterns whose time is bounded (the package google-re2), so "
        "none are taken. Write words instead."
    ),
    "filter_host_bad": _("“%(entry)s” is no name of a site. Write it as in example.org."),
    "filter_rule": _("There is no such house rule any more. Choose another one, or none."),
    "filter_number": _("Choose a number from %(least)s to %(limit)s."),
    "filter_untried": _(
        "This is not what was tried. Try it once more, and switch on what you see then."
    ),
    "filter_changed": _("A colleague changed the filters meanwhile. Try yours beside theirs."),
    "filter_same": _("This is what is in force already."),
}
_DOES: Final[Mapping[str, Promise]] = {"hold": _("waits"), "refuse": _("is refused")}
_BY: Final[Mapping[str, Promise]] = {
    "filter_word": _("word"),
    "filter_pattern": _("pattern"),
    "filter_host": _("link to"),
    "filter_links": _("links"),
    "filter_repeat": _("the same words again"),
    "filter_removals": _("comments of theirs were removed"),
}
# What let a comment wait, for those who judge it.
_STOPPED: Final[Mapping[str, Promise]] = {
    "filter_word": _("the word “%(entry)s”"),
    "filter_pattern": _("the pattern “%(entry)s”"),
    "filter_host": _("links to %(entry)s"),
    "filter_links": _("more links than %(entry)s"),
    "filter_repeat": _("the same words again"),
    "filter_removals": _("several removals of one person"),
}


def stopped_words(match: Match) -> str:
    """Return by which entry of which filter a comment waits."""
    return str(_STOPPED.get(match.rule, match.rule)) % {"entry": match.entry}


def match_words(match: Match | None) -> str:
    """Return what a filter would do with a comment, and by what."""
    if match is None:
        return gettext("appears")
    by = f"{_BY[match.rule]} “{match.found}”" if match.found else str(_BY[match.rule])
    return f"{_DOES[match.action]}: {by}"
