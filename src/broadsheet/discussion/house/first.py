"""The house rules that are there from the beginning: version 1, in the publication's language.

They are a row only once somebody writes a second version; until then nobody has changed them, and
they follow the language.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.rules.deciding import REMOVAL_RULES
from broadsheet.discussion.rules.house import HouseRule, Rulebook

FIRST: Final = 1
_LAW: Final = "unlawful"
_WORDS: Final[dict[str, tuple[Promise, Promise]]] = {
    "personal_attack": (
        _("Personal attacks"),
        _("Argue against what somebody says, not against who they are."),
    ),
    "hate": (
        _("Hate"),
        _("Nobody is belittled for what they are: origin, faith, sex, disability or love."),
    ),
    "off_topic": (_("Off topic"), _("Write about the story, or about what you answer.")),
    "advertising": (
        _("Advertising"),
        _("Nothing is sold here, and no link stands for its own sake."),
    ),
    "private_data": (
        _("Private details"),
        _("No addresses, telephone numbers or other details of somebody’s private life."),
    ),
    "unlawful": (
        _("Against the law"),
        _("Nothing that the law forbids, such as threats, incitement or defamation."),
    ),
    "impersonation": (
        _("Under somebody else’s name"),
        _("Choose a name that is not another person’s."),
    ),
    "out_of_context": (
        _("Quoted out of context"),
        _("Quote so that the words mean what they meant where they stood."),
    ),
    "other": (
        _("Another reason"),
        _("What has to go for a reason that no rule names. The newsroom says which."),
    ),
}


def first_rules() -> Rulebook:
    """Return version 1."""
    rules = (
        HouseRule(key, str(_WORDS[key][0]), str(_WORDS[key][1]), law=key == _LAW)
        for key in REMOVAL_RULES
    )
    return Rulebook(FIRST, tuple(rules))
