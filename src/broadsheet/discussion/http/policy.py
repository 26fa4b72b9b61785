"""The publisher's settings, as the operations take them."""

from django.conf import settings
from django.utils.translation import gettext

from broadsheet.discussion.rules.policy import Policy


def policy() -> Policy:
    """Return the rules of posting in force."""
    config = settings.CONFIG
    return Policy(
        max_length=config["comment_length"],
        hold_first=config["hold_first_comment"],
        hold_links=config["hold_links"],
        edit_minutes=config["edit_minutes"],
        reader_notes=config["reader_notes"],
        guest_name=gettext("Guest %(number)s") % {"number": "NUMBER"},
    )
