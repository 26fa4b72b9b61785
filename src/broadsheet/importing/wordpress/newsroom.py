"""The tables of `stories`, by name: a room's models are reached through Django's registry."""

from typing import Any

from django.apps import apps
from django.urls import Resolver404, resolve

from broadsheet.stories import api as stories


def model(name: str) -> Any:
    """Return a model of `stories`, such as `StoryPage`."""
    return apps.get_model("stories", name)


def front() -> Any:
    """Return the front page, fresh: a tree's node must not be older than its children."""
    return model("FrontPage").objects.get()


def free_slug(slug: str, *, below: Any, page_id: int | None = None) -> str:
    """Return `slug`, or the first of `slug-2` … that neither a page nor a route has taken."""
    found, number = slug, 2
    while _taken(found, below, page_id):
        found, number = f"{slug}-{number}", number + 1
    return found


def _taken(slug: str, below: Any, page_id: int | None) -> bool:
    siblings = below.get_children().filter(slug=slug)
    if page_id is not None:
        siblings = siblings.exclude(pk=page_id)
    return siblings.exists() or not _is_for_pages(slug, below)


def _is_for_pages(slug: str, below: Any) -> bool:
    """Say whether an address would reach a page, and not a route of the house such as `/desk/`."""
    if not stories.may_be_called(slug=slug, on_top=below.pk == front().pk):
        return False
    path = "/" + (below.url_path + slug + "/").split("/", 2)[2]
    try:
        return resolve(path).view_name == "stories:page"
    except Resolver404:
        return False
