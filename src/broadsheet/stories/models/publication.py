"""The publication's face: what a publisher changes from the desk, in one row and its menus."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Publication(models.Model):
    """One row. An empty field means what `broadsheet.toml` says, or the house's own look.

    `accent` is `#rrggbb`. `language`, `time_zone` and `currency` are codes, checked by the form.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    logo = models.ForeignKey(
        "stories.NewsImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    footer = models.TextField(_("footer"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="publication_one_row")
        ]

    def __str__(self) -> str:
        return self.name


class MenuLink(models.Model):
    """A link of the menu or the footer, in its order. Without any, the sections are the menu."""

    class Place(models.TextChoices):
        MENU = "menu", _("Menu")
        FOOTER = "footer", _("Footer")

    place = models.CharField(max_length=6, choices=Place.choices)
    label = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "position"], name="menulink_position"),
            models.CheckConstraint(
                condition=models.Q(place__in=["menu", "footer"]), name="menulink_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.label}"
