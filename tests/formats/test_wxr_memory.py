"""Memory does not grow with the file."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadsheet.formats.api import Finished, read_wxr
from formats.wxr_text import HEAD, TAIL, comment, item

MEGABYTE = 1024 * 1024


def one_long_thread(size: int) -> Iterator[bytes]:
    """One story, and comments until there are ``size`` bytes."""
    yield HEAD.format(version="1.2", scheme="http").encode()
    yield item().removesuffix("</item>").encode()
    said = comment(("wpdiscuz_votes", "3"), comment_content="Ahoy. " * 500).encode()
    for _ in range(size // len(said)):
        yield said
    yield f"</item>{TAIL}".encode()


def many_stories(size: int) -> Iterator[bytes]:
    yield HEAD.format(version="1.2", scheme="http").encode()
    body = f"<content:encoded><![CDATA[{'Late. ' * 1000}]]></content:encoded>"
    story = item(body, comment(), comment()).encode()
    for _ in range(size // len(story)):
        yield story
    yield TAIL.encode()


@pytest.mark.deep
@pytest.mark.parametrize("make", [one_long_thread, many_stories])
def test_fifty_megabytes_in_little_memory(
    make: Callable[[int], Iterator[bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "export.xml"
    with path.open("wb") as file:
        file.writelines(make(50 * MEGABYTE))
    tracemalloc.start()
    try:
        last = None
        for event in read_wxr(path):
            last = event
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(last, Finished)
    assert last.comments > 1000
    assert peak < 20 * MEGABYTE
