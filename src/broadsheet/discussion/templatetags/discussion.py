"""How people, reasons and the list of comments are written in the discussion's templates."""

from django import template

from broadsheet.discussion.comments.shown import ShownComment, ThreadFacts
from broadsheet.discussion.http import fragment, wording
from broadsheet.kit.html import SafeHtml

register = template.Library()

register.filter("signed", wording.name_of)
register.filter("because", wording.rule_sentence)


@register.simple_tag
def comment_items(
    comments: tuple[ShownComment, ...],
    thread: ThreadFacts,
    focus: int | None = None,
    sort: str = "",
    show: str = "",
) -> SafeHtml:
    """Draw the items of `ol.thread`."""
    return fragment.draw(comments, thread=thread, focus=focus, sort=sort, scattered=bool(show))
