"""Pictures and documents of the newsroom."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition


class NewsImage(AbstractImage):
    """A picture with its credit. `description` (Wagtail's) is its alternative text.

    The credit is a person of ours (`credit_person`) or any name (`credit`); the person goes first.
    """

    credit = models.CharField(_("credit"), max_length=200, blank=True)
    credit_person = models.ForeignKey(
        "stories.Person",
        verbose_name=_("credited person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    licence = models.CharField(
        _("licence"), max_length=120, blank=True, help_text=_("For example CC BY 4.0.")
    )

    # Written by `renditions`: what crops have to be cut by once a focal point has moved, and the
    # name of a file that no decoder read; a new upload has another name.
    crop_key = models.CharField(max_length=16, blank=True, default="", editable=False)
    unreadable = models.CharField(max_length=100, blank=True, default="", editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit_person",
        "credit",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions: ClassVar = [("choose_newsimage", "Can choose image")]


class NewsRendition(AbstractRendition):
    image = models.ForeignKey(NewsImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique"
            )
        ]


class NewsDocument(AbstractDocument):
    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions: ClassVar = [("choose_newsdocument", "Can choose document")]
