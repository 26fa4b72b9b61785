"""The forms of the desk's page "Site": the shape of what is typed; the rules are stories'."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from broadsheet.kit.colour import ColourError, parse_colour
from broadsheet.kit.locales import is_spoken, locale_of
from broadsheet.stories import api as stories

EXTRA_ROWS: Final = 3
MAX_ROWS: Final = 12

type Choices = Sequence[tuple[str, str]]


class FaceForm(forms.Form):
    """What only owners change. `defaults` is what is in force where a field stays empty."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    tagline = forms.CharField(
        label=_("Tagline"),
        max_length=160,
        required=False,
        help_text=_("A line under the name, such as the place you report from."),
    )
    logo = forms.ModelChoiceField(
        label=_("Logo"),
        queryset=stories.NewsImage.objects.all(),
        widget=AdminImageChooser,
        required=False,
        help_text=_("Stands in place of the name. It must be seen on white and on black paper."),
    )
    accent = forms.CharField(
        label=_("Accent colour"),
        max_length=20,
        required=False,
        help_text=_(
            "As #rrggbb. It is made darker or lighter where it could not be read on the page. "
            "Empty: the ink of the text."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    footer = forms.CharField(
        label=_("Footer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Plain text at the end of every page, such as who publishes it."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_(
            "Of menus, buttons, dates and figures, for everybody. What you write yourself is not "
            "translated."
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_(
            "Times are shown in it. A campaign keeps the zone that it was started in: its "
            "months' bounds are fixed."
        ),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), required=False, help_text=_("Of the meter and its books.")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any], defaults: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["name"].help_text = _("Empty: %(name)s.") % {"name": defaults.name}
        for field, choices, default in (
            ("language", _languages(defaults.language), _language_name(defaults.language)),
            ("time_zone", _zones(), defaults.time_zone),
            ("currency", _currencies(), defaults.currency),
        ):
            empty = _("As in broadsheet.toml: %(value)s") % {"value": default}
            listed = [("", empty), *choices]
            kept = str(initial.get(field) or "")
            if kept and not _is_listed(kept, listed):
                # Set by hand, or of another day's list: not lost by opening the page.
                listed.append((kept, kept))
            self.fields[field] = _with_choices(self.fields[field], listed)

    def clean_accent(self) -> str:
        typed: str = self.cleaned_data["accent"]
        if not typed:
            return ""
        try:
            return parse_colour(typed)
        except ColourError as error:
            raise forms.ValidationError(
                _("Enter a colour as #rrggbb, such as #a3241b."), code="colour"
            ) from error


class LinkForm(forms.Form):
    """A link of the menu or the footer; all empty, it is no link."""

    label = forms.CharField(label=_("Label"), max_length=60, required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    url = forms.CharField(label=_("or address"), max_length=500, required=False)

    def __init__(self, *args: Any, sections: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = dict(sections)
        field = self.fields["section"]
        self.fields["section"] = _with_choices(field, [("", "—"), *sections])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        label, section, url = (cleaned.get(name, "") for name in ("label", "section", "url"))
        if section and url:
            self.add_error("url", _("Choose a section or enter an address, not both."))
        elif section:
            cleaned["label"] = label or self._sections[section][:60]
            cleaned["url"] = section
        elif url and not stories.leads_somewhere(url=url):
            self.add_error(
                "url",
                _("Enter a page of this site, such as /about/, or a whole address: https://…"),
            )
        elif url and not label:
            self.add_error("label", _("Enter the words of this link."))
        elif label and not url and "url" not in self.errors:
            self.add_error("url", _("Choose a section or enter an address."))
        return cleaned

    @property
    def row(self) -> stories.MenuRow | None:
        """The link that was asked for, or None for an empty row."""
        url = self.cleaned_data.get("url", "")
        return stories.MenuRow(self.cleaned_data["label"], url) if url else None


_LinkFormSet = forms.formset_factory(
    LinkForm, extra=EXTRA_ROWS, max_num=MAX_ROWS, validate_max=True, can_order=True
)


def link_forms(
    data: Any, *, prefix: str, rows: Iterable[stories.MenuRow], sections: Choices
) -> Any:
    """Return the rows of a menu as forms, with some empty ones after them."""
    known = dict(sections)
    initial = [
        {
            "label": row.label,
            "section": row.url if row.url in known else "",
            "url": "" if row.url in known else row.url,
        }
        for row in rows
    ]
    return _LinkFormSet(data, prefix=prefix, initial=initial, form_kwargs={"sections": sections})


def rows_of(formset: Any) -> tuple[stories.MenuRow, ...]:
    """Return the links of a valid set, in the order of their numbers."""
    return tuple(form.row for form in formset.ordered_forms if form.row is not None)


def _with_choices(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    """Return a field like this one with these choices: a form class is shared by all requests."""
    return forms.ChoiceField(
        label=field.label, required=False, help_text=field.help_text, choices=list(choices)
    )


def _is_listed(value: str, choices: Iterable[tuple[str, Any]]) -> bool:
    return any(
        _is_listed(value, label) if isinstance(label, list) else value == code
        for code, label in choices
    )


def _languages(default: str) -> list[tuple[Any, Choices]]:
    """Every language that Django has a name for, by its own name: first those that we speak."""
    codes = sorted(code for code, info in LANG_INFO.items() if "name_local" in info)
    named = sorted(
        ((code, _language_name(code)) for code in codes), key=lambda choice: choice[1].casefold()
    )
    spoken = [choice for choice in named if _is_spoken(choice[0])]
    # Django takes what a language has no word for from the one of the file.
    rest = get_language_info(default)["name_local"] if _is_spoken(default) else "English"
    return [
        (_("Broadsheet speaks these"), spoken),
        (
            _("Dates and figures only; the rest mostly %(language)s") % {"language": rest},
            [choice for choice in named if choice not in spoken],
        ),
    ]


def _is_spoken(code: str) -> bool:
    return is_spoken(code, languages=settings.BROADSHEET_SPEAKS)


def _language_name(code: str) -> str:
    try:
        info = get_language_info(code)
    except KeyError:
        return code
    own, english = info["name_local"], info["name"]
    return f"{own} ({code})" if own == english else f"{own} · {english} ({code})"


def _zones() -> Choices:
    """The zones that are named after a place, and UTC."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and _is_place(zone))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def _is_place(zone: str) -> bool:
    return not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


def _currencies() -> Choices:
    """The currencies that some country pays with today (CLDR), by code."""
    rows = get_global("territory_currencies").values()
    codes = {code for row in rows for code, _begin, end, tender in row if tender and end is None}
    locale = locale_of(get_language() or "en")
    return [(code, f"{code} · {get_currency_name(code, locale=locale)}") for code in sorted(codes)]
