"""How people, reasons and the list of comments are written in the discussion's templates."""

from django import template
from django.urls import reverse

from broadsheet.discussion.comments.shown import ShownComment, ThreadFacts
from broadsheet.discussion.http import (
    assistant_words,
    filter_words,
    fragment,
    log_words,
    pace_words,
    picturing,
    queue_words,
    quoting,
    sanction_words,
    wording,
)
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.quotes.shown import ShownQuote
from broadsheet.kit.html import SafeHtml

register = template.Library()

register.filter("signed", wording.name_of)
register.filter("because", wording.rule_sentence)
register.filter("to_do", wording.verb_words)
register.filter("answers", wording.answers_label)
register.filter("quoted_by", quoting.quoted_by)
register.filter("why_words", queue_words.why_words)
register.filter("named", queue_words.named)
register.filter("concern_words", queue_words.concern_words)
register.filter("count_words", queue_words.count_words)
register.filter("told", queue_words.told)
register.filter("asked_about", queue_words.asked_about)
register.filter("decided_by", queue_words.decided_by)
register.filter("record_words", queue_words.record_words)
register.filter("short", queue_words.short)
register.filter("published_words", queue_words.published_words)
register.filter("claimed_words", queue_words.claimed_words)
register.filter("why_likely", assistant_words.why_likely)
register.filter("one_place", assistant_words.one_place)
register.filter("in_a_hundred", assistant_words.in_a_hundred)
register.filter("slow_words", pace_words.slow_words)
register.filter("duration", pace_words.duration)
register.filter("kind_words", pace_words.kind_words)
register.filter("did_words", pace_words.did_words)
register.filter("limit_words", sanction_words.limit_words)
register.filter("yours_words", sanction_words.yours_words)
register.filter("until_words", sanction_words.until_words)
register.filter("match_words", filter_words.match_words)
register.filter("stopped_words", filter_words.stopped_words)
register.filter("colleague", queue_words.name_of)
register.filter("swept_words", pace_words.swept_words)
register.filter("of_raid", pace_words.of_raid)
register.filter("left_words", pace_words.left_words)
register.filter("action_words", log_words.action_words)
register.filter("reason_words", log_words.reason_words)
register.filter("by_words", log_words.by_words)
register.filter("followed_words", log_words.followed_words)
register.filter("waited_words", log_words.waited_words)
register.filter("shift_words", pace_words.shift_words)


@register.simple_tag
def quote_figure(quote: ShownQuote, thread: ThreadFacts) -> SafeHtml:
    """Draw one quote away from its comment."""
    permalinks = reverse("discussion:comment", args=[1]).removesuffix("1/")
    drawn = quoting.figure(quote, thread=thread, here=frozenset(), permalinks=permalinks)
    return SafeHtml(drawn)


@register.simple_tag
def own_picture(image: ShownImage | None, number: int) -> SafeHtml:
    """Draw the image of a comment for its author and for moderators; nothing where it has none."""
    return SafeHtml(picturing.own_figure(image, number=number) if image else "")


@register.simple_tag
def comment_items(
    comments: tuple[ShownComment, ...],
    thread: ThreadFacts,
    focus: int | None = None,
    sort: str = "",
    show: str = "",
    at: int = 0,
) -> SafeHtml:
    """Draw the items of `ol.thread`."""
    return fragment.draw(
        comments, thread=thread, focus=focus, sort=sort, scattered=bool(show), at=at
    )
