from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from broadsheet.kit.lookalikes import looks_like_one_of
from broadsheet.readers.models import User
from broadsheet.readers.staff import staff_names


class NameForm(forms.Form):
    """What a new reader is asked beside the e-mail: the name that stands over their comments."""

    name = forms.CharField(
        label=_("Name shown with your comments"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 - allauth's call
        """Keep the name; allauth calls this once the account exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])

    def clean_name(self) -> Any:
        name = " ".join(self.cleaned_data["name"].split())
        if looks_like_one_of(name, staff_names()):
            raise forms.ValidationError(
                _("This name looks like that of somebody who works here. Choose another one.")
            )
        return name
