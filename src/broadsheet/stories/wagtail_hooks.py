"""What stories add to Wagtail's admin: a list, one line for each thing."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet

from broadsheet.stories.desk import asking, bulk, findings, home, menu, registers, sharing, views
from broadsheet.stories.links import DOCUMENT_RULE, DocumentLink, PageLink
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import PublishStoryAction

register_snippet(registers.Registers)


@hooks.register("register_actions")
def publishing(registry: Any) -> None:
    registry.register(StoryPage, PublishStoryAction)


# After Wagtail's own, whose place it takes.
@hooks.register("register_rich_text_features", order=1000)
def links_of_ours(features: Any) -> None:
    features.register_link_type(PageLink)
    features.register_link_type(DocumentLink)
    features.register_converter_rule("contentstate", "document-link", DOCUMENT_RULE)


@hooks.register("register_admin_viewset")
def editor() -> views.StoryViewSet:
    return views.StoryViewSet()


@hooks.register("register_admin_urls")
def urls() -> Sequence[URLPattern]:
    return [*findings.urls, *sharing.urls]


class WritersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(page_permission_policy.user_has_permission(request.user, "add"))


@hooks.register("register_admin_menu_item")
def filing() -> MenuItem:
    return WritersMenuItem(
        _("File a story"), reverse("field:drafts"), icon_name="edit", name="file-a-story", order=90
    )


@hooks.register("construct_page_action_menu")
def buttons(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    menu.arrange(menu_items, request, context)


@hooks.register("register_page_header_buttons")
def share(page: Page, user: Any, view_name: str, **_: Any) -> Iterator[Button]:
    yield from sharing.buttons(page=page, user=user, view_name=view_name)


@hooks.register("register_page_header_buttons")
def ask_readers(page: Page, user: Any, view_name: str, **_: Any) -> Iterator[Button]:
    yield from asking.buttons(page=page, user=user, view_name=view_name)


@hooks.register("construct_homepage_panels")
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    home.arrange(request, panels)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_summary(request: HttpRequest, summary_items: list[Any]) -> None:  # noqa: ARG001 - a hook's shape
    summary_items.clear()


@hooks.register("before_bulk_action")
def many_at_once(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    return bulk.refuse_embargoed(request, action_type, objects, action)
