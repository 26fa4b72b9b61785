"""A story, its writers, topics and comments, and the month's gifts: what a page of ours shows."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.tags import ClusterTaggableManager
from taggit.models import TaggedItemBase
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.snippets.models import register_snippet


@register_snippet
class Person(models.Model):
    name = models.CharField(max_length=60)
    slug = models.SlugField()

    def __str__(self) -> str:
        return self.name


class Gift(models.Model):
    amount = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.amount)


class StoryTag(TaggedItemBase):
    content_object = ParentalKey("StoryPage", on_delete=models.CASCADE, related_name="tagged")


class StoryPage(Page):
    standfirst = models.TextField(blank=True)
    lead = models.ForeignKey(
        get_image_model_string(), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    people = ParentalManyToManyField(Person, blank=True)
    tags = ClusterTaggableManager(through=StoryTag, blank=True)
    body = StreamField(
        [("heading", CharBlock()), ("paragraph", RichTextBlock()), ("image", ImageChooserBlock())]
    )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        site = self.get_site()
        others = StoryPage.objects.sibling_of(self, inclusive=False).live()
        context["site"] = site
        context["menu"] = site.root_page.get_children().live().in_menu()
        context["more"] = others.select_related("lead").prefetch_related("people")[:5]
        context["raised"] = Gift.objects.aggregate(sum=models.Sum("amount"))["sum"]
        context["comments"] = self.talk()
        return context

    def talk(self) -> list["Comment"]:
        """Return the conversations, each comment with its answers."""
        comments = list(self.comments.select_related("author").order_by("-created_at", "-pk"))
        answers = defaultdict(list)
        for comment in reversed(comments):
            answers[comment.parent_id].append(comment)
        for comment in comments:
            comment.answers = answers[comment.pk]
        return answers[None][::-1]


class Comment(models.Model):
    page = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    author = models.ForeignKey(Person, on_delete=models.CASCADE)
    html = models.TextField()
    created_at = models.DateTimeField()
    up = models.IntegerField(default=0)
    down = models.IntegerField(default=0)

    answers: list["Comment"]

    def __str__(self) -> str:
        return self.html[:30]
