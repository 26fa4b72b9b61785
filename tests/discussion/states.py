"""All that readers see of a thread and of the people in it, as one hash: `state_of`."""

import hashlib
import json
from typing import Any

from django.db.models import Count, Q

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Participant, Quote, Report, Thread, Vote

PUBLIC = Comment.State.PUBLISHED


def state_of(thread_id: int) -> str:
    """Return the hash of a thread's state; equal where nobody who reads could tell a difference.

    In it are the counters of the thread and of its comments, what is public with its words, votes,
    marks and reports, the three orders in which pages show it, and how much everybody has
    published. Not the stubs of what was removed, which are there so that all can see that something
    was, nor the numbers of events and of nameless guests, which are never used again. A comment is
    known by its words, so that threads of other numbers can be compared.
    """
    told = json.dumps(facts_of(thread_id), sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def facts_of(thread_id: int) -> dict[str, Any]:
    """Return what is hashed."""
    thread = Thread.objects.get(pk=thread_id)
    rows = Comment.objects.filter(thread=thread, state=PUBLIC).select_related("author", "parent")
    words = {row.pk: row.source for row in rows}
    return {
        "counts": (thread.comment_count, thread.root_count, thread.inline_count),
        "comments": {row.source: _comment(row, words) for row in rows},
        "orders": {sort: _order(thread, sort) for sort in ("newest", "oldest", "votes")},
        "people": dict(
            Participant.objects.annotate(
                published=Count("comment", Q(comment__state=PUBLIC, comment__thread=thread))
            )
            .filter(published__gt=0)
            .values_list("owner", "published")
        ),
    }


def _comment(row: Comment, words: dict[int, str]) -> tuple[Any, ...]:
    votes = Vote.objects.filter(comment=row).values_list("voter", "value", "weight")
    reports = Report.objects.filter(comment=row).values_list("reporter", "rule", "settled_at")
    quotes = Quote.objects.filter(comment=row).values_list("source__source", "exact")
    return (
        *(
            row.author.owner,
            row.author.name,
            row.html,
            words.get(row.parent_id or 0, ""),
            row.depth,
        ),
        *(row.up, row.down, row.score, row.reply_count, row.descendants, row.revision, row.rule),
        *(row.pinned, row.featured, row.answer, row.closed_at is None, row.created_at),
        *(sorted(votes), sorted(reports), sorted(quotes)),
    )


def _order(thread: Thread, sort: str) -> list[str]:
    """Return the words of what the pages show, page by page."""
    found: list[str] = []
    after = ""
    while True:
        page = api.thread_page(site=thread.site, key=thread.key, sort=sort, after=after)
        assert page is not None
        found += [str(comment.html) for comment in page.comments if comment.is_public]
        if not page.after:
            return found
        after = page.after
