"""What is typed on a telephone becomes blocks, and comes back as it was typed."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.stories.field.text import caption_html, caption_text, read, write

QUOTE = (
    "> Nobody rang.\n> Not once.\n— Henrik Moe, hotel owner\n"
    "Source: Papers https://council.example/118"
)


def kinds(text: str) -> list[str]:
    return [block["type"] for block in read(text)]


def test_the_whole_of_it() -> None:
    text = (
        f"First **bold** and *quiet*.\nSame paragraph.\n\n## Then\n\n{QUOTE}\n\n"
        "- one\n- two\n\n1. a\n2. b"
    )
    blocks = read(text)
    assert [block["type"] for block in blocks] == ["paragraph", "heading", "quote", "list", "list"]
    assert blocks[0]["value"] == "<p>First <b>bold</b> and <i>quiet</i>.<br/>Same paragraph.</p>"
    assert blocks[2]["value"] == {
        "text": "<p>Nobody rang.<br/>Not once.</p>",
        "speaker": "Henrik Moe",
        "role": "hotel owner",
        "source_title": "Papers",
        "source_url": "https://council.example/118",
        "said_on": None,
        "reported_by": "",
    }
    assert blocks[3]["value"] == "<ul><li>one</li><li>two</li></ul>"
    assert write(blocks) is not None
    assert [(b["type"], b["value"]) for b in read(write(blocks) or "")] == [
        (b["type"], b["value"]) for b in blocks
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n \n", []),
        ("One line\nanother line\nand a third", ["paragraph"] * 3),
        ("One\n\nTwo\nstill two", ["paragraph", "paragraph"]),
        ("## Heading\nText right below", ["heading", "paragraph"]),
        (f"## {'x' * 201}", ["paragraph"]),
        ("> words only", ["quote"]),
        ("- a\nnot an item", ["paragraph"]),
        ("# one is no heading here", ["paragraph"]),
        ("One\r\n\r\nTwo", ["paragraph", "paragraph"]),
    ],
)
def test_how_a_text_is_cut(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "> <img src=x onerror=alert(1)>\n— <b>x</b>\nSource: javascript:alert(1)",
        "![x](https://elsewhere.example/x.png)",
    ],
)
def test_nothing_hostile_comes_in(text: str) -> None:
    stored = str([block["value"] for block in read(text)])
    for bad in ("<script", "<img", 'href="javascript', "onerror=alert(1)>"):
        assert bad not in stored.replace("&lt;", "<<").replace("<<img", "").replace("<<script", "")
    assert not any(
        block["value"].get("source_url") for block in read(text) if block["type"] == "quote"
    )


def test_a_source_of_ours_is_typed_as_it_is_copied_and_kept_below_the_host(settings: Any) -> None:
    settings.BROADSHEET_URL = "https://post.example"
    text = "> Nobody rang.\nSource: The paper https://post.example/documents/7/options.pdf"
    blocks = read(text)
    assert blocks[0]["value"]["source_url"] == "/documents/7/options.pdf"
    assert write(blocks) == text
    settings.BROADSHEET_URL = "https://moved.example"
    assert "Source: The paper https://moved.example/documents/7/" in (write(blocks) or "")


def test_a_block_that_stays_keeps_its_anchor() -> None:
    before = read(f"One.\n\n{QUOTE}")
    after = read(f"Something new.\n\n{QUOTE}\n\nOne.", before=before)
    assert after[1]["id"] == before[1]["id"]
    assert after[2]["id"] == before[0]["id"]
    assert after[0]["id"] not in {block["id"] for block in before}
    assert len({block["id"] for block in after}) == 3


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "value": {"image": 1}},
        {"type": "paragraph", "value": '<p>See <a linktype="page" id="3">this</a>.</p>'},
        {"type": "paragraph", "value": "<p>x<sup>2</sup></p>"},
        {"type": "paragraph", "value": "<p><code>x</code></p>"},
        {"type": "list", "value": "<ul><li>a<ul><li>b</li></ul></li></ul>"},
        {"type": "table", "value": {}},
        {
            "type": "quote",
            "value": {
                "text": "<p>x</p>",
                "speaker": "",
                "role": "",
                "source_title": "",
                "source_url": "",
                "said_on": "2026-01-01",
            },
        },
    ],
)
def test_what_a_text_cannot_say_is_left_to_the_editor(block: dict[str, Any]) -> None:
    assert write([block]) is None


@given(st.text(max_size=300))
@example("-\n0")
@example("12.\n\t*")
@example("0\n>")
@example("0\n- 0")
@example("0\n1) 0")
@example("-\t\r0")
@example("\\\n• 0")
@example("0\n•\f0")
def test_any_text_is_taken_and_its_words_stay(text: str) -> None:
    check_that_it_stays(text)


# What means something, or looks like it.
SIGNS = ["[", "]", "(", ")", "[]()", "> ", "— ", "\\", "*", "**", "Source: ", "- ", "1. ", "## "]
WORDS = [
    "a",
    "b",
    " ",
    "  ",
    ",",
    "<",
    "&",
    "_",
    "`",
    "https://a.example/x_y",
    "[a](https://b.example)",
]


@given(st.lists(st.sampled_from([*SIGNS, *WORDS, "\n", "\n\n"]), max_size=12).map("".join))
@example(">\n\n**&\n(b_1. ")
@example("[](https://a.example)")
@example("[ ](https://a.example)")
@example("[[]()")
@example("[\\\\]()")
def test_any_signs_are_too(text: str) -> None:
    check_that_it_stays(text)


def check_that_it_stays(text: str) -> None:
    again = write(read(text))
    assert again is not None
    # Once it has been through, it stays as it is.
    assert write(read(again)) == again


@pytest.mark.parametrize(
    "text",
    [
        "Nobody reads []() aloud.",
        "[words]() and [more](elsewhere) and [](https://a.example)",
        "See https://a.example/x and [there](https://a.example/y).",
        "[https://a.example/x](https://a.example/x)",
        ">\n— \\*Henrik\\* Moe, \\hotelier",
        ">\nSource: Papers https://council.example/118",
        "> Nobody rang.\n>\n> Not once.\n— Henrik Moe",
        "> — not a speaker\n\nNext.",
        ">\n\nNext.",
    ],
)
def test_a_draft_is_what_it_was_after_it_was_opened_again(text: str) -> None:
    blocks = read(text)
    again = read(write(blocks) or "", before=blocks)
    assert again == blocks, "with their anchors, too"


def test_a_plain_address_is_typed_and_comes_back_as_such() -> None:
    assert write(read("See https://a.example/x now.")) == "See https://a.example/x now."
    (block,) = read("See [](https://a.example) and [a](javascript:b).")
    assert block["value"] == "<p>See [](https://a.example) and [a](javascript:b).</p>"


def test_captions() -> None:
    assert caption_html("  The <i>boat</i>\n late ") == "<p>The &lt;i&gt;boat&lt;/i&gt; late</p>"
    assert caption_text(caption_html("A & b < c")) == "A & b < c"
    assert caption_html("  ") == ""
    assert caption_text("<p>The <i>boat</i></p>") is None
