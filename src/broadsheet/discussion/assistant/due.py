"""Whether there is something to do: asked each minute, and so without loading any arithmetic."""

from collections.abc import Callable
from datetime import datetime

from broadsheet.discussion import chain
from broadsheet.discussion.models import (
    Assistant,
    ChainHead,
    CommentAlias,
    Judgement,
    Waiting,
)
from broadsheet.discussion.rules.waiting import UNSCORED


def assist(*, now: datetime, stop: Callable[[], bool] = lambda: False) -> None:
    """Learn, score and approve what there is, until `stop` says so: for a process of its own."""
    from broadsheet.discussion.assistant import work  # noqa: PLC0415 - numpy, for nobody else

    work.assist(now=now, stop=stop)


def something_to_do() -> bool:
    """Say whether something was decided, imported or erased, or waits without a score.

    Five queries that look at one row each.
    """
    state = Assistant.objects.filter(pk=1).first() or Assistant()
    head = ChainHead.objects.filter(room=chain.ROOM).values_list("sequence", flat=True).first()
    if (head or 0) > state.learned_to:
        return True
    newest = CommentAlias.objects.order_by("-pk").values_list("pk", flat=True).first()
    if (newest or 0) > state.imported_to:
        return True
    if Judgement.objects.filter(author__erased_at__isnull=False).exists():
        return True
    return state.speaks and Waiting.objects.filter(leads=True, likely=UNSCORED).exists()
