"""What stories are about, across sections: topics, and series of stories in an order."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.search import index


class Topic(index.Indexed, TagBase):
    """A subject that stories are tagged with, and its page at `/topics/<slug>/`."""

    free_tagging = True
    description = models.TextField(_("description"), max_length=600, blank=True)

    panels: ClassVar = [
        TitleFieldPanel("name", placeholder=False),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("description"),
    ]
    search_fields: ClassVar = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering: ClassVar = ["name", "id"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Series(index.Indexed, models.Model):
    """Stories that belong together in an order, and their page at `/series/<slug>/`."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=160, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), max_length=600, blank=True)

    panels: ClassVar = [
        TitleFieldPanel("title", placeholder=False),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("description"),
    ]
    search_fields: ClassVar = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        ordering: ClassVar = ["title", "id"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.title
