"""Killed anywhere, an import goes on where it ended, and ends where it would have ended."""

from collections.abc import Iterator
from typing import Any

import pytest

from formats.wxr_text import comment, export, item, meta
from importing.conftest import Importer
from importing.reading import comments, row_counts
from importing.test_documents import MINUTES, PDF, file
from importing.test_pictures import PIER, attachment, jpeg


class Killed(BaseException):
    """As a process ends: nothing catches it."""


def paper() -> str:
    """Return stories that answer each other's order: pages before parents, pictures, threads."""
    posts = [
        item(
            f"<content:encoded><![CDATA[Text {n}. <img src='{PIER}'/>"
            f" <a href='{MINUTES}'>Minutes</a>]]></content:encoded>",
            meta("postmeta", [("_thumbnail_id", "900")]),
            *(
                comment(comment_id=str(100 * n + at), comment_parent=str(100 * n + at + 1))
                for at in range(1, 5)
            ),
            comment(comment_id=str(100 * n + 5)),
            post_id=str(n),
            title=f"Story {n}",
            post_name=f"story-{n}",
            post_date_gmt="2025-03-01 08:00:00",
        )
        for n in range(1, 4)
    ]
    pages = [
        item(post_type="page", post_id=str(n), post_parent=str(n + 1), title=f"Page {n}")
        for n in (50, 51)
    ]
    return export(*pages, *posts, attachment(number="900"), file(MINUTES, "901"))


def places() -> Iterator[tuple[Any, str]]:
    """Yield every place at which something is about to be written."""
    from broadsheet.discussion import api as discussion
    from broadsheet.importing.idmap import IdMap
    from broadsheet.stories import api as stories

    yield IdMap, "put"
    yield discussion, "import_comment"
    yield stories, "open_discussion"
    yield stories, "make_renditions"


@pytest.mark.parametrize(
    ("name", "nth"),
    [
        *(("put", nth) for nth in (1, 4, 5, 8)),
        *(("import_comment", nth) for nth in (1, 7)),
        *(("open_discussion", 3), ("make_renditions", 1)),
    ],
)
def test_goes_on_after_a_kill(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, name: str, nth: int
) -> None:
    uploads = importer.folder / "uploads/2025/03"
    uploads.mkdir(parents=True)
    (uploads / "pier.jpg").write_bytes(jpeg())
    (uploads / "minutes.pdf").write_bytes(PDF)
    media = importer.folder / "uploads"
    (owner,) = [owner for owner, found in places() if found == name]
    original, calls = getattr(owner, name), 0

    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise Killed
        return original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, dying)
        try:
            importer.bring(paper(), media=media)
        except Killed:
            pass
        else:
            assert calls < nth
    importer.bring(paper(), media=media)
    counts = row_counts()
    assert counts["stories.StoryPage"] == 3
    assert counts["stories.TextPage"] == 2
    assert counts["stories.NewsImage"] == counts["stories.NewsDocument"] == 1
    assert counts["discussion.Comment"] == 15
    assert comments().filter(depth=4).count() == 3
    before = row_counts()
    importer.bring(paper(), media=media)
    assert row_counts() == before
