"""What the desk keeps lists of besides stories, each under its own name in the menu."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from broadsheet.stories.models import Person, Series, Topic


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    list_display: ClassVar = ["name", "role", "user"]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    list_display: ClassVar = ["name", "slug"]


class SeriesViewSet(SnippetViewSet):
    model = Series
    icon = "list-ol"
    list_display: ClassVar = ["title", "slug"]


class Registers(SnippetViewSetGroup):
    """After the stories they belong to, before pictures and documents."""

    menu_label = _("People and topics")
    menu_name = "registers"
    menu_icon = "group"
    menu_order = 150
    items = (PersonViewSet, TopicViewSet, SeriesViewSet)
