"""What stories add to Wagtail's admin: a list, one line for each thing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from wagtail import hooks

from broadsheet.stories.desk import bulk, findings, menu, views
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import PublishStoryAction


@hooks.register("register_actions")
def publishing(registry: Any) -> None:
    registry.register(StoryPage, PublishStoryAction)


@hooks.register("register_admin_viewset")
def editor() -> views.StoryViewSet:
    return views.StoryViewSet()


@hooks.register("register_admin_urls")
def urls() -> Sequence[URLPattern]:
    return findings.urls


@hooks.register("construct_page_action_menu")
def buttons(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    menu.arrange(menu_items, request, context)


@hooks.register("before_bulk_action")
def many_at_once(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    return bulk.refuse_embargoed(request, action_type, objects, action)
