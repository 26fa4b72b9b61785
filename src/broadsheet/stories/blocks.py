"""What a story is made of. Blocks hold values; templates decide how they look."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from broadsheet.kit.clock import utcnow
from broadsheet.kit.html import story_html
from broadsheet.stories.document_links import linked_in_kept
from broadsheet.stories.embeds import UnknownProviderError, embed_of
from broadsheet.stories.kinds import CorrectionKind
from broadsheet.stories.source_addresses import SourceAddressBlock
from broadsheet.stories.tables import TableError, table_of

INLINE = ["bold", "italic", "link", "superscript", "subscript", "strikethrough", "code"]
# Of what stands in a body: it may lead to a paper of ours, which is public by being led to.
TEXT = [*INLINE, "document-link"]


class _WithoutItsKind(blocks.StructBlock):
    """A block whose choices are no words of the story: search does not find it by them."""

    def get_searchable_content(self, value: Any) -> list[Any]:
        return [
            words
            for name, block in self.child_blocks.items()
            if not isinstance(block, blocks.ChoiceBlock)
            for words in block.get_searchable_content(value.get(name, block.get_default()))
        ]


class _CheckedBlock(blocks.StructBlock):
    """A block of which one field has to make sense to `read`, whose error says why not."""

    checked = ""

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation and not cleaned[self.checked]:
            return cleaned  # a draft is saved while it is written
        try:
            self.read(cleaned[self.checked])
        except (TableError, UnknownProviderError) as error:
            raise blocks.StructBlockValidationError(
                block_errors={self.checked: ValidationError(str(error.sentence))}
            ) from error
        return cleaned


class HeadingBlock(_WithoutItsKind):
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
    caption = blocks.RichTextBlock(label=_("Caption"), features=TEXT, required=False)
    credit_person = SnippetChooserBlock(
        "stories.Person", label=_("Credited person"), required=False
    )
    credit = blocks.CharBlock(
        label=_("Credit"), required=False, max_length=200, help_text=_("Empty: the image's own.")
    )

    class Meta:
        icon = "image"
        label = _("Image")


class GalleryBlock(blocks.StructBlock):
    """Pictures that are looked at together; each keeps its own caption and credit."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=160)
    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=2, max_num=40)

    class Meta:
        icon = "image"
        label = _("Gallery")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words: who said them, as what, when, and where that can be read."""

    text = blocks.RichTextBlock(label=_("Words"), features=TEXT)
    speaker = blocks.CharBlock(label=_("Speaker"), required=False, max_length=160)
    role = blocks.CharBlock(label=_("Speaker's role"), required=False, max_length=160)
    source_title = blocks.CharBlock(label=_("Source"), required=False, max_length=200)
    source_url = SourceAddressBlock(label=_("Link to the source"), required=False)
    said_on = blocks.DateBlock(label=_("Said or written on"), required=False)
    reported_by = blocks.CharBlock(
        label=_("Reported by"),
        required=False,
        max_length=160,
        help_text=_("Who heard or published it first, when that was not us."),
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")


class PullQuoteBlock(blocks.StructBlock):
    """A sentence of the story set large; it says nothing that the story does not."""

    text = blocks.CharBlock(label=_("Words"), max_length=240)
    speaker = blocks.CharBlock(label=_("Speaker"), required=False, max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title"), required=False, max_length=200, help_text=_("Empty: the document's own.")
    )
    summary = blocks.CharBlock(label=_("What it is"), required=False, max_length=400)

    class Meta:
        icon = "doc-full"
        label = _("Document")


class TableBlock(_CheckedBlock):
    """A table as it is pasted from a spreadsheet: a line per row, tabs (or commas) between."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=200)
    cells = blocks.TextBlock(
        label=_("Cells"),
        rows=8,
        help_text=_("Paste from a spreadsheet. The first line is the heading of each column."),
    )
    row_headings = blocks.BooleanBlock(
        label=_("The first column names each row"), required=False, default=True
    )
    source_title = blocks.CharBlock(label=_("Source"), required=False, max_length=200)
    source_url = SourceAddressBlock(label=_("Link to the source"), required=False)

    checked = "cells"

    def read(self, text: str) -> Any:
        return table_of(text)

    class Meta:
        icon = "table"
        label = _("Table")


class EmbedBlock(_CheckedBlock):
    """Something that another site plays; loaded only when a reader asks for it."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(
        label=_("What it is"),
        max_length=200,
        help_text=_("Readers decide by this whether to load it."),
    )

    checked = "url"

    def read(self, text: str) -> Any:
        return embed_of(text)

    class Meta:
        icon = "media"
        label = _("Embed")


class NoteBlock(blocks.StructBlock):
    """A box beside the run of the story: background, method, how to help."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=["ol", "ul", *TEXT])

    class Meta:
        icon = "info-circle"
        label = _("Note box")


class CorrectionBlock(_WithoutItsKind):
    """A dated correction; it stays, and it is listed at `/corrections/`."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"), choices=CorrectionKind.choices, default=CorrectionKind.CORRECTION
    )
    day = blocks.DateBlock(label=_("Date"))
    text = blocks.RichTextBlock(
        label=_("What was wrong, and what is right"), features=["bold", "italic", "link"]
    )

    def get_default(self) -> Any:
        """Begin with today's date; most corrections are of today."""
        value = super().get_default()
        value["day"] = value.get("day") or timezone.localdate(utcnow())
        return value

    class Meta:
        icon = "edit"
        label = _("Correction")


class KeptHtmlBlock(blocks.RawHTMLBlock):
    """HTML of an imported story that has no block of its own; sanitised whenever it is saved."""

    def clean(self, value: Any) -> str:
        cleaned = story_html(str(super().clean(value)))
        if not cleaned.strip():
            raise ValidationError(_("Nothing is left of this HTML once what is unsafe is removed."))
        return cleaned

    def get_searchable_content(self, value: Any) -> list[str]:
        return [" ".join(strip_tags(str(value)).split())]

    def extract_references(self, value: Any) -> Iterator[tuple[Any, str, str, str]]:
        """Name the documents of ours that it leads to: its story shows them."""
        for number in sorted(linked_in_kept(str(value or ""))):
            yield get_document_model(), str(number), "", ""

    class Meta:
        icon = "code"
        label = _("HTML (imported)")


class BodyBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(label=_("Text"), features=[*TEXT], icon="pilcrow")
    heading = HeadingBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    list = blocks.RichTextBlock(
        label=_("List"),
        features=["ol", "ul", *TEXT],
        icon="list-ul",
    )
    quote = QuoteBlock()
    pull_quote = PullQuoteBlock()
    document = DocumentBlock()
    table = TableBlock()
    embed = EmbedBlock()
    note = NoteBlock()
    correction = CorrectionBlock()
    html = KeptHtmlBlock()


class CorrectionsBlock(blocks.StreamBlock):
    correction = CorrectionBlock()
