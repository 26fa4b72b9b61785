"""What holds for every page of a publication, whatever its type."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from broadsheet.kit.html import printable


class CopyWithoutAlias(CopyForm):
    """Copies, and never makes an alias: one story at two addresses would share its discussion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


class PublicPage(Page):
    """A page for everybody or for nobody: what is live is public, there is no privacy to set."""

    private_page_options: ClassVar[list[str]] = []
    copy_form_class = CopyWithoutAlias

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Drop what cannot be printed: it comes with pasted text, and no feed can carry it."""
        super().clean()
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, models.CharField | models.TextField) and isinstance(value, str):
                setattr(self, field.attname, printable(value))
        if not self.title:
            raise ValidationError({"title": _("There is nothing to read in it.")})
