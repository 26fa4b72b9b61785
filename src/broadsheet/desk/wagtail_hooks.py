"""What the desk adds to Wagtail's admin: a list, one line for each page of ours."""

from collections.abc import Sequence

from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from broadsheet.desk import campaign, gifts, publication, standing


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
