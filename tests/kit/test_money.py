import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.money import Money, MoneyError, exponent, parse_amount


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "whole", "shown"),
    [
        (112_000, "USD", "en", True, "$1,120"),
        (112_050, "USD", "en", True, "$1,120.50"),
        (112_000, "USD", "en", False, "$1,120.00"),
        (112_000, "EUR", "de", True, "1.120\xa0€"),
        (112_000, "EUR", "de", False, "1.120,00\xa0€"),
        (1_120, "JPY", "ja", True, "￥1,120"),
        (1_120_000, "KWD", "en", False, "KWD1,120.000"),
        (-500, "USD", "en", False, "-$5.00"),
        # Each sign stays with its letters, whichever way the line runs.
        (112_000, "USD", "ar", True, "\u200f1,120\xa0US$\u200e"),
    ],
)
def test_an_amount_is_written_as_the_locale_writes_it(
    minor: int, currency: str, locale: str, whole: bool, shown: str
) -> None:
    assert Money(minor, currency).format(locale=locale, whole=whole) == shown


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("10", "USD", "en", 1000),
        (" 1,120.50 ", "USD", "en", 112_050),
        ("1.120,50", "EUR", "de", 112_050),
        ("1120", "JPY", "ja", 1120),
        ("-3", "USD", "en", -300),
    ],
)
def test_an_amount_is_read_as_people_type_it(
    text: str, currency: str, locale: str, minor: int
) -> None:
    assert parse_amount(text, currency=currency, locale=locale) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"),
        ("ten", "USD"),
        ("1.005", "USD"),
        ("1.5", "JPY"),
        ("NaN", "USD"),
        ("1e999", "USD"),
    ],
)
def test_what_is_no_amount_is_refused_by_name(text: str, currency: str) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_amount(text, currency=currency, locale="en")
    assert repr(text) in str(caught.value)


def test_currencies_do_not_mix_and_must_exist() -> None:
    with pytest.raises(MoneyError, match="cannot add EUR to USD"):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(MoneyError, match="'XQQ' is not a currency"):
        exponent("XQQ")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
def test_what_is_written_in_full_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert parse_amount(str(money.major), currency=currency, locale="en") == money
