"""The discussion's one door: what other rooms may use of it.

A page above a thread also uses `http.thread.thread_context` and the fragment
`discussion/thread.html`.
"""

from broadsheet.discussion.comments.imports import ForeignComment, Imported, import_comment
from broadsheet.discussion.comments.markdown import TextTooLongError
from broadsheet.discussion.comments.operations import Posted, post_comment
from broadsheet.discussion.comments.shown import (
    CommentPage,
    Person,
    ShownComment,
    ThreadFacts,
    ThreadPage,
)
from broadsheet.discussion.moderation.operations import (
    Decided,
    UnknownParticipantError,
    decide,
    erase_participant,
)
from broadsheet.discussion.moderation.queries import Queue, QueueItem, Status
from broadsheet.discussion.queries import (
    comment_page,
    counts_for,
    held_queue,
    my_votes,
    recent,
    reply_target,
    shown_keys,
    shown_urls,
    status_for,
    thread_page,
)
from broadsheet.discussion.rules.deciding import REMOVAL_RULES
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.selfcheck import checks
from broadsheet.discussion.threads.operations import (
    UnknownCommentError,
    UnknownThreadError,
    close_thread,
    hide_thread,
    lead_to_editions,
    move_threads,
    open_thread,
    reopen_thread,
    show_thread,
)
from broadsheet.discussion.votes.operations import Voted, import_tally, vote

__all__ = [
    "REMOVAL_RULES",
    "CommentPage",
    "Decided",
    "ForeignComment",
    "Imported",
    "Person",
    "Policy",
    "Posted",
    "Queue",
    "QueueItem",
    "ShownComment",
    "Status",
    "TextTooLongError",
    "ThreadFacts",
    "ThreadPage",
    "UnknownCommentError",
    "UnknownParticipantError",
    "UnknownThreadError",
    "Voted",
    "checks",
    "close_thread",
    "comment_page",
    "counts_for",
    "decide",
    "erase_participant",
    "held_queue",
    "hide_thread",
    "import_comment",
    "import_tally",
    "lead_to_editions",
    "move_threads",
    "my_votes",
    "open_thread",
    "post_comment",
    "recent",
    "reopen_thread",
    "reply_target",
    "show_thread",
    "shown_keys",
    "shown_urls",
    "status_for",
    "thread_page",
    "vote",
]
