"""What open pages are told of a thread: by the address they ask at, and by their stream."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from broadsheet.discussion import queries
from broadsheet.discussion.http.policy import counts_down


@dataclass(frozen=True, slots=True)
class Told:
    """`comments` came, changed or were voted on, by name; `thread` holds of the whole discussion.

    All of it up to `event`, the thread's last when it was read; what had been read before `more`
    of it was left to read, up to `read_to`.
    """

    event: int
    read_to: int
    comments: dict[str, Any]
    thread: dict[str, Any]
    more: bool


def told_since(*, thread_id: int, event: int) -> Told | None:
    """Return what to tell a page that knows a thread up to `event`; None where nobody may read.

    Numbers and totals, as the page itself shows them to everybody, and how it says how many
    comments there are.
    """
    heard = queries.heard_since(thread_id=thread_id, event=event)
    if heard is None:
        return None
    news = heard.news
    totals = {
        number: [up, down] if counts_down() else [up] for number, (up, down) in news.votes.items()
    }
    counted = ngettext("%(n)s comment", "%(n)s comments", news.count) % {"n": news.count}
    return Told(
        event=heard.event,
        read_to=news.event,
        comments={"new": news.new, "changed": news.changed, "votes": totals},
        thread={"closed": news.closed, "counted": counted, "edition": news.edition},
        more=news.more,
    )
