"""Staff work in the publication's language and time zone, unless they chose a zone of their own.

Wagtail would take both from Django's settings, which are what `broadsheet.toml` says; the desk's
page "Site" may say otherwise.
"""

from typing import Any

from django.conf import settings
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from wagtail.users.models import UserProfile


def install() -> None:
    """Put our two answers in the place of Wagtail's; called once when the app is ready."""
    UserProfile.get_preferred_language = _language
    UserProfile.get_current_time_zone = _time_zone


def _language(_profile: Any) -> str:
    return get_language() or str(settings.LANGUAGE_CODE)


def _time_zone(profile: Any) -> str:
    return profile.current_time_zone or get_current_timezone_name()
