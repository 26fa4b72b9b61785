"""The publisher's settings, as the operations take them."""

from django.conf import settings
from django.utils.translation import gettext

from broadsheet.discussion.rules.picturing import MOST_MB
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
        image_mb=_image_mb(),
        hold_all=config["hold_all"],
        up_only=config["votes"] == "up",
        # Else all may seem to come from the proxy.
        keep_network=bool(config["trusted_proxies"]),
        guest_name=gettext("Guest %(number)s") % {"number": "NUMBER"},
    )


def counts_down() -> bool:
    """Say whether pages tell how many found a comment not useful."""
    return bool(settings.CONFIG["votes"] == "counted")


def fold_below() -> int | None:
    """Return the net votes below which comments are folded; None where none are."""
    return settings.CONFIG["fold_below"] or None


def _image_mb() -> int:
    """Return how large an image may be: no larger than a request, with some room for the rest."""
    if not settings.CONFIG["comment_images"]:
        return 0
    return max(1, min(MOST_MB, int(settings.CONFIG["request_limit_mb"]) - 1))
