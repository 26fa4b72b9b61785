"""Which elements are read, and where. Everything that is not named here is passed over."""

import re

# WordPress writes http, its own test data https, and three versions are in use. The URI decides,
# not the prefix: inside an element `wp` may be bound to something else altogether.
_EXPORT = re.compile(r"https?://wordpress\.org/export/\d+(\.\d+)?/")
_EXCERPT = re.compile(r"https?://wordpress\.org/export/\d+(\.\d+)?/excerpt/")
_CONTENT = re.compile(r"https?://purl\.org/rss/1\.0/modules/content/")
_DUBLIN_CORE = re.compile(r"https?://purl\.org/dc/elements/1\.1/")

FIELD = "field"
SKIP = "skip"
RECORDS = frozenset({"author", "category", "tag", "term", "item", "comment", "meta"})


def _fields(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, FIELD)


def _wp_fields(*names: str) -> dict[str, str]:
    return {f"wp:{name}": FIELD for name in names}


# context -> (name of a child -> context of that child)
GRAMMAR: dict[str, dict[str, str]] = {
    "": {"rss": "rss"},
    "rss": {"channel": "channel"},
    "channel": {
        **_fields("title", "link", "description", "language", "generator"),
        **_wp_fields("wxr_version", "base_site_url", "base_blog_url"),
        "wp:author": "author",
        "wp:category": "category",
        "wp:tag": "tag",
        "wp:term": "term",
        "item": "item",
    },
    "author": _wp_fields(
        *("author_id", "author_login", "author_email"),
        *("author_display_name", "author_first_name", "author_last_name"),
    ),
    "category": _wp_fields(
        *("term_id", "category_nicename", "category_parent"),
        *("cat_name", "category_description"),
    ),
    "tag": _wp_fields("term_id", "tag_slug", "tag_name", "tag_description"),
    "term": _wp_fields(
        *("term_id", "term_taxonomy", "term_slug"),
        *("term_parent", "term_name", "term_description"),
    ),
    "item": {
        **_fields("title", "link", "guid", "pubDate", "category"),
        **_fields("dc:creator", "content:encoded", "excerpt:encoded"),
        **_wp_fields(
            *("post_id", "post_date", "post_date_gmt", "post_modified", "post_modified_gmt"),
            *("comment_status", "post_name", "status", "post_parent", "menu_order", "post_type"),
            *("post_password", "is_sticky", "attachment_url"),
        ),
        "wp:postmeta": "meta",
        "wp:comment": "comment",
    },
    "comment": {
        **_wp_fields(
            *("comment_id", "comment_author", "comment_author_email", "comment_author_url"),
            *("comment_author_IP", "comment_date", "comment_date_gmt", "comment_content"),
            *("comment_approved", "comment_type", "comment_parent", "comment_user_id"),
        ),
        "wp:commentmeta": "meta",
    },
    "meta": _wp_fields("meta_key", "meta_value"),
    FIELD: {},
    SKIP: {},
}


def is_export_namespace(uri: str) -> bool:
    """Whether ``uri`` names WordPress's export vocabulary, in any version and either scheme."""
    return _EXPORT.fullmatch(uri) is not None


def prefix_of(uri: str) -> str:
    """Return the prefix under which the grammar knows a namespace; ``?`` for every other one."""
    if not uri:
        return ""
    if is_export_namespace(uri):
        return "wp:"
    if _EXCERPT.fullmatch(uri):
        return "excerpt:"
    if _CONTENT.fullmatch(uri):
        return "content:"
    return "dc:" if _DUBLIN_CORE.fullmatch(uri) else "?"
