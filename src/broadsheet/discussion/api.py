"""The discussion's one door: what other rooms may use of it.

A page above a thread also uses `http.thread.thread_context` and the fragment
`discussion/thread.html`.
"""

from broadsheet.discussion.appeals.operations import Asked, ask_about_limit, ask_second_look
from broadsheet.discussion.assistant.asking import prepare as prepare_asking
from broadsheet.discussion.assistant.due import assist
from broadsheet.discussion.assistant.due import something_to_do as assistant_has_work
from broadsheet.discussion.assistant.operations import set_assistant
from broadsheet.discussion.comments.imports import ForeignComment, Imported, import_comment
from broadsheet.discussion.comments.markdown import TextTooLongError
from broadsheet.discussion.comments.operations import Posted, post_comment
from broadsheet.discussion.comments.repeats import key_after_failure
from broadsheet.discussion.comments.shown import (
    CommentPage,
    Person,
    ShownComment,
    ThreadFacts,
    ThreadPage,
)
from broadsheet.discussion.editing.operations import (
    Edited,
    Withdrawn,
    edit_comment,
    withdraw_comment,
)
from broadsheet.discussion.editing.queries import OwnComment, Version, Versions, own_comment
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.images.darkroom import develop
from broadsheet.discussion.images.files import collect as collect_images
from broadsheet.discussion.images.files import kept as kept_image
from broadsheet.discussion.images.shown import KeptImage, ShownImage
from broadsheet.discussion.log.figures import keep_figures
from broadsheet.discussion.moderation.authors import hold_author
from broadsheet.discussion.moderation.branches import BranchRemoved, remove_branch
from broadsheet.discussion.moderation.claims import ask_colleague, release, take
from broadsheet.discussion.moderation.filtering import (
    filters_in_force,
    switch_on,
    try_filters,
)
from broadsheet.discussion.moderation.forgetting import (
    UnknownParticipantError,
    erase_participant,
)
from broadsheet.discussion.moderation.house import change_rules
from broadsheet.discussion.moderation.items import QueueItem
from broadsheet.discussion.moderation.limits import (
    Limited,
    UnknownSanctionError,
    acknowledge_warning,
    confirm_limit,
    forget_networks,
    lift_limit,
    limit_person,
)
from broadsheet.discussion.moderation.marking import Marked, mark_comment
from broadsheet.discussion.moderation.operations import (
    Decided,
    UnknownVersionError,
    blank_image,
    blank_version,
    decide,
    dismiss_reports,
)
from broadsheet.discussion.moderation.own import Status
from broadsheet.discussion.moderation.people import my_limits
from broadsheet.discussion.moderation.queries import Queue, is_moderator
from broadsheet.discussion.moderation.raids import UnknownRaidError, sweep, sweep_open, undo_raid
from broadsheet.discussion.moderation.second_looks import uphold
from broadsheet.discussion.moderation.undoing import (
    Undone,
    UnknownDecisionError,
    undo_decision,
)
from broadsheet.discussion.notes.imports import attach_answers, import_note
from broadsheet.discussion.notes.operations import (
    NoteDecided,
    UnknownNoteError,
    ask,
    carry_notes,
    decide_note,
)
from broadsheet.discussion.notes.shown import NoteAnswer, NoteCard, NoteTarget, ShownNote
from broadsheet.discussion.notices.operations import forget_senders
from broadsheet.discussion.pace.heat import count_heat, hot_threads
from broadsheet.discussion.pace.switching import Scope, turn_off, turn_off_due, turn_on
from broadsheet.discussion.queries import (
    comment_page,
    comment_versions,
    counts_for,
    decided_lately,
    log_lines,
    my_votes,
    newest,
    queue_item,
    queue_page,
    reply_target,
    shown_keys,
    shown_urls,
    status_for,
    thread_ids,
    thread_page,
    threads_of,
)
from broadsheet.discussion.quotes.importing import match_quotations
from broadsheet.discussion.quotes.operations import UnknownQuoteError, undo_quote
from broadsheet.discussion.quotes.sources import StoryText
from broadsheet.discussion.reports.operations import Reported, report_comment
from broadsheet.discussion.rules.deciding import REMOVAL_RULES
from broadsheet.discussion.rules.editing import mark_of
from broadsheet.discussion.rules.filtering import Filters, digest_of, written
from broadsheet.discussion.rules.house import (
    MOST_RULES,
    SENTENCE_LIMIT,
    TITLE_LIMIT,
    HouseRule,
    Rulebook,
    may_change_rules,
)
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.rules.sanctioning import Wanted
from broadsheet.discussion.selfcheck import checks
from broadsheet.discussion.threads.operations import (
    UnknownCommentError,
    UnknownThreadError,
    close_old_threads,
    close_thread,
    hide_thread,
    lead_to_editions,
    move_threads,
    open_thread,
    reopen_thread,
    show_thread,
)
from broadsheet.discussion.votes.operations import Voted, import_tally, vote
from broadsheet.discussion.watched import WATCHED

