"""The forms of the desk's gift pages: the shape of what is typed; the rules are funding's."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from broadsheet.funding.api import MAX_STEPS, CalendarMonth, Step
from broadsheet.kit.ids import new_token
from broadsheet.kit.locales import locale_of
from broadsheet.kit.money import Money, MoneyError, parse_amount

REFUND: Final = "refund"
CORRECTION: Final = "correction"


class MoneyField(forms.CharField):
    """An amount as people of the site's language type it; cleans to Money, or None when empty."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, currency=self.currency, locale=language())
        except MoneyError as error:
            example = typed(Money(123450, self.currency))
            raise forms.ValidationError(
                _("Enter an amount in %(currency)s, such as %(example)s."),
                params={"currency": self.currency, "example": example},
            ) from error


def language() -> str:
    """Return the language in force, in which figures are typed and written."""
    return get_language() or str(settings.LANGUAGE_CODE)


def typed(amount: Money) -> str:
    """Write an amount as it would be typed into a MoneyField."""
    return str(format_decimal(amount.major, locale=locale_of(language())))


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class KeyedForm(forms.Form):
    """A form whose own token makes that sending it twice books once."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": new_token()} | (initial or {}))


class GiftForm(KeyedForm):
    method = forms.ChoiceField(
        label=_("How it came"),
        choices=[("bank", _("Bank transfer")), ("cash", _("Cash"))],
        widget=forms.RadioSelect,
    )
    day = day_field(
        _("Date received"), help_text=_("The day it came in: it decides the month of the meter.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only staff read this. The public books show the date and the amount."),
    )
    field_order = ("amount", "method", "day", "note", "key")

    def __init__(self, data: Any = None, *, currency: str, today: date) -> None:
        super().__init__(data, initial={"day": today})
        self.fields["amount"] = MoneyField(currency=currency, label=_("Amount"))
        self.order_fields(self.field_order)


class FeeForm(KeyedForm):
    """What the bank kept of the gifts: shown beside the meter, never taken off it."""

    day = day_field(_("Date charged"))
    reason = forms.CharField(
        label=_("What for"), max_length=1000, help_text=_("Only staff read this.")
    )
    field_order = ("amount", "day", "reason", "key")

    def __init__(self, data: Any = None, *, currency: str, today: date) -> None:
        super().__init__(data, initial={"day": today})
        self.fields["amount"] = MoneyField(currency=currency, label=_("Amount"))
        self.order_fields(self.field_order)


class DescribeForm(forms.Form):
    title = forms.CharField(label=_("Name of the campaign"), max_length=200)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_(
            "Such as Europe/Berlin: a month begins at midnight there. Months that have been opened "
            "keep their bounds."
        ),
    )


class GiveBackForm(KeyedForm):
    what = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (REFUND, _("Money was sent back: it counts in the month in which it went")),
            (CORRECTION, _("It was entered wrongly: the month of the gift is put right")),
        ],
        widget=forms.RadioSelect,
    )
    day = day_field(_("Date sent back"), required=False, help_text=_("For money sent back."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only staff read this."),
    )
    field_order = ("what", "amount", "day", "reason", "key")

    def __init__(self, data: Any = None, *, rest: Money, today: date) -> None:
        super().__init__(data, initial={"day": today, "amount": typed(rest)})
        self.fields["amount"] = MoneyField(currency=rest.currency, label=_("Amount to take off"))
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what") == REFUND and "day" in cleaned and cleaned["day"] is None:
            self.add_error("day", _("Enter the day on which the money went back."))
        return cleaned


class PlanForm(forms.Form):
    """Goal and steps of the present month or the next."""

    def __init__(
        self,
        data: Any = None,
        *,
        currency: str,
        months: Sequence[tuple[CalendarMonth, str]],
        chosen: CalendarMonth,
        goal: Money | None = None,
        steps: Sequence[tuple[Money, str]] = (),
    ) -> None:
        initial: dict[str, Any] = {"month": str(chosen)}
        if goal is not None:
            initial["goal"] = typed(goal)
        for number, (amount, label) in enumerate(steps):
            initial |= {f"amount_{number}": typed(amount), f"label_{number}": label}
        super().__init__(data, initial=initial)
        self.fields["month"] = forms.ChoiceField(
            label=_("Month"), choices=[(str(month), name) for month, name in months]
        )
        self.fields["goal"] = MoneyField(currency=currency, label=_("Goal"))
        for number in range(MAX_STEPS):
            self.fields[f"amount_{number}"] = MoneyField(
                currency=currency,
                required=False,
                label=_("Step %(number)s: amount") % {"number": number + 1},
            )
            self.fields[f"label_{number}"] = forms.CharField(
                required=False,
                max_length=200,
                label=_("Step %(number)s: what it pays for") % {"number": number + 1},
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(MAX_STEPS):
            if cleaned.get(f"label_{number}") and not cleaned.get(f"amount_{number}"):
                self.add_error(f"amount_{number}", _("Enter the amount of this step."))
        return cleaned

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were filled in, the smallest first."""
        filled = [
            Step(amount, self.cleaned_data.get(f"label_{number}", ""))
            for number in range(MAX_STEPS)
            if (amount := self.cleaned_data.get(f"amount_{number}")) is not None
        ]
        return tuple(sorted(filled, key=lambda step: step.amount.minor))


class HowForm(forms.Form):
    text = forms.CharField(
        label=_("How to give"),
        required=False,
        max_length=5000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Shown on the support page: the bank account, what to write as reference, where cash "
            "is taken. Plain text; an empty line begins a new paragraph."
        ),
    )


class StartForm(HowForm):
    """What a newsroom without a campaign needs in order to begin."""

    field_order = ("goal", "text")

    def __init__(self, data: Any = None, *, currency: str) -> None:
        super().__init__(data)
        self.fields["goal"] = MoneyField(currency=currency, label=_("Goal of a month"))
        self.order_fields(self.field_order)
