"""Staff work in the publication's language and time zone, unless they chose a zone of their own.

Wagtail would take both from Django's settings, which are what `broadsheet.toml` says; the desk's
page "Site" may say otherwise. And in the sidebar they are called as everywhere here, where Wagtail
would write the e-mail address that they sign in with.
"""

from typing import Any

from django.conf import settings
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from wagtail.admin.ui.sidebar import MainMenuModule
from wagtail.users.models import UserProfile

_wagtails_menu = MainMenuModule.js_args


def install() -> None:
    """Put our answers in the place of Wagtail's; called once when the app is ready."""
    UserProfile.get_preferred_language = _language
    UserProfile.get_current_time_zone = _time_zone
    MainMenuModule.js_args = _menu


def _language(_profile: Any) -> str:
    return get_language() or str(settings.LANGUAGE_CODE)


def _time_zone(profile: Any) -> str:
    return profile.current_time_zone or get_current_timezone_name()


def _menu(module: Any) -> list[Any]:
    items, account_items, person = _wagtails_menu(module)
    return [items, account_items, person | {"name": module.user.shown_name}]
