"""A thread in the words of schema.org, for search engines that show discussions."""

from collections.abc import Sequence
from typing import Any, Final

from broadsheet.discussion.comments.shown import ShownComment, ThreadPage
from broadsheet.discussion.http.wording import name_of
from broadsheet.kit.html import plain_words

type Node = dict[str, Any]

# A page's structured data repeats its words, and a story's page has to be light: so many of them,
# whole or not at all. `commentCount` says how many there are. Search engines ask that comments are
# nested and their words whole, not that all of them are there: they read the rest on the page.
MOST_COMMENTS: Final = 7
MOST_CHARACTERS: Final = 12_000


def forum_posting(
    page: ThreadPage, *, base_url: str, author: Node, published: str, text: str
) -> Node | None:
    """Return a thread as DiscussionForumPosting, or None while nobody has written.

    The story opened it: `author`, `published` (ISO 8601) and `text` are the story's. Comments are
    nested as they answer each other; those that are not public are not in it.
    """
    url = page.thread.url if "://" in page.thread.url else base_url + page.thread.url
    comments = _nested(page.comments, base_url=base_url)
    if not comments:
        return None
    return {
        "@type": "DiscussionForumPosting",
        "@id": f"{url}#discussion",
        "url": f"{url}#discussion",
        "headline": page.thread.title,
        "text": text or page.thread.title,
        "author": author,
        "datePublished": published,
        "sharedContent": {"@type": "WebPage", "url": url},
        "commentCount": page.comment_count,
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": page.comment_count,
        },
        "comment": comments,
    }


def _nested(comments: Sequence[ShownComment], *, base_url: str) -> list[Node]:
    """Return the first comments, each below what it answers if that is among them."""
    roots: list[Node] = []
    known: dict[int, Node] = {}
    rest = MOST_CHARACTERS
    for comment in comments:
        above = known.get(comment.parent or 0)
        # What answers a stub has no place in the tree, and takes none from another.
        placed = comment.parent is None or above is not None
        if not comment.is_public or not placed or len(known) >= MOST_COMMENTS:
            continue
        node = _comment(comment, base_url=base_url)
        rest -= len(node["text"])
        if rest < 0:
            break
        known[comment.number] = node
        if above is None:
            roots.append(node)
        else:
            above.setdefault("comment", []).append(node)
    return roots


def _comment(comment: ShownComment, *, base_url: str) -> Node:
    url = f"{base_url}/c/{comment.number}/"
    node: Node = {
        "@type": "Comment",
        "@id": url,
        "url": url,
        "text": plain_words(comment.html),
        "datePublished": comment.created_at.isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": name_of(comment.author)},
        "upvoteCount": comment.up,
    }
    if comment.edited_at:
        node["dateModified"] = comment.edited_at.isoformat(timespec="seconds")
    if comment.language:
        node["inLanguage"] = comment.language
    return node
