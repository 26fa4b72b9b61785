"""Links to a draft for people without an account: made, looked up, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.readers.api import require_account
from broadsheet.stories import operations, renditions
from broadsheet.stories.documents import open_document
from broadsheet.stories.models import NewsDocument, PreviewLink, StoryPage
from broadsheet.stories.streams import needs

SALT: Final = "broadsheet.stories.preview"
# How many days a link may last.
DAYS: Final = (1, 7, 30)


class UnknownLinkError(ValueError):
    """Nothing that we have signed."""


class EndedLinkError(ValueError):
    """A link that was valid once: expired, revoked, or its story is gone."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A link that is valid now; `path` is its address below the host."""

    path: str
    made_by: str
    made_at: datetime
    expires_at: datetime


def share_preview(*, actor: Actor, story: StoryPage, days: int, now: datetime) -> str:
    """Make a link to the latest draft and return its path. Raises RefusalError, ValueError."""
    if days not in DAYS:
        raise ValueError(f"{days} is not one of {DAYS} days")
    _require_may_share(actor, story)
    # A page never makes its pictures; who is sent the link should see them at once.
    draft = story.get_latest_revision_as_object()
    renditions.make_first_renditions(image_ids=operations.pictures_of(draft))
    link = PreviewLink.objects.create(
        story=story, made_by=actor.id, made_at=now, expires_at=now + timedelta(days=days)
    )
    return _path(link)


@transaction.atomic
def revoke_previews(*, actor: Actor, story: StoryPage, now: datetime) -> int:
    """Take every link to a story's draft back; returns how many were valid. Raises RefusalError."""
    _require_may_share(actor, story)
    return _valid(story, now).update(revoked_at=now)


def previews_of(*, story: StoryPage, now: datetime) -> tuple[Shared, ...]:
    """Return the links that are valid, the newest first. One query."""
    return tuple(
        Shared(_path(link), link.made_by, link.made_at, link.expires_at)
        for link in _valid(story, now).order_by("-made_at", "pk")
    )


def story_of_preview(*, token: str, now: datetime) -> tuple[StoryPage, datetime]:
    """Return the latest draft that a link leads to, and until when.

    Raises UnknownLinkError, EndedLinkError.
    """
    try:
        pk, until = signing.Signer(salt=SALT).unsign_object(token)
        pk = UUID(pk)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise UnknownLinkError from error
    link = PreviewLink.objects.select_related("story").filter(pk=pk).first()
    if link is None or link.revoked_at or link.expires_at <= now or until <= now.timestamp():
        raise EndedLinkError
    draft: StoryPage = link.story.get_latest_revision_as_object()
    return draft, link.expires_at


def document_of_preview(
    *, token: str, number: int, name: str, now: datetime
) -> NewsDocument | None:
    """Return a document under its own name if the draft that a link leads to shows it, else None.

    Raises UnknownLinkError, EndedLinkError.
    """
    draft, _ = story_of_preview(token=token, now=now)
    if number not in needs(draft.body)["document_ids"]:
        return None
    return open_document(number=number, name=name)


def _valid(story: StoryPage, now: datetime) -> QuerySet[PreviewLink]:
    return PreviewLink.objects.filter(story=story, revoked_at=None, expires_at__gt=now)


def _path(link: PreviewLink) -> str:
    """The same link has the same address whenever it is asked for."""
    facts = [str(link.pk), int(link.expires_at.timestamp())]
    return f"/preview/{signing.Signer(salt=SALT).sign_object(facts)}/"


def _require_may_share(actor: Actor, story: StoryPage) -> None:
    if not story.permissions_for_user(require_account(actor)).can_edit():
        raise RefusalError(Refused("may_not_share"))
