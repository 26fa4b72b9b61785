"""All that can be read of the discussion, in one place for the views of this room."""

from broadsheet.discussion.appeals.queries import looks_at, second_look
from broadsheet.discussion.comments.news import heard_since, news_since
from broadsheet.discussion.comments.permalinks import comment_page, number_of
from broadsheet.discussion.comments.queries import (
    SORTS,
    ReplyTarget,
    counts_for,
    reply_target,
    shown_keys,
    shown_urls,
    thread_facts,
    thread_ids,
    thread_page,
    threads_of,
)
from broadsheet.discussion.editing.queries import (
    OwnComment,
    comment_versions,
    is_standing,
    own_comment,
)
from broadsheet.discussion.house.queries import (
    current_rules,
    rules_of_version,
    versions_of_rules,
)
from broadsheet.discussion.images.queries import own_image, public_image
from broadsheet.discussion.log.figures import figures, figures_of
from broadsheet.discussion.log.queries import (
    head_of_log,
    log_entry,
    log_lines,
    log_page,
)
from broadsheet.discussion.moderation.items import QueueItem
from broadsheet.discussion.moderation.own import (
    mine_in,
    my_vote,
    my_votes,
    status_for,
    written_in,
)
from broadsheet.discussion.moderation.people import (
    limits_in_force,
    my_limits,
    person_of_limit,
    person_page,
)
from broadsheet.discussion.moderation.queries import (
    decided_lately,
    is_moderator,
    newest,
    queue_item,
    queue_items,
    queue_page,
    waiting_numbers,
)
from broadsheet.discussion.moderation.record import record_of
from broadsheet.discussion.moderation.waits import usual_wait
from broadsheet.discussion.notes.queries import (
    note_lines,
    note_target,
    phrase_places,
    thread_of_note,
)
from broadsheet.discussion.reports.queries import has_reported
from broadsheet.discussion.threads.operations import UnknownCommentError, UnknownThreadError
from broadsheet.discussion.threads.queries import thread_decisions

__all__ = [
    "SORTS",
    "OwnComment",
    "QueueItem",
    "ReplyTarget",
    "UnknownCommentError",
    "UnknownThreadError",
    "comment_page",
    "comment_versions",
    "counts_for",
    "current_rules",
    "decided_lately",
    "figures",
    "figures_of",
    "has_reported",
    "head_of_log",
    "heard_since",
    "is_moderator",
    "is_standing",
    "limits_in_force",
    "log_entry",
    "log_lines",
    "log_page",
    "looks_at",
    "mine_in",
    "my_limits",
    "my_vote",
    "my_votes",
    "newest",
    "news_since",
    "note_lines",
    "note_target",
    "number_of",
    "own_comment",
    "own_image",
    "person_of_limit",
    "person_page",
    "phrase_places",
    "public_image",
    "queue_item",
    "queue_items",
    "queue_page",
    "record_of",
    "reply_target",
    "rules_of_version",
    "second_look",
    "shown_keys",
    "shown_urls",
    "status_for",
    "thread_decisions",
    "thread_facts",
    "thread_ids",
    "thread_of_note",
    "thread_page",
    "threads_of",
    "usual_wait",
    "versions_of_rules",
    "waiting_numbers",
    "written_in",
]
