"""The pages of a publication, on stock Wagtail pages: front, sections, stories, plain pages."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from broadsheet.stories.blocks import INLINE, BodyBlock, CorrectionsBlock
from broadsheet.stories.models.belonging import StoryTopic
from broadsheet.stories.models.common import PublicPage
from broadsheet.stories.models.media import NewsImage
from broadsheet.stories.models.people import Person
from broadsheet.stories.models.previews import draw_preview
from broadsheet.stories.models.subjects import Series
from broadsheet.stories.publishing import PublishStoryAction


def default_language() -> str:
    return get_language() or str(settings.LANGUAGE_CODE)


class _Shown(PublicPage):
    """Draws the desk's preview with the code that draws the public page."""

    # Of what Wagtail offers to set, only what a page of ours shows.
    promote_panels: ClassVar = [FieldPanel("slug", widget=SlugInput)]

    class Meta:
        abstract = True

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - one mode
        return draw_preview(request, self)

    def get_url_parts(self, request: Any = None) -> Any:
        """Say where the page is read: at our own routes, which Wagtail does not know.

        Links between pages in rich text, and the desk's "View live", come from here.
        """
        sites = self._get_relevant_site_root_paths(request)
        if not sites:
            return None
        site_id, root_path, root_url, _language = sites[0]
        return site_id, root_url, "/" + self.url_path[len(root_path) :]


class FrontPage(_Shown):
    """The front page, parent of sections and plain pages; it leads with `lead`, or the newest."""

    lead = models.ForeignKey(
        "stories.StoryPage",
        verbose_name=_("leading story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the newest one."),
    )

    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["stories.SectionPage", "stories.TextPage"]
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("front page")


class SectionPage(_Shown):
    standfirst = models.CharField(_("standfirst"), max_length=300, blank=True)
    in_menu_order = models.PositiveSmallIntegerField(_("place in the menu"), default=100)
    show_versions = models.BooleanField(
        _("readers may see earlier versions of its stories"), default=False
    )

    parent_page_types: ClassVar = ["stories.FrontPage"]
    subpage_types: ClassVar = ["stories.StoryPage"]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        FieldPanel("in_menu_order"),
        FieldPanel("show_versions"),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class Genre(models.TextChoices):
    """What a reader must know before reading; plain news says nothing."""

    NEWS = "", _("News")
    ANALYSIS = "analysis", _("Analysis")
    OPINION = "opinion", _("Opinion")
    REVIEW = "review", _("Review")
    EXPLAINER = "explainer", _("Explainer")
    INTERVIEW = "interview", _("Interview")


class StoryPage(_Shown):
    """A story. `title` is the headline, `uuid` its identity for ever: the key of its thread."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    standfirst = models.TextField(_("standfirst"), max_length=600, blank=True)
    language = models.CharField(_("language"), max_length=20, default=default_language)
    genre = models.CharField(_("kind of story"), max_length=10, choices=Genre.choices, blank=True)
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
    lead_credit_person = models.ForeignKey(
        Person,
        verbose_name=_("credited person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_credit = models.CharField(
        _("credit"), max_length=200, blank=True, help_text=_("Empty: the image's own.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("story"), blank=True)
    corrections = StreamField(
        CorrectionsBlock(),
        verbose_name=_("corrections"),
        blank=True,
        help_text=_("Shown at the end of the story, and listed with all corrections."),
    )
    change_note = models.CharField(
        _("what changed"),
        max_length=300,
        blank=True,
        help_text=_(
            "For the list of versions that readers see: what this version changes, and why."
        ),
    )
    embargo_until = models.DateTimeField(
        _("under embargo until"),
        null=True,
        blank=True,
        help_text=_("Nobody can publish it before."),
    )
    series = models.ForeignKey(
        Series,
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    series_part = models.PositiveSmallIntegerField(_("part"), null=True, blank=True)
    updated_at = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        help_text=_("Shown to readers when something of substance changed."),
    )
    discussion_open = models.BooleanField(_("readers may discuss this story"), default=True)
    tags = ClusterTaggableManager(through=StoryTopic, blank=True, verbose_name=_("topics"))

    parent_page_types: ClassVar = ["stories.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    # A copy is another story, with an identity and a thread of its own.
    exclude_fields_in_copy: ClassVar = ["uuid"]

    content_panels: ClassVar = [
        TitleFieldPanel("title", heading=_("Headline"), placeholder=_("Headline")),
        FieldPanel("standfirst"),
        InlinePanel("bylines", label=_("Byline")),
        MultiFieldPanel(
            [
                FieldPanel("lead_image"),
                FieldPanel("lead_alt"),
                FieldPanel("lead_caption"),
                FieldPanel("lead_credit_person"),
                FieldPanel("lead_credit"),
            ],
            heading=_("Lead image"),
        ),
        FieldPanel("body"),
        FieldPanel("corrections"),
        FieldPanel("tags"),
        MultiFieldPanel(
            [FieldPanel("series"), FieldPanel("series_part")], heading=_("Part of a series")
        ),
        InlinePanel("related_stories", label=_("Related story"), max_num=6),
        FieldPanel("change_note"),
    ]
    promote_panels: ClassVar = [
        *_Shown.promote_panels,
        MultiFieldPanel(
            [
                FieldPanel("seo_title", help_text=_("Empty: the headline.")),
                FieldPanel("search_description", help_text=_("Empty: the standfirst.")),
            ],
            heading=_("For search engines"),
        ),
    ]
    settings_panels: ClassVar = [
        *Page.settings_panels,
        FieldPanel("embargo_until"),
        FieldPanel("genre"),
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

    def publish(self, revision: Any, *, skip_permission_checks: bool = False, **facts: Any) -> None:
        """Publish through the gate that knows of embargoes; Wagtail asks every page this way."""
        PublishStoryAction(revision, **facts).execute(skip_permission_checks=skip_permission_checks)


class Policy(models.TextChoices):
    """What a page states about the house; structured data and trust files point to it."""

    NONE = "", _("None of these")
    MASTHEAD = "masthead", _("Masthead")
    ETHICS = "ethics", _("Ethics")
    CORRECTIONS = "corrections", _("Corrections policy")
    FUNDING = "funding", _("Ownership and funding")
    PRIVACY = "privacy", _("Privacy")


class TextPage(_Shown):
    """A plain page: about, house rules, imprint; `policy` says which of the house's policies."""

    policy = models.CharField(_("policy"), max_length=11, choices=Policy.choices, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    in_footer = models.BooleanField(_("linked from the footer"), default=False)

    parent_page_types: ClassVar = ["stories.FrontPage", "stories.TextPage"]
    subpage_types: ClassVar = ["stories.TextPage"]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("in_footer"),
        FieldPanel("policy"),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
