"""Files by which programs learn whose site this is: robots.txt, trust.txt, security.txt."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public
from broadsheet.pagestore.api import true_until
from broadsheet.stories.publication.queries import policies, publication

# RFC 9116 wants less than a year; a month's bytes stay the same.
_VALID: Final = timedelta(days=180)


@public(shows=())
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; what is for one person is of no use to a program."""
    closed = ("account", "desk", "me", "moderation", "preview")
    lines = ["User-agent: *", *(f"Disallow: /{name}/" for name in closed), "Disallow: /search/"]
    # Of what lies below it the log alone is for everybody (RFC 9309: the longer line counts).
    lines += ["Allow: /moderation/$", "Allow: /moderation/log.jsonl"]
    lines += ["", f"Sitemap: {_whole('/sitemap.xml')}", f"Sitemap: {_whole('/sitemap-news.xml')}"]
    return _text(lines)


@public(shows=())
def trust(request: HttpRequest) -> HttpResponse:
    """Say what the publication says of itself (https://journallist.net/reference-document)."""
    allowed = "yes" if settings.BROADSHEET_TRAINING else "no"
    lines = [f"disclosure={_whole(policy.url)}" for policy in policies()]
    if settings.BROADSHEET_CONTACT:
        lines.append(f"contact={settings.BROADSHEET_CONTACT}")
    return _text([*lines, f"datatrainingallowed={allowed}"])


@public(shows=())
def security(request: HttpRequest) -> HttpResponse:
    """Say where a hole is reported (RFC 9116); without a contact there is no such file."""
    contact = settings.BROADSHEET_CONTACT
    if not contact:
        raise Http404
    now = utcnow()
    expires = _end_of_validity(now)
    # So long all of it says the same.
    true_until(_first_of_next_month(now + _VALID) - _VALID)
    return _text(
        [
            f"Contact: {contact if '://' in contact else f'mailto:{contact}'}",
            f"Expires: {expires.isoformat(timespec='seconds')}",
            f"Canonical: {_whole('/.well-known/security.txt')}",
            f"Preferred-Languages: {publication(now=now).language}",
        ]
    )


def _end_of_validity(now: datetime) -> datetime:
    return _start_of_month(now + _VALID)


def _first_of_next_month(moment: datetime) -> datetime:
    return (_start_of_month(moment) + timedelta(days=32)).replace(day=1)


def _start_of_month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _whole(path: str) -> str:
    return str(settings.BROADSHEET_URL) + path


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
