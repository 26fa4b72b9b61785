"""The addresses of the discussion."""

from django.urls import path, register_converter

from broadsheet.discussion.http import (
    assisting,
    closing,
    comments,
    duty,
    editing,
    filters,
    house,
    log,
    moderation,
    notes,
    notices,
    pace,
    picturing,
    queue,
    raid,
    reports,
    sanctions,
    second_looks,
    undoing,
    versions,
    votes,
)


class NumberConverter:
    """The number of a row: what a database's 64 bits hold, so that none is asked for more."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class EventConverter(NumberConverter):
    """The number of an event of a thread: 0 before the first."""

    regex = "0|[1-9][0-9]{0,17}"


register_converter(NumberConverter, "number")
register_converter(EventConverter, "event")

app_name = "discussion"
urlpatterns = [
    path("t/<number:thread_id>/comments/", comments.post, name="post"),
    path("t/<number:thread_id>/comment-<slug:foreign_id>/", comments.old_anchor, name="old_anchor"),
    path("t/<number:thread_id>/notes/new/", notes.new, name="new_note"),
    path("t/<number:thread_id>/since/<event:event>/", comments.since, name="since"),
    path("t/<number:thread_id>/preview/", comments.preview, name="preview"),
    path("c/<number:number>/", comments.comment, name="comment"),
    path("c/<number:number>/vote/", votes.vote_on, name="vote"),
    path("c/<number:number>/quotes/<number:quote_id>/undo/", undoing.undo, name="undo_quote"),
    path("c/<number:number>/image/<slug:key>.webp", picturing.full, name="image"),
    path("c/<number:number>/image/<slug:key>.small.webp", picturing.small, name="small_image"),
    path("c/<number:number>/status/", second_looks.status, name="status"),
    path("c/<number:number>/status/<slug:key>.webp", picturing.own, name="own_image"),
    path("c/<number:number>/second-look/", second_looks.appeal, name="appeal"),
    path("c/<number:number>/edit/", editing.edit, name="edit"),
    path("c/<number:number>/withdraw/", editing.withdraw, name="withdraw"),
    path("c/<number:number>/report/", reports.report, name="report"),
    path("c/<number:number>/versions/", versions.versions, name="versions"),
    path("c/<number:number>/versions/blank/", versions.blank, name="blank"),
    path("me/thread/<number:thread_id>/", comments.mine, name="mine"),
    path("me/thread/<number:thread_id>/comments/", comments.my_comments, name="my_comments"),
    path("me/limits/", sanctions.mine, name="my_limits"),
    path("me/limits/<number:number>/read/", sanctions.read, name="read_warning"),
    path("moderation/filters/", filters.filters, name="filters"),
    path("moderation/filters/trial/", filters.trial, name="filter_trial"),
    path("moderation/people/", sanctions.people, name="people"),
    path("moderation/people/<uuid:uuid>/", sanctions.person, name="person"),
    path("moderation/people/<uuid:uuid>/limit/", sanctions.limit, name="limit"),
    path("moderation/limits/<number:number>/lift/", sanctions.lift, name="lift"),
    path("moderation/limits/<number:number>/confirm/", sanctions.confirm, name="confirm"),
    path("me/limits/<number:number>/second-look/", second_looks.of_limit, name="limit_appeal"),
    path("me/record/", second_looks.record, name="record"),
    path("report/", notices.new, name="new_notice"),
    path("report/<slug:token>/", notices.notice, name="notice"),
    path("moderation/statements.<slug:ending>", notices.export, name="statements"),
    path("rules/", house.rules, name="rules"),
    path("rules/<number:number>/", house.version, name="rules_version"),
    path("moderation/", log.log, name="log"),
    path("moderation/log.jsonl", log.lines, name="log_lines"),
    path("moderation/verify_log.py", log.verifier, name="verifier"),
    path("moderation/<number:number>/", log.entry, name="log_entry"),
    path("moderation/queue/", queue.queue, name="moderation"),
    path("moderation/queue/now/", queue.now, name="queue_now"),
    path("moderation/queue/batch/", moderation.batch, name="batch"),
    path("moderation/queue/decisions/<number:sequence>/undo/", moderation.undo, name="undo"),
    path("moderation/queue/decisions/", moderation.decision, name="decide"),
    path("moderation/pace/", pace.pace, name="pace"),
    path("moderation/duty/", duty.duty, name="duty"),
    path("moderation/duty/call/", duty.call, name="duty_call"),
    path("moderation/duty/calls/<number:call_id>/seen/", duty.seen, name="duty_seen"),
    path("moderation/raid/", raid.raid, name="raid"),
    path("moderation/raid/<number:raid_id>/undo/", raid.undo, name="undo_raid"),
    path("moderation/assistant/", assisting.assistant, name="assistant"),
    path("moderation/queue/threads/<number:thread_id>/", closing.thread, name="thread"),
    path("moderation/queue/threads/<number:thread_id>/notes/", notes.listed, name="notes"),
]
