"""The pages of a publication, on stock Wagtail pages: front, sections, stories, plain pages."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from broadsheet.stories.blocks import INLINE, BodyBlock
from broadsheet.stories.models.media import NewsImage
from broadsheet.stories.models.people import Person


def default_language() -> str:
    return str(settings.LANGUAGE_CODE)


class _Shown(Page):
    """Draws the desk's preview with the code that draws the public page."""

    class Meta:
        abstract = True

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - one mode
        from broadsheet.stories.http.pages import draw  # noqa: PLC0415 - http knows models, not they it

        return draw(request, self)


class FrontPage(_Shown):
    """The front page; the parent of sections and plain pages."""

    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["stories.SectionPage", "stories.TextPage"]

    class Meta:
        verbose_name = _("front page")


class SectionPage(_Shown):
    standfirst = models.CharField(_("standfirst"), max_length=300, blank=True)
    in_menu_order = models.PositiveSmallIntegerField(_("place in the menu"), default=100)

    parent_page_types: ClassVar = ["stories.FrontPage"]
    subpage_types: ClassVar = ["stories.StoryPage"]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        FieldPanel("in_menu_order"),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class StoryTag(TaggedItemBase):
    content_object = ParentalKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class StoryPage(_Shown):
    """A story. `title` is the headline, `uuid` its identity for ever: the key of its thread."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    standfirst = models.TextField(_("standfirst"), max_length=600, blank=True)
    language = models.CharField(_("language"), max_length=20, default=default_language)
    lead_image = models.ForeignKey(
        NewsImage,
        verbose_name=_("lead image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_alt = models.CharField(
        _("alternative text"),
        max_length=400,
        blank=True,
        help_text=_("What is to be seen; empty means the image's own description."),
    )
    lead_caption = RichTextField(_("caption"), features=INLINE, blank=True)
    lead_credit = models.CharField(
        _("credit"), max_length=200, blank=True, help_text=_("Empty: the image's own.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("story"), blank=True)
    updated_at = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        help_text=_("Shown to readers when something of substance changed."),
    )
    discussion_open = models.BooleanField(_("readers may discuss this story"), default=True)
    tags = ClusterTaggableManager(through=StoryTag, blank=True)

    parent_page_types: ClassVar = ["stories.SectionPage"]
    subpage_types: ClassVar[list[str]] = []

    content_panels: ClassVar = [
        TitleFieldPanel("title", heading=_("Headline"), placeholder=_("Headline")),
        FieldPanel("standfirst"),
        InlinePanel("bylines", label=_("Byline")),
        MultiFieldPanel(
            [
                FieldPanel("lead_image"),
                FieldPanel("lead_alt"),
                FieldPanel("lead_caption"),
                FieldPanel("lead_credit"),
            ],
            heading=_("Lead image"),
        ),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]
    settings_panels: ClassVar = [
        *Page.settings_panels,
        FieldPanel("updated_at"),
        FieldPanel("language"),
        FieldPanel("discussion_open"),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy the page; a copy is another story, with an identity and a thread of its own."""
        attributes = {"uuid": uuid.uuid4(), **(kwargs.pop("update_attrs", None) or {})}
        return super().copy(*args, update_attrs=attributes, **kwargs)


class Byline(Orderable):
    """One person's part in a story, in the order they are named."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "person"], name="byline_once_per_person")
        ]


class TextPage(_Shown):
    """A plain page: about, house rules, imprint."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    in_footer = models.BooleanField(_("linked from the footer"), default=False)

    parent_page_types: ClassVar = ["stories.FrontPage", "stories.TextPage"]
    subpage_types: ClassVar = ["stories.TextPage"]
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body"), FieldPanel("in_footer")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
