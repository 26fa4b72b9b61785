"""What stays when there is not room for everything."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pagestore.api import Page, Store

KB = 1024
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def page(kilobytes: int = 10) -> Page:
    return Page(
        content=b"x" * kilobytes * KB,
        headers=[("content-type", "text/html")],
        keys=frozenset(),
        as_of=1,
        until=None,
        modified=NOW,
    )


def test_a_page_is_found_by_its_path_and_query() -> None:
    store = Store(most_bytes=1000 * KB)
    first = page()
    assert store.put(("/", ""), first)
    assert store.get(("/", "")) is first
    assert store.get(("/", "sort=votes")) is None
    store.remove(("/", ""))
    assert (len(store), store.size) == (0, 0)


def test_a_crawler_of_old_pages_does_not_push_out_the_front_page() -> None:
    store = Store(most_bytes=200 * KB)
    store.put(("/", ""), page())
    for _ in range(50):
        store.get(("/", ""))
    for number in range(10_000):
        store.put((f"/old/{number}/", ""), page())
        store.get(("/", ""))
    assert store.get(("/", "")) is not None
    assert store.size <= 200 * KB


def test_what_was_wanted_once_gives_way_in_time() -> None:
    store = Store(most_bytes=60 * KB)
    for number in range(5):
        store.put((f"/last-year/{number}/", ""), page())
        for _ in range(100):
            store.get((f"/last-year/{number}/", ""))
    for _ in range(60):
        store.put(("/today/", ""), page())
        store.get(("/today/", ""))
    assert store.get(("/today/", "")) is not None


def test_a_page_as_large_as_a_quarter_of_the_store_is_not_kept() -> None:
    store = Store(most_bytes=100 * KB)
    assert not store.put(("/", ""), page(30))
    assert store.size == 0


def test_an_encoding_more_is_counted() -> None:
    store = Store(most_bytes=1000 * KB)
    one, gone = page(), page()
    store.put(("/", ""), gone)
    store.put(("/", ""), one)
    before = one.size
    for each in (one, gone):
        each.make("gzip")
        store.grown(("/", ""), each)
    assert store.size == one.size > before
    store.remove(("/", ""))
    assert store.size == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30), st.booleans())))
def test_it_never_holds_more_than_it_may_and_counts_right(
    steps: list[tuple[int, int, bool]],
) -> None:
    store = Store(most_bytes=100 * KB)
    for number, kilobytes, asked in steps:
        key = (f"/{number}/", "")
        if asked:
            store.get(key)
        else:
            store.put(key, page(kilobytes))
        held = [store.get(each) for each in list(store)]
        assert store.size == sum(each.size for each in held if each) <= 100 * KB
