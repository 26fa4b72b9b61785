"""The door for posts: HTML in, blocks out."""

from dataclasses import replace

from broadsheet.formats.wordpress_html import media, safe, texts
from broadsheet.formats.wordpress_html.blocks import (
    Block,
    Heading,
    Image,
    InlineFeedback,
    ListBlock,
    Paragraph,
    Quote,
    StoryContent,
)
from broadsheet.formats.wordpress_html.runs import PLAIN
from broadsheet.formats.wordpress_html.tree import parse
from broadsheet.formats.wordpress_html.walker import Context, Walker

_HANDLERS = {**texts.HANDLERS, **media.HANDLERS}
# The block editor's mark. WordPress makes no paragraphs of newlines in posts that have one.
_BLOCK_MARK = "<!-- wp:"


def story_content(html: str, *, base_url: str = "") -> StoryContent:
    """Return a post of the classic or the block editor as blocks.

    ``base_url`` is the address of the site, for relative links; without it they are removed.
    Never raises; time grows with the length. All HTML in the answer is sanitised and stays the
    same when sanitised again. Nothing that a reader of the old site saw as text is lost.
    """
    context = Context(base_url=base_url, classic=_BLOCK_MARK not in html)
    walker = Walker(context, _HANDLERS)
    walker.walk(parse(html), PLAIN)
    cleaned = (_cleaned(block) for block in walker.finish())
    blocks = tuple(block for block in cleaned if block is not None)
    return StoryContent(blocks, context.listed(), _placed(context.feedback, blocks))


def _cleaned(block: Block) -> Block | None:
    """Return the block with its HTML through the sanitiser; ``None`` if nothing remains of it."""
    match block:
        case Paragraph(html):
            content = safe.clean(html)
            return Paragraph(content) if content else None
        case Heading(level, html, text):
            return Heading(level, safe.clean(html), text)
        case Image(caption_html=caption):
            return replace(block, caption_html=safe.clean(caption))
        case ListBlock(ordered, html):
            return ListBlock(ordered, safe.clean(html, tags=safe.LISTS))
        case Quote(html=html):
            return replace(block, html=safe.clean(html, tags=safe.QUOTES))
        case _:  # kept HTML was cleaned when it was written; attached images have none
            return block


def _placed(
    feedback: list[InlineFeedback], blocks: tuple[Block, ...]
) -> tuple[InlineFeedback, ...]:
    """Inline questions with the block that holds their phrase; both are in the text's order."""
    if not feedback:
        return ()
    plain = [texts.plain_text(getattr(block, "html", "")) for block in blocks]
    placed: list[InlineFeedback] = []
    start = 0
    for question in feedback:
        found = next((at for at in range(start, len(plain)) if question.text in plain[at]), -1)
        start = max(found, start)
        placed.append(replace(question, block=found if question.text else -1))
    return tuple(placed)
