"""What the form of a limit offers: on the page of a person, and at each comment of the queue."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.sanction_words import CHOICES
from broadsheet.discussion.rules.sanctioning import ALONE_FOR, NETWORK_FOR
from broadsheet.kit.actor import Actor

# What is offered to choose from; a form may send other numbers.
DAYS: Final = (
    ("1", _("1 day")),
    ("3", _("3 days")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("", _("without an end")),
)
MINUTES: Final = ("5", "15", "30", "60", "180")


def offered(actor: Actor) -> dict[str, Any]:
    """Return what the form needs, for a moderator."""
    return {
        "limit_kinds": CHOICES.items(),
        "limit_days": DAYS,
        "limit_minutes": MINUTES,
        "keeps_network": policy().keep_network,
        "network_days": NETWORK_FOR.days,
        "alone_days": ALONE_FOR.days,
        "me": actor.id,
    }
