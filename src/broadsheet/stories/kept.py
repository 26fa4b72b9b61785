"""Discussions that came with plain pages from elsewhere: closed, and shown under their page.

A plain page opens none of its own. Each verb may run again without harm.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor
from broadsheet.stories.addresses import below_host, url_of
from broadsheet.stories.models import TextPage


def thread_key(*, page: TextPage) -> str:
    """Return the key of the thread that a plain page may have; a copy of it has another."""
    return f"page:{page.translation_key}"


def keep_discussion(*, actor: Actor, page: TextPage, language: str, now: datetime) -> int:
    """Open the thread for what is brought along with a page, closed to anything new.

    Returns its id. One that readers have stays as it is: a moderator may have opened it again.
    Raises RefusalError for those who may not close a discussion.
    """
    key, site = thread_key(page=page), settings.SITE_SLUG
    is_shown = key in discussion.shown_keys(site=site, keys=[key])
    thread_id = discussion.open_thread(
        site=site,
        key=key,
        url=url_of(page),
        title=page.title,
        language=language,
        now=now,
    )
    if not is_shown:
        discussion.close_thread(actor=actor, thread_id=thread_id, now=now)
    discussion_follows(path=page.path, now=now)
    return thread_id


def hide_discussion(*, page: TextPage, now: datetime) -> None:
    """Take the thread of a page that is not public any more out of sight."""
    discussion.hide_thread(site=settings.SITE_SLUG, key=thread_key(page=page), now=now)


def discussion_follows(*, path: str, now: datetime) -> None:
    """Let threads of plain pages at or below a path of the tree be where their pages are.

    Those of pages that are not public are out of sight.
    """
    pages = TextPage.objects.filter(path__startswith=path).order_by("path")
    public = set(pages.live().public().values_list("pk", flat=True))
    for page in pages:
        if page.pk in public:
            key, site = thread_key(page=page), settings.SITE_SLUG
            discussion.move_threads(site=site, urls={key: url_of(page)})
            discussion.show_thread(site=site, key=key)
        else:
            hide_discussion(page=page, now=now)


def mend(*, now: datetime) -> int:
    """Bring the threads that are astray to where they belong; returns how many were."""
    paths = list(astray())
    for path in paths:
        discussion_follows(path=path, now=now)
    return len(paths)


def astray() -> Iterator[str]:
    """Yield the tree's paths of pages whose thread is shown elsewhere, or while they are not."""
    rows = list(TextPage.objects.order_by("path"))
    public = set(TextPage.objects.live().public().values_list("pk", flat=True))
    pages = {thread_key(page=page): page for page in rows}
    for key, url in discussion.shown_urls(site=settings.SITE_SLUG, keys=list(pages)).items():
        page = pages[key]
        if page.pk not in public or url != below_host(url_path=page.url_path):
            yield page.path
