"""What holds for every page of a publication, whatever its type."""

from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.models import Page

from broadsheet.kit.html import printable
from broadsheet.stories.rules import may_be_called

# The front page lies right below the root of the tree.
FRONT_DEPTH: Final = 2


def reserved(slug: str | None, parent_depth: int) -> str:
    """Return why a page may not have this in its address, or nothing."""
    verdict = may_be_called(slug=slug or "", on_top=parent_depth == FRONT_DEPTH)
    if verdict:
        return ""
    return _("“%(slug)s” is an address of the house. Another word is needed.") % {"slug": slug}


class CopyWithoutAlias(CopyForm):
    """Copies, and never makes an alias: one story at two addresses would share its discussion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)

    def clean(self) -> Any:
        cleaned = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        if why := reserved(cleaned.get("new_slug"), parent.depth):
            self.add_error("new_slug", why)
        return cleaned


class NewPageForm(WagtailAdminPageForm):
    """Knows where a new page will lie, which the page itself does not before it is saved."""

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.pk is None and self.parent_page is not None:
            why = reserved(cleaned.get("slug"), self.parent_page.depth)
            if why:
                self.add_error("slug", why)
        return cleaned


class PublicPage(Page):
    """A page for everybody or for nobody: what is live is public, there is no privacy to set."""

    private_page_options: ClassVar[list[str]] = []
    copy_form_class = CopyWithoutAlias
    base_form_class = NewPageForm

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Drop what cannot be printed: it comes with pasted text, and no feed can carry it."""
        super().clean()
        # One that is missing, or was refused for its length, has been told so.
        has_title = bool(self.title)
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, models.CharField | models.TextField) and isinstance(value, str):
                setattr(self, field.attname, printable(value))
        if self.depth and (why := reserved(self.slug, self.depth - 1)):
            raise ValidationError({"slug": why})
        if has_title and not self.title:
            raise ValidationError({"title": _("There is nothing to read in it.")})
