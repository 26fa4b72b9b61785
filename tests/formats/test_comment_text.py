"""The HTML of comments as Markdown, read back by the parser that will render it."""

import html as entities

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from broadsheet.formats.api import comment_text, plain_text

# Both ways in which a site may have set it up.
RENDERERS = (
    MarkdownIt("commonmark", {"html": False}),
    MarkdownIt("js-default", {"html": False}).disable("table"),
)


def shown(markdown: str) -> list[str]:
    """The text that readers see, without regard to white space."""
    return ["".join(plain_text(md.render(markdown)).split()) for md in RENDERERS]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("<p><br></p>", ""),
        ("One.\n\nTwo,\nthree.", "One.\n\nTwo,\\\nthree."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<b>a</b> <strong><em>b</em></strong> <i>c</i>", "**a _b_** _c_"),
        ('<a href="https://o.example/" rel="nofollow">here</a>', "[here](https://o.example/)"),
        ('<a href="https://o.example/(x)">here</a>', "[here](<https://o.example/(x)>)"),
        ('<a href="https://o.example/">https://o.example/</a>', "<https://o.example/>"),
        ('<a href="javascript:x()">here</a>', "here"),
        ("see https://o.example/a_b_c.", "see <https://o.example/a_b_c>."),
        ("<blockquote>Aye\n\nor no</blockquote>Aye.", "> Aye\n>\n> or no\n\nAye."),
        (
            "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><ul><li>d</li></ul>",
            "- a\n- b\n  1. c\n\n+ d",
        ),
        ("<code>a`b</code>", "``a`b``"),
        ("<pre>x\n  y</pre>", "```\nx\n  y\n```"),
        ("<h2>Ahoy</h2>there", "**Ahoy**\n\nthere"),
        ('[spoiler title="The end"]He <b>sails</b>[/spoiler]', "**The end**\n\n> He **sails**"),
        ("[sic] [gallery ids=1]", "\\[sic\\] \\[gallery ids=1\\]"),
        ("<img src='https://o.example/a.png' alt='fog'>", "[fog](https://o.example/a.png)"),
        ("snake_case _x_ 2*3*4 1. a", "snake_case \\_x\\_ 2\\*3\\*4 1. a"),
        ("# a\n- b\n1. c\n> d\n===\n+ e", "\\# a\\\n\\- b\\\n1\\. c\\\n\\> d\\\n\\===\\\n\\+ e"),
        ("&amp;amp; &lt;b&gt; <script>x()</script>", "\\&amp; \\<b\\>"),
        ("<span class='mention'>@Wren</span> aye", "@Wren aye"),
    ],
)
def test_markdown(html: str, markdown: str) -> None:
    assert comment_text(html) == markdown


def test_a_renderer_that_keeps_newlines() -> None:
    assert comment_text("One,\ntwo.", line_break="\n") == "One,\ntwo."
    html = 'See https://a.example/x or <a href="https://a.example/y">https://a.example/y</a>.'
    assert comment_text(html) == "See <https://a.example/x> or <https://a.example/y>."
    assert comment_text(html, autolinks=False) == (
        "See https://a.example/x or [https://a.example/y](https://a.example/y)."
    )


def test_relative_links_take_the_site() -> None:
    html = '<a href="/late/">here</a>'
    assert comment_text(html, base_url="https://post.example") == (
        "[here](https://post.example/late/)"
    )


@given(st.text(max_size=60) | st.text("*_`~[]()<>#+-=.!&|\\ \n\t1a:;€“", max_size=40))
@example("*")
@example("1) a")
@example("a\n---")
@example("https://o.example/**a**")
@example("```\na")
@example("![a](b)")
@example("&#42;a&#42;")
def test_text_looks_the_same(text: str) -> None:
    escaped = entities.escape(text)
    expected = "".join(plain_text(escaped).split())
    for seen in shown(comment_text(escaped)):
        assert seen == expected


INLINE = st.recursive(
    st.text("ab *_`([.€“ ", min_size=1, max_size=4).map(entities.escape),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "em", "code", "s", 'a href="https://o.example/"', "span"]),
        st.lists(inner, max_size=4).map("".join),
    ).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0].split()[0]}>"),
    max_leaves=8,
)
BLOCKS = st.recursive(
    st.lists(INLINE, min_size=1, max_size=4).map("".join),
    lambda inner: st.tuples(
        st.sampled_from(["p", "blockquote", "ul", "li", "div"]),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
    max_leaves=6,
)


@given(BLOCKS)
@example("<code>[<b>[</b></code>a")
@example("a<b>[<i>[</i></b><i>[</i>")
def test_formatted_text_looks_the_same(html: str) -> None:
    expected = "".join(plain_text(html).split())
    for seen in shown(comment_text(html)):
        assert seen == expected
