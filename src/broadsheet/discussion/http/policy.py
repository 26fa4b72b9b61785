"""The publisher's settings, as the operations take them."""

from django.conf import settings
from django.utils.translation import gettext

from broadsheet.discussion.rules.policy import Policy


def policy() -> Policy:
    """Return the rules of posting in force."""
    return Policy(
        max_length=settings.CONFIG["comment_length"],
        hold_first=settings.CONFIG["hold_first_comment"],
        hold_links=settings.CONFIG["hold_links"],
        edit_minutes=settings.CONFIG["edit_minutes"],
        reader_notes=settings.CONFIG["reader_notes"],
        guest_name=gettext("Guest %(number)s") % {"number": "NUMBER"},
    )
