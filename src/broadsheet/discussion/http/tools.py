"""Where the script is that brings the queue's tools to an open page, for those who may moderate."""

from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext


def tools_address() -> str:
    """Return its address, with the words that it says."""
    words = {
        "label": gettext("Moderate"),
        "close": gettext("Close"),
        "queue": reverse("discussion:moderation"),
    }
    return f"{static('broadsheet/discussion/moderating.js')}?{urlencode(words)}"
