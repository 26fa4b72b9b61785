"""A block that holds the address of a source: of another site, or of a document of ours."""

from collections.abc import Iterator
from typing import Any

from django import forms
from wagtail import blocks
from wagtail.documents import get_document_model

from broadsheet.stories.addresses import is_below_host, without_host
from broadsheet.stories.document_types import number_in


class _AddressField(forms.URLField):
    """Takes a path of this site too, and makes one of an address of ours."""

    widget = forms.TextInput(attrs={"inputmode": "url"})

    def clean(self, value: Any) -> Any:
        url = without_host(url=str(value or "").strip())
        return url if is_below_host(url=url) else super().clean(value)


class SourceAddressBlock(blocks.URLBlock):
    """Where something can be read: elsewhere, or with us, wherever we are.

    A document of ours that a story leads to is shown by that story.
    """

    def __init__(self, *, required: bool = True, help_text: Any = "", **options: Any) -> None:
        super().__init__(required=required, help_text=help_text, **options)
        self.field = _AddressField(required=required, help_text=help_text)

    def extract_references(self, value: Any) -> Iterator[tuple[Any, str, str, str]]:
        number = number_in(without_host(url=str(value or "")))
        if number is not None:
            yield get_document_model(), str(number), "", ""


# An address is stored as any other: the history of the tables needs no class of ours.
DECONSTRUCT_ALIASES = {SourceAddressBlock: "wagtail.blocks.URLBlock"}
