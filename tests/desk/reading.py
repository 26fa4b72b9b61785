"""What a page of the desk says."""

from html import unescape
from typing import Any

from django.utils.html import strip_tags


def words(response: Any) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())
