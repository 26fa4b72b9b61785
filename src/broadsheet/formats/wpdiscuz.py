"""What the wpDiscuz plugin adds to WordPress comments and can be found in an export.

Who voted, subscriptions and the inline-feedback forms live in tables that WordPress does not
export; what is here are the sums and flags that it left in each comment's meta.
"""

import re
from dataclasses import dataclass

from broadsheet.formats import php_serialize
from broadsheet.formats.wxr.model import Comment

# wpDiscuz gives a guest without an e-mail address PHP's uniqid() as one. Other addresses at
# example.com are what people typed.
_NO_EMAIL = re.compile(r"[0-9a-f]{13}@example\.com", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VoteTally:
    """Votes for and against a comment, both ≥ 0.

    ``exact`` is false where only the net score is known: 3 for and 1 against then reads 2 : 0.
    """

    up: int
    down: int
    exact: bool


def votes(comment: Comment) -> VoteTally | None:
    """Return the votes that wpDiscuz counted, or ``None`` if it left none.

    ``wpdiscuz_votes_seperate`` (its spelling) is preferred: it has both sides. If it is missing
    or unreadable, the net score of ``wpdiscuz_votes`` counts wholly for one side.
    """
    return _separate(comment.first_meta("wpdiscuz_votes_seperate")) or _net(
        comment.first_meta("wpdiscuz_votes")
    )


def guest_email(email: str) -> str:
    """``email`` without white space; empty where wpDiscuz invented it for a guest without one."""
    stripped = "".join(email.split())
    return "" if _NO_EMAIL.fullmatch(stripped) else stripped


def is_pinned(comment: Comment) -> bool:
    """Whether wpDiscuz showed this comment above all others."""
    return comment.type == "wpdiscuz_sticky"


def is_closed(comment: Comment) -> bool:
    """Whether wpDiscuz let nobody answer this comment any more."""
    return comment.first_meta("wpdiscuz_closed").strip() == "1"


def feedback_form_id(comment: Comment) -> str:
    """Return the number of the inline question that this comment answers, or empty.

    It is a row number of a table that is not exported; the shortcode in the post carries another
    id. Within a post, distinct numbers in ascending order belong, as a guess, to its shortcodes
    in the order of the text.
    """
    return comment.first_meta("wpdiscuz_feedback_form_id").strip()


def _separate(text: str) -> VoteTally | None:
    if not text:
        return None
    try:
        value = php_serialize.loads(text)
    except php_serialize.PhpSerializeError:
        return None
    if not isinstance(value, dict):
        return None
    up, down = (_count(value.get(side)) for side in ("like", "dislike"))
    if up is None or down is None:
        return None
    return VoteTally(up=up, down=down, exact=True)


def _count(value: object) -> int | None:
    """Return a count as an integer of at most nine digits; a side that is missing has none."""
    if value is None:
        return 0
    text = str(value)
    if isinstance(value, bool) or not _INTEGER.fullmatch(text) or int(text) < 0:
        return None
    return int(text)


def _net(text: str) -> VoteTally | None:
    text = text.strip()
    if not _INTEGER.fullmatch(text):
        return None
    net = int(text)
    return VoteTally(up=max(net, 0), down=max(-net, 0), exact=False)
