"""Exports of an invented paper, written by hand from what the format says."""

from collections.abc import Iterable
from io import BytesIO

from broadsheet.formats.api import Event, read_wxr_stream

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="{scheme}://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="{scheme}://wordpress.org/export/{version}/">
<channel><title>The Harbour Post</title><link>https://post.example</link>
<language>en-GB</language><wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>https://network.example</wp:base_site_url>
<wp:base_blog_url>https://post.example</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"


def export(*parts: str, version: str = "1.2", scheme: str = "http") -> str:
    return HEAD.format(version=version, scheme=scheme) + "\n".join(parts) + TAIL


def fields(**values: str) -> str:
    return "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in values.items())


def meta(kind: str, values: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<wp:{kind}>{fields(meta_key=key, meta_value=value)}</wp:{kind}>" for key, value in values
    )


def item(*inside: str, title: str = "Ferry late again", **values: str) -> str:
    filled = {"post_id": "7", "post_type": "post", "status": "publish", **values}
    return f"<item><title>{title}</title>{fields(**filled)}{''.join(inside)}</item>"


def comment(*metas: tuple[str, str], **values: str) -> str:
    filled = {
        "comment_id": "1",
        "comment_author": "Wren",
        "comment_date": "2025-03-01 10:00:00",
        "comment_date_gmt": "2025-03-01 09:00:00",
        "comment_content": "So it is.",
        "comment_approved": "1",
        "comment_type": "comment",
        "comment_parent": "0",
        "comment_user_id": "0",
        **values,
    }
    return f"<wp:comment>{fields(**filled)}{meta('commentmeta', metas)}</wp:comment>"


def events(text: str | bytes) -> list[Event]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_wxr_stream(BytesIO(data)))


def only[T](kind: type[T], text: str | bytes) -> list[T]:
    return [event for event in events(text) if isinstance(event, kind)]
