"""Every address, and for every address whether it is public or private."""

from functools import wraps
from typing import Any

from allauth.account import urls as account_urls
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csp import csp_override
from wagtail.admin import urls as desk_urls
from wagtail.documents import urls as document_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from broadsheet.kit.exposure import private
from broadsheet.site.http import errors, health, mailbox, staff, theme


def kept_private(patterns: Any) -> Any:
    """Mark every route of a library as private."""
    return decorate_urlpatterns(patterns, private_copy)


def at_the_desk(patterns: Any) -> Any:
    """Mark the desk's routes as private, with the looser content policy that its editor needs."""
    return kept_private(decorate_urlpatterns(patterns, csp_override(settings.DESK_CSP)))


def private_copy(view: Any) -> Any:
    """Return a view that carries the mark; the library's own function is left alone."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return private(marked)


handler404 = errors.not_found
handler500 = errors.broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("readyz", health.ready, name="ready"),
    path("account/staff/<str:token>/", staff.sign_in, name="staff_sign_in"),
    path("account/", include(kept_private(account_urls.urlpatterns))),
    path("theme/<slug:digest>.css", theme.theme, name="theme"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("desk/", include(at_the_desk(desk_urls.urlpatterns))),
    path("documents/", include(kept_private(document_urls.urlpatterns))),
    path("", include("broadsheet.discussion.http.urls")),
    path("support/", include("broadsheet.funding.http.urls")),
    path("", include("broadsheet.stories.http.urls")),
]
