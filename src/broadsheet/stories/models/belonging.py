"""What belongs to a story: who had a part in it, what it is about, and stories put beside it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import PageChooserPanel
from wagtail.models import Orderable

from broadsheet.stories.models.people import Person
from broadsheet.stories.models.subjects import Topic


class Part(models.TextChoices):
    """What a person did for a story; its author needs no word."""

    WRITING = "", _("By")
    REPORTING = "reporting", _("Reporting")
    PHOTOGRAPHY = "photography", _("Photographs")
    DATA = "data", _("Data")
    ILLUSTRATION = "illustration", _("Illustration")
    TRANSLATION = "translation", _("Translation")
    EDITING = "editing", _("Editing")


class Byline(Orderable):
    """One person's part in a story, in the order they are named."""

    story = ParentalKey("stories.StoryPage", on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=12, choices=Part.choices, blank=True)

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "person"], name="byline_once_per_person")
        ]


class RelatedStory(Orderable):
    """A story that an editor put beside another one."""

    story = ParentalKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="related_stories"
    )
    related = models.ForeignKey(
        "stories.StoryPage", verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )

    panels: ClassVar = [PageChooserPanel("related")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "related"], name="related_once")
        ]


class StoryTopic(ItemBase):
    """A story is about a topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="tagged_stories")
    content_object = ParentalKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="tagged_items"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="story_topic_once")
        ]
