"""Every address, and for every address whether it is public or private."""

from functools import wraps
from typing import Any

from allauth.account import urls as account_urls
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView
from wagtail.admin import urls as desk_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as document_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from broadsheet.kit.exposure import private
from broadsheet.site.http import demonstration, errors, health, mailbox, staff, theme

# Of allauth's addresses those that a sign-in by code needs. Its pages about passwords are not here.
ACCOUNT_NAMES = frozenset(
    {
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_request_login_code",
        "account_signup",
    }
)


def kept_private(patterns: Any) -> Any:
    """Mark every route of a library as private."""
    return decorate_urlpatterns(patterns, private_copy)


def at_the_desk(patterns: Any) -> Any:
    """Mark the desk's routes as private, with the looser content policy that its editor needs.

    An account that may not enter is told so. Wagtail would send it to the sign-in page, which
    sends whoever is signed in back again.
    """
    policy = csp_override(settings.DESK_CSP)
    return kept_private(decorate_urlpatterns(decorate_urlpatterns(patterns, policy), staff_only))


def staff_only(view: Any) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def sign_in_pages() -> list[URLPattern | URLResolver]:
    """Return the routes of sign-in, and under the names allauth leads on to, where that is."""
    ours = [each for each in account_urls.urlpatterns if each.name in ACCOUNT_NAMES]
    home = private(RedirectView.as_view(url="/"))
    return [*kept_private(ours), path("email/", home, name="account_email")]


def for_the_desk(patterns: Any) -> Any:
    """Mark routes that Wagtail leaves open as private, for those who may enter the desk."""
    closed = decorate_urlpatterns(decorate_urlpatterns(patterns, require_admin_access), staff_only)
    return kept_private(closed)


def private_copy(view: Any) -> Any:
    """Return a view that carries the mark; the library's own function is left alone."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return private(marked)


SIGN_IN = reverse_lazy("account_login")
handler403 = errors.no_access
handler404 = errors.not_found
handler500 = errors.broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("readyz", health.ready, name="ready"),
    path("account/staff/<str:token>/", staff.sign_in, name="staff_sign_in"),
    path("theme/<slug:digest>.css", theme.theme, name="theme"),
    path("account/", include(sign_in_pages())),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("demonstration/", demonstration.who, name="demonstration"),
    path("demonstration/as/", demonstration.see_as, name="demonstration_as"),
    # Wagtail's own would ask for a password.
    path("desk/login/", private(RedirectView.as_view(url=SIGN_IN, query_string=True))),
    # Any document, for those who have the desk; readers get to what is published at /documents/.
    path("desk/files/", include(for_the_desk(document_urls.urlpatterns))),
    # Light pages below the desk's address; its own routes would take them for pages of Wagtail.
    path("desk/file/", include("broadsheet.stories.http.field_urls")),
    path("desk/", include(at_the_desk(desk_urls.urlpatterns))),
    path("", include("broadsheet.discussion.http.urls")),
    path("support/", include("broadsheet.funding.http.urls")),
    path("", include("broadsheet.stories.http.urls")),
]
