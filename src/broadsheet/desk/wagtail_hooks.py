"""What the desk adds to Wagtail's admin: a list, one line for each page of ours."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.menu import DismissibleMenuItem, MenuItem

from broadsheet.desk import campaign, gifts, house_rules, publication, staff, standing


@hooks.register("register_admin_urls")
def gift_urls() -> Sequence[URLPattern]:
    return gifts.urls


@hooks.register("register_admin_urls")
def campaign_urls() -> Sequence[URLPattern]:
    return campaign.urls


@hooks.register("register_admin_urls")
def reader_urls() -> Sequence[URLPattern]:
    return standing.urls


@hooks.register("register_admin_menu_item")
def gift_menu() -> MenuItem:
    return gifts.menu_item()


@hooks.register("register_admin_menu_item")
def moderation_menu() -> MenuItem:
    return standing.moderation_item()


@hooks.register("register_admin_menu_item")
def reader_menu() -> MenuItem:
    return standing.readers_item()


@hooks.register("register_admin_urls")
def site_urls() -> Sequence[URLPattern]:
    return publication.urls


@hooks.register("register_admin_menu_item")
def site_menu() -> MenuItem:
    return publication.menu_item()


@hooks.register("register_admin_urls")
def house_rules_urls() -> Sequence[URLPattern]:
    return house_rules.urls


@hooks.register("register_admin_menu_item")
def house_rules_menu() -> MenuItem:
    return house_rules.menu_item()


@hooks.register("register_admin_urls")
def staff_urls() -> Sequence[URLPattern]:
    return staff.urls


@hooks.register("register_admin_menu_item")
def staff_menu() -> MenuItem:
    return staff.menu_item()


@hooks.register("construct_settings_menu")
def no_second_list_of_staff(request: HttpRequest, menu_items: list[MenuItem]) -> None:  # noqa: ARG001 - a hook's shape
    """Leave out Wagtail's own: it knows neither the name that readers see nor what a role means."""
    menu_items[:] = [item for item in menu_items if item.name != "users"]


@hooks.register("construct_help_menu")
def no_news_of_the_tool(request: HttpRequest, menu_items: list[MenuItem]) -> None:  # noqa: ARG001 - a hook's shape
    """Leave out what calls for attention to Wagtail's releases; its guide is on the first page."""
    menu_items[:] = [item for item in menu_items if not isinstance(item, DismissibleMenuItem)]
