"""What of a post gets a block of its own: players, pull quotes, plain tables."""

from collections.abc import Callable
from typing import Any

import pytest

from broadsheet.importing.api import Report
from formats.wxr_text import item
from importing.reading import story

type Bring = Callable[..., Report]

PULLED = (
    "<figure class='wp-block-pullquote'><blockquote><p>Nobody <b>rang</b></p>"
    "<cite>Moe</cite></blockquote></figure>"
)
LONG = f"<figure class='wp-block-pullquote'><blockquote>{'x ' * 200}</blockquote></figure>"
FRAME = "<iframe src='https://player.vimeo.com/video/12345?h=1' title='The &lt;ferry'></iframe>"
TABLE = (
    "<table><caption>Ferry</caption><thead><tr><th>Day</th><th>People</th></tr></thead><tbody>"
    '<tr><th>Monday</th><td>1,204</td></tr><tr><th>"Tue"</th><td></td></tr></tbody></table>'
)
PASTED = {
    "caption": "Ferry",
    "cells": 'Day\tPeople\nMonday\t1,204\n"""Tue"""\t',
    "row_headings": True,
    "source_title": "",
    "source_url": "",
}


def post(text: str) -> str:
    body = f"<content:encoded><![CDATA[{text}]]></content:encoded>"
    return item(body, post_name="ferry", post_date_gmt="2025-03-01 08:00:00")


def table(*row: str, head: str = "th", caption: str = "<caption>c</caption>") -> str:
    heads = f"<{head}>a</{head}><{head}>b</{head}>"
    return f"<table>{caption}<tr>{heads}</tr><tr>{''.join(row)}</tr></table>"


@pytest.mark.parametrize(
    ("html", "kind", "value"),
    [
        (
            "https://youtu.be/abcdef12345",
            "embed",
            {"url": "https://youtu.be/abcdef12345", "title": "youtu.be/abcdef12345"},
        ),
        (FRAME, "embed", {"url": "https://vimeo.com/12345", "title": "The <ferry"}),
        ("https://tube.example/1", "paragraph", None),
        ("See https://youtu.be/abcdef12345 too.", "paragraph", None),
        (PULLED, "pull_quote", {"text": "Nobody rang", "speaker": "Moe"}),
        (LONG, "quote", None),
        (TABLE, "table", PASTED),
        # Nothing of a table may be lost: a link, a wide cell, a cell too few, a head, a caption.
        (table("<td><a href='https://a.example/'>1</a></td>", "<td>2</td>"), "html", None),
        (table("<td colspan='2'>1</td>"), "html", None),
        (table("<td>1</td>"), "html", None),
        (table("<td>1</td>", "<td>2</td>", head="td"), "html", None),
        (table("<td>1</td>", "<td>2</td>", caption=""), "html", None),
        (table("<td>1</td>", "<td>2</td>"), "table", None),
    ],
)
def test_what_has_a_block_of_its_own_gets_it(
    bring: Bring, html: str, kind: str, value: dict[str, Any] | None
) -> None:
    bring(post(html))
    found = story("ferry")
    (stored,) = found.body.raw_data
    assert stored["type"] == kind
    assert value is None or stored["value"] == value
    # The desk takes it as it is.
    found.body.stream_block.clean(found.body)
    assert bring(post(html)).outcome("story", "same") == 1
