import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.chain import GENESIS, digest, link

payloads = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=5)


@given(st.lists(payloads, min_size=1, max_size=6), st.data())
def test_changing_one_row_breaks_every_later_link(
    rows: list[dict[str, int | str]], data: st.DataObject
) -> None:
    def heads(of: list[dict[str, int | str]]) -> list[bytes]:
        found, head = [], GENESIS
        for row in of:
            head = link(previous=head, payload=row)
            found.append(head)
        return found

    changed = data.draw(st.integers(0, len(rows) - 1))
    other = [*rows]
    other[changed] = {**rows[changed], "added afterwards": 1}
    before, after = heads(rows), heads(other)
    assert before[:changed] == after[:changed]
    assert all(a != b for a, b in zip(before[changed:], after[changed:], strict=True))


def test_the_order_of_keys_does_not_matter_and_a_short_head_is_refused() -> None:
    one = link(previous=GENESIS, payload={"a": 1, "b": "ü"})
    assert one == link(previous=GENESIS, payload={"b": "ü", "a": 1})
    with pytest.raises(ValueError, match="32 bytes"):
        link(previous=b"", payload={})
    assert digest("x") != digest("y")
