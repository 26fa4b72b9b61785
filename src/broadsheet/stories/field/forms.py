"""The shape of what is filed: lengths are those of the tables."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.images.fields import WagtailImageField

from broadsheet.stories.field.operations import Filed


class FilingForm(forms.Form):
    headline = forms.CharField(label=gettext_lazy("Headline"), max_length=255)
    standfirst = forms.CharField(
        label=gettext_lazy("Standfirst"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=gettext_lazy("Story"),
        max_length=200_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    photo = WagtailImageField(label=gettext_lazy("Choose a photo"), required=False)
    alt = forms.CharField(
        label=gettext_lazy("What is to be seen (alternative text)"), max_length=400, required=False
    )
    credit = forms.CharField(
        label=gettext_lazy("Who took it (credit)"), max_length=200, required=False
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget = forms.FileInput(attrs={"accept": "image/*"})
        for field in self.fields.values():
            if not isinstance(field.widget, forms.FileInput):
                field.widget.attrs |= {"class": "in", "dir": "auto"}

    @property
    def filed(self) -> Filed:
        return Filed(**self.cleaned_data)
