"""Amounts of money: whole minor units and an ISO 4217 code, never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import NumberFormatError as _NumberFormatError
from babel.numbers import UnknownCurrencyError as _UnknownCurrencyError
from babel.numbers import (
    format_currency,
    get_currency_precision,
    parse_decimal,
    validate_currency,
)

from broadsheet.kit.locales import locale_of

# A 64-bit column holds nine times this.
LARGEST = 10**18


class MoneyError(ValueError):
    """An amount or a currency that cannot be read; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units (cents, or whole yen) of `currency`."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in units people write, such as 10.50."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def format(self, *, locale: str, whole: bool = False) -> str:
        """Write the amount as readers of `locale` do; `whole` drops a fraction that is zero."""
        parsed = locale_of(locale)
        value = self.major
        if whole and value == value.to_integral_value():
            bare = re.sub(r"0\.0+", "0", parsed.currency_formats["standard"].pattern)
            text = format_currency(
                value, self.currency, format=bare, locale=parsed, currency_digits=False
            )
        else:
            text = format_currency(value, self.currency, locale=parsed)
        if parsed.text_direction == "rtl":
            # Else the sign of US$ is drawn before its letters, at the end of a line from the right.
            text = text.replace("$", "$\N{LEFT-TO-RIGHT MARK}")
        return text

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise MoneyError(f"cannot add {other.currency} to {self.currency}")


def exponent(currency: str) -> int:
    """Return how many decimals `currency` has (ISO 4217 by way of CLDR): 2 for EUR, 0 for JPY."""
    try:
        validate_currency(currency)
    except _UnknownCurrencyError as error:
        raise MoneyError(f"{currency!r} is not a currency code of ISO 4217") from error
    return get_currency_precision(currency)


def parse_amount(text: str, *, currency: str, locale: str) -> Money:
    """Read an amount as people of `locale` type it: "10", "10.50", "1,120".

    Raises MoneyError for what is not a number, is beyond all gifts, or has more decimals than the
    currency knows.
    """
    try:
        value = parse_decimal(text.strip(), locale=locale_of(locale), strict=True)
        minor = value.scaleb(exponent(currency))
    except (_NumberFormatError, ArithmeticError) as error:
        raise MoneyError(f"{text.strip()!r} is not an amount of money") from error
    if not minor.is_finite() or abs(minor) > LARGEST:
        raise MoneyError(f"{text.strip()!r} is not an amount of money")
    if minor != minor.to_integral_value():
        raise MoneyError(f"{text.strip()!r} has more decimals than {currency} knows")
    return Money(int(minor), currency)
