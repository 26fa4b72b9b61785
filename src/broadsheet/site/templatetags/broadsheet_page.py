"""The few things the base template needs beside Django's own tags."""

from django import template
from django.utils.html import conditional_escape

register = template.Library()


@register.filter
def with_publication(title: str, name: str) -> str:
    """Join a page's title, which may be empty, with the publication's name; both come out escaped.

    Used as a block filter: its input was escaped while it was rendered.
    """
    title, name = title.strip(), conditional_escape(name)
    return f"{title} | {name}" if title else name
