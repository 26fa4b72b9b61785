"""What says that a piece of a page is in another language than what is around it."""

from django import template
from django.utils.html import format_html

from broadsheet.kit.locales import direction_of

register = template.Library()


@register.simple_tag
def in_language(code: str, around: str) -> str:
    """Write ` lang` where it differs from that around, and ` dir` where that differs too."""
    if not code or code == around:
        return ""
    return format_html(' lang="{}"{}', code, turned(code, around))


@register.simple_tag
def turned(code: str, around: str) -> str:
    """Write ` dir` where a language runs the other way than the one around it."""
    direction = direction_of(code)
    if not code or direction == direction_of(around):
        return ""
    return format_html(' dir="{}"', direction)
