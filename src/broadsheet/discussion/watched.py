"""Of which tables public pages show what, and by which keys.

`thread:<id>` is all that a discussion shows to everybody. What is held or was never published is
no part of it: a thousand held comments make no page old.
"""

from typing import Final

from broadsheet.pagestore.api import Event, Watch

# What holds for every discussion: house rules, closing and slow mode of the whole site.
EVERYWHERE: Final = "discussion"
# Names of those who wrote.
PEOPLE: Final = "people"
# The public log of decisions.
LOG: Final = "log"
# How much is said where, as other pages show it: counts and titles of discussions.
TALK: Final = "talk"


def of_thread(thread_id: int) -> str:
    """Return the key of one discussion."""
    return f"thread:{thread_id}"


_BY_THREAD: Final = "'thread:' || {r}.thread_id"
_THREAD: Final = "(SELECT c.thread_id FROM discussion_comment c WHERE c.id = {r}.comment_id)"
_OF_COMMENT: Final = f"'thread:' || {_THREAD}"
_TOLD: Final = ("title", "url", "hidden_at", "comment_count")

WATCHED: Final = (
    Watch(
        table="discussion_thread",
        key="'thread:' || {r}.id",
        columns=(
            *_TOLD,
            "language",
            "edition",
            "editions_url",
            "closed_at",
            "closed_by",
            "closed_until",
            "root_count",
            "inline_count",
            "slow_seconds",
            "slow_until",
            "slow_branches",
            "raid_since",
            "raid_until",
        ),
    ),
    Watch(table="discussion_thread", key=TALK, columns=_TOLD),
    Watch(table="discussion_comment", key=_BY_THREAD, where="{r}.state <> 'held'"),
    Watch(table="discussion_note", key=_BY_THREAD),
    Watch(table="discussion_guestlabel", key=_BY_THREAD, on=(Event.UPDATE, Event.DELETE)),
    *(
        # Where the comment went first, its own row has said so.
        Watch(table=f"discussion_{name}", key=_OF_COMMENT, where=f"{_THREAD} IS NOT NULL")
        for name in ("quote", "mention", "commentimage", "commentrevision", "commentalias")
    ),
    Watch(table="discussion_switch", key=_BY_THREAD, where="{r}.thread_id IS NOT NULL"),
    Watch(table="discussion_switch", key=EVERYWHERE, where="{r}.thread_id IS NULL"),
    Watch(table="discussion_sitestate", key=EVERYWHERE),
    Watch(table="discussion_houserules", key=EVERYWHERE, pk="version"),
    Watch(
        table="discussion_participant",
        key=PEOPLE,
        columns=("name", "kind", "erased_at"),
        on=(Event.UPDATE, Event.DELETE),
    ),
    *(
        Watch(table=f"discussion_{name}", key=LOG)
        for name in ("decision", "decisionreason", "appeal", "monthoflog")
    ),
)