__all__ = [
    "MOST_RULES",
    "REMOVAL_RULES",
    "SENTENCE_LIMIT",
    "TITLE_LIMIT",
    "WATCHED",
    "Asked",
    "BranchRemoved",
    "Chosen",
    "CommentPage",
    "Decided",
    "Edited",
    "Filters",
    "ForeignComment",
    "HouseRule",
    "Imported",
    "KeptImage",
    "Limited",
    "Marked",
    "NoteAnswer",
    "NoteCard",
    "NoteDecided",
    "NoteTarget",
    "OwnComment",
    "Person",
    "Phrase",
    "Policy",
    "Posted",
    "Queue",
    "QueueItem",
    "Reported",
    "Rulebook",
    "Scope",
    "ShownComment",
    "ShownImage",
    "ShownNote",
    "Status",
    "StoryText",
    "TextTooLongError",
    "ThreadFacts",
    "ThreadPage",
    "Undone",
    "UnknownCommentError",
    "UnknownDecisionError",
    "UnknownNoteError",
    "UnknownParticipantError",
    "UnknownQuoteError",
    "UnknownRaidError",
    "UnknownSanctionError",
    "UnknownThreadError",
    "UnknownVersionError",
    "Version",
    "Versions",
    "Voted",
    "Wanted",
    "Withdrawn",
    "acknowledge_warning",
    "ask",
    "ask_about_limit",
    "ask_colleague",
    "ask_second_look",
    "assist",
    "assistant_has_work",
    "attach_answers",
    "blank_image",
    "blank_version",
    "carry_notes",
    "change_rules",
    "checks",
    "close_old_threads",
    "close_thread",
    "collect_images",
    "comment_page",
    "comment_versions",
    "confirm_limit",
    "count_heat",
    "counts_for",
    "current_rules",
    "decide",
    "decide_note",
    "decided_lately",
    "develop",
    "digest_of",
    "dismiss_reports",
    "edit_comment",
    "erase_participant",
    "filters_in_force",
    "forget_networks",
    "forget_senders",
    "hide_thread",
    "hold_author",
    "hot_threads",
    "import_comment",
    "import_note",
    "import_tally",
    "is_moderator",
    "keep_figures",
    "kept_image",
    "key_after_failure",
    "lead_to_editions",
    "lift_limit",
    "limit_person",
    "log_lines",
    "mark_comment",
    "mark_of",
    "match_quotations",
    "may_change_rules",
    "move_threads",
    "my_limits",
    "my_votes",
    "newest",
    "open_thread",
    "own_comment",
    "post_comment",
    "prepare_asking",
    "queue_item",
    "queue_page",
    "release",
    "remove_branch",
    "reopen_thread",
    "reply_target",
    "report_comment",
    "set_assistant",
    "show_thread",
    "shown_keys",
    "shown_urls",
    "status_for",
    "sweep",
    "sweep_open",
    "switch_on",
    "take",
    "thread_ids",
    "thread_page",
    "threads_of",
    "try_filters",
    "turn_off",
    "turn_off_due",
    "turn_on",
    "undo_decision",
    "undo_quote",
    "undo_raid",
    "uphold",
    "vote",
    "withdraw_comment",
    "written",
]
