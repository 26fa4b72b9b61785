"""What newcomers wrote in a raid, and how much of it is left to decide about."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.discussion.models import Comment, Moved, Switch
from broadsheet.discussion.rules import pacing, undoing
from broadsheet.discussion.rules.posting import RAID

MOST_COUNTED: Final = 1_000
PUBLISHED: Final = Comment.State.PUBLISHED
HELD: Final = Comment.State.HELD


def written_in(raid: Switch, *, now: datetime) -> QuerySet[Comment]:
    """Return what newcomers wrote in a raid that nobody decided about: held and published.

    By its time, and by whether anything of theirs was public before it (rules.pacing); what staff
    wrote is not theirs. Read by number from the first one of the raid on.
    """
    end = min(one for one in (raid.ended_at, raid.until, now) if one is not None)
    before = Q(published_at__lt=pacing.known_before(guest=True, since=raid.since)) | Q(
        author__kind="reader", published_at__lt=pacing.known_before(guest=False, since=raid.since)
    )
    known = Comment.objects.filter(before, author=OuterRef("author"), state=PUBLISHED)
    # To undo what was decided is to leave it to be decided about.
    judged = Moved.objects.exclude(decision__verb__in=["undo", *undoing.STILL])
    decided = judged.filter(comment=OuterRef("pk"), undone=False)
    rows = Comment.objects.filter(
        ~Exists(decided),
        Q(state=HELD, rule=RAID) | (Q(state__in=[HELD, PUBLISHED]) & ~Exists(known)),
        pk__gt=raid.after,
        created_at__gte=raid.since,
        created_at__lte=end,
        voice="",
        origin="",
    )
    if raid.last is not None:
        rows = rows.filter(pk__lte=raid.last)
    return rows.filter(thread=raid.thread_id) if raid.thread_id else rows


def counted(*, raid_id: int, now: datetime, limit: int = MOST_COUNTED) -> tuple[int, int]:
    """Return how much of a raid is left to decide about: held, and all; each up to a limit."""
    raid = Switch.objects.get(kind=pacing.RAID, pk=raid_id)
    rows = written_in(raid, now=now).order_by()
    held = rows.filter(state=HELD, rule=RAID)[:limit].count()
    return held, rows[:limit].count()
