import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.formats.api import PhpSerializeError, PhpValue, php_loads
from broadsheet.formats.php_serialize import MAX_BYTES, MAX_DEPTH, MAX_VALUES

INTEGERS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
SCALARS = st.none() | st.booleans() | INTEGERS | st.text() | st.floats(allow_nan=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.dictionaries(INTEGERS | st.text(), inner, max_size=4), max_leaves=12
)


def dumps(value: PhpValue) -> str:
    """What PHP would write; strings are measured in bytes."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{int(value)};"
        case int():
            return f"i:{value};"
        case float():
            return f"d:{str(value).replace('inf', 'INF')};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
        case _:
            inside = "".join(dumps(key) + dumps(inner) for key, inner in value.items())
            return f"a:{len(value)}:{{{inside}}}"


@given(VALUES)
def test_what_php_writes_is_read(value: PhpValue) -> None:
    assert php_loads(dumps(value)) == value


@given(st.text() | st.text('aisdbNO:;{}"0123456789-.', max_size=40))
def test_anything_else_is_an_error_and_nothing_worse(text: str) -> None:
    with suppress(PhpSerializeError):
        php_loads(text)


@given(VALUES, st.data())
def test_a_cut_value_is_an_error(value: PhpValue, data: st.DataObject) -> None:
    whole = dumps(value)
    cut = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    with pytest.raises(PhpSerializeError):
        php_loads(whole[:cut])


def test_nan() -> None:
    value = php_loads("d:NAN;")
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "text",
    [
        'O:8:"stdClass":0:{}',
        'C:11:"ArrayObject":0:{}',
        "a:2:{i:0;a:0:{}i:1;R:2;}",
        'E:5:"Foo:A";',
        's:5:"four";',
        's:-1:"";',
        's:99999999999999999999:"";',
        's:1:"é";',
        "a:1:{i:0;}",
        "a:99999999:{}",
        "a:1:{d:1.5;i:1;}",
        "a:1:{b:1;i:1;}",
        "i:1_0;",
        "i:٣;",
        "d:1_0;",
        "b:2;",
        "i:1;i:2;",
        "",
        "\ud800",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(PhpSerializeError):
        php_loads(text)


def test_bounds() -> None:
    with pytest.raises(PhpSerializeError, match="longer"):
        php_loads(f's:{MAX_BYTES}:"{"x" * MAX_BYTES}";')
    with pytest.raises(PhpSerializeError, match="deep"):
        php_loads("a:1:{i:0;" * (MAX_DEPTH + 1) + "N;" + "}" * (MAX_DEPTH + 1))
    with pytest.raises(PhpSerializeError, match="too many"):
        php_loads(f"a:{MAX_VALUES}:{{{'i:0;N;' * MAX_VALUES}}}")
