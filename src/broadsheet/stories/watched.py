"""Of what the newsroom publishes, all by one key: lists, menus and related stories show each other.

Drafts are not watched: the editor saves one every few seconds.
"""

from typing import Final

from broadsheet.pagestore.api import Watch

KEY: Final = "stories"
# What the search has found words in; it is written a little after the story.
SEARCH: Final = "search"
_PUBLISHED: Final = (
    "path",
    "title",
    "slug",
    "live",
    "url_path",
    "seo_title",
    "search_description",
    "show_in_menus",
    "first_published_at",
    "last_published_at",
    "content_type_id",
    "locale_id",
)

WATCHED: Final = (
    Watch(table="wagtailcore_page", key=KEY, columns=_PUBLISHED),
    *(
        Watch(table=f"stories_{name}", key=KEY, pk="page_ptr_id")
        for name in ("frontpage", "sectionpage", "storypage", "textpage")
    ),
    *(
        Watch(table=f"stories_{name}", key=KEY)
        for name in (
            "byline",
            "correction",
            "listing",
            "menulink",
            "newsdocument",
            "newsimage",
            "newsrendition",
            "person",
            "publication",
            "relatedstory",
            "series",
            "storytopic",
            "storyversion",
            "topic",
        )
    ),
    *(
        Watch(table=name, key=KEY)
        for name in (
            "wagtailcore_site",
            "wagtailcore_locale",
            "wagtailcore_pageviewrestriction",
            "wagtailcore_collection",
            "wagtailcore_collectionviewrestriction",
            "wagtailembeds_embed",
        )
    ),
    Watch(table="wagtailsearch_indexentry", key=SEARCH),
)
