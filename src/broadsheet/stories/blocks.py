"""What a story is made of. Blocks hold values; templates decide how they look."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from broadsheet.kit.html import story_html

INLINE = ["bold", "italic", "link", "superscript", "subscript", "strikethrough", "code"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=200)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("2", _("Heading")), ("3", _("Sub-heading"))], default="2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=400,
        help_text=_("What is to be seen; empty means the image's own description."),
    )
    caption = blocks.RichTextBlock(label=_("Caption"), features=INLINE, required=False)
    credit = blocks.CharBlock(
        label=_("Credit"), required=False, max_length=200, help_text=_("Empty: the image's own.")
    )

    class Meta:
        icon = "image"
        label = _("Image")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words: who said them, as what, and where that can be read."""

    text = blocks.RichTextBlock(label=_("Words"), features=INLINE)
    speaker = blocks.CharBlock(label=_("Speaker"), required=False, max_length=160)
    role = blocks.CharBlock(label=_("Speaker's role"), required=False, max_length=160)
    source_title = blocks.CharBlock(label=_("Source"), required=False, max_length=200)
    source_url = blocks.URLBlock(label=_("Link to the source"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class KeptHtmlBlock(blocks.RawHTMLBlock):
    """HTML of an imported story that has no block of its own; sanitised whenever it is saved."""

    def clean(self, value: Any) -> str:
        cleaned = story_html(str(super().clean(value)))
        if not cleaned.strip():
            raise ValidationError(_("Nothing is left of this HTML once what is unsafe is removed."))
        return cleaned

    class Meta:
        icon = "code"
        label = _("HTML (imported)")


class BodyBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(label=_("Text"), features=[*INLINE], icon="pilcrow")
    heading = HeadingBlock()
    image = PictureBlock()
    list = blocks.RichTextBlock(
        label=_("List"),
        features=["ol", "ul", *INLINE],
        icon="list-ul",
    )
    quote = QuoteBlock()
    html = KeptHtmlBlock()
