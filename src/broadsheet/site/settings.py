"""Django's settings, made from the installation's own (see `config`)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from broadsheet.kit.hosts import hosts_of, origins_of
from broadsheet.kit.locales import catalogues
from broadsheet.site import config as _config
from broadsheet.site.mail import mailers
from broadsheet.site.secret import secret_key
from broadsheet.stories.http.policy import DOCUMENT_TYPES, FRAME_HOSTS


def _name_in_force() -> str:
    """Return the publication's name at the moment it is shown, which the desk can change."""
    from broadsheet.stories.api import known_publication  # noqa: PLC0415 - needs these settings

    return known_publication().name


CONFIG = _config.load(home=_config.home_from(os.environ))
HOME = CONFIG.home
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = CONFIG["debug"]
SECRET_KEY = secret_key(home=HOME)
BROADSHEET_URL = CONFIG["url"]
BROADSHEET_NAME = CONFIG["name"]
BROADSHEET_CURRENCY = CONFIG["currency"]
BROADSHEET_CONTACT = CONFIG["contact"]
BROADSHEET_TRAINING = CONFIG["training"]
HTTPS = BROADSHEET_URL.startswith("https://")
# What is asked for by another name is turned away: see middleware/host.py.
ALLOWED_HOSTS = hosts_of(BROADSHEET_URL)

INSTALLED_APPS = [
    "broadsheet.site.apps.SiteConfig",
    "broadsheet.desk",
    "broadsheet.importing",
    "broadsheet.stories",
    "broadsheet.discussion",
    "broadsheet.funding",
    "broadsheet.readers",
    "broadsheet.outbox",
    "broadsheet.live",
    "broadsheet.pagestore",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.embeds",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "broadsheet.site.middleware.request_id.RequestIdMiddleware",
    # Above all that may answer in a view's place: every page carries the policy.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "broadsheet.site.middleware.publication.PublicationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "broadsheet.site.middleware.host.HostMiddleware",
    "broadsheet.site.middleware.old_addresses.OldAddressMiddleware",
    "broadsheet.site.middleware.exposure.ExposureMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "broadsheet.site.urls"
WSGI_APPLICATION = "broadsheet.site.server.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A publisher's own templates come before ours.
        "DIRS": [HOME / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "broadsheet.site.context.publication",
                "broadsheet.site.context.demonstration",
            ],
        },
    }
]

_sqlite = {
    "ENGINE": "broadsheet.site.sqlite",
    "NAME": HOME / "broadsheet.sqlite3",
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": None,
}
if CONFIG["database_url"].startswith("postgres"):
    _parsed = dj_database_url.parse(
        CONFIG["database_url"],
        engine="broadsheet.site.postgresql",
        conn_max_age=None,
        conn_health_checks=True,
    )
    # A machine that went without a word is noticed within a minute; libpq would wait for hours.
    _options = {
        "connect_timeout": 5,
        "tcp_user_timeout": 30_000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    _parsed["OPTIONS"] = _options | _parsed.get("OPTIONS", {})
    DATABASES: dict[str, Any] = {"default": _parsed}
    # The index of Wagtail's search is of a kind that PostgreSQL alone has.
    INSTALLED_APPS.append("django.contrib.postgres")
elif CONFIG["database_url"]:
    _parsed = dj_database_url.parse(CONFIG["database_url"])
    DATABASES = {"default": _sqlite | {"NAME": _parsed["NAME"]}}
else:
    DATABASES = {"default": _sqlite}
DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "readers.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Readers and staff sign in with a code sent by mail; there are no passwords to lose.
ACCOUNT_ADAPTER = "broadsheet.readers.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "broadsheet.readers.forms.NameForm"
ACCOUNT_FORMS = {
    "login": "broadsheet.readers.account_forms.LoginForm",
    "signup": "broadsheet.readers.account_forms.SignupForm",
    "request_login_code": "broadsheet.readers.account_forms.RequestLoginCodeForm",
    "change_email": "broadsheet.readers.account_forms.ChangeEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = CONFIG["language"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG["time_zone"].key
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "broadsheet.site.formats"
# What the product itself says is written in English; these it has been translated into.
BROADSHEET_SPEAKS = ("en", *catalogues(PACKAGE / "locale"))
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [(LANGUAGE_CODE, LANGUAGE_CODE)]
WAGTAILADMIN_PERMITTED_LANGUAGES = [(LANGUAGE_CODE, LANGUAGE_CODE)]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "broadsheet.site.static.HashedStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG["request_limit_mb"] * 1024 * 1024
# Wagtail's page editor sends a field per block detail.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Of 300, which is Django's, whoever tries codes could push out the count of their tries.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_TRUSTED_ORIGINS = origins_of(BROADSHEET_URL)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0

# Without nonces, so that the same bytes are safe for everybody. The desk has its own, below.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    # Players that a reader asked for; nothing of theirs is loaded before.
    "frame-src": [*FRAME_HOSTS],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Wagtail's editor and its preview frame write inline scripts and styles.
DESK_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF, *FRAME_HOSTS],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}

PUBLICATION_NAME = WAGTAIL_SITE_NAME = lazy(_name_in_force, str)()
WAGTAILADMIN_BASE_URL = BROADSHEET_URL
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "stories.NewsImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "broadsheet.stories.desk.image_forms.ImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "stories.NewsDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [*DOCUMENT_TYPES]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100_000_000
WAGTAILIMAGES_JPEG_QUALITY = 82
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG["mail_from"]
MAILERS = mailers(CONFIG["mail"])

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = "broadsheet.site.logs.configure"
LOGGING = {"format": CONFIG["log_format"], "level": CONFIG["log_level"]}

SITE_SLUG = "main"
# Of which tables public pages show what, of all rooms.
PAGESTORE_WATCHED = "broadsheet.site.watched.WATCHED"
# Both, because a newsroom that sends mail has readers, and is no demonstration.
DEMONSTRATION = CONFIG["demonstration"] and CONFIG["mail"] == "mailbox"
# Other limits than those of discussion/http/limits.py, for tests that post a lot.
DISCUSSION_LIMITS: dict[str, tuple[int, float]] = {}
# How the rooms below learn who is asking, without importing this one.
BROADSHEET_ACTOR = "broadsheet.site.people.actor_of"
# How the discussion learns what the story says that people quote.
BROADSHEET_STORY_TEXT = "broadsheet.stories.api.text_of_edition"
# How it learns whose names no guest may seem to have.
BROADSHEET_STAFF_NAMES = "broadsheet.readers.api.staff_names"
# How it learns what moderators call one another, and who else may decide.
BROADSHEET_NAMES_OF = "broadsheet.readers.api.names_of"
BROADSHEET_ADDRESSES_OF = "broadsheet.readers.api.addresses_of"
BROADSHEET_IDS_OF_STAFF = "broadsheet.readers.api.ids_of_staff"
ROLE_NAMES = {
    "owner": _("Owner"),
    "editor": _("Editor"),
    "reporter": _("Reporter"),
    "moderator": _("Moderator"),
}
