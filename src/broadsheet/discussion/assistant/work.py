"""One run of the assistant: learn, keep the record, score what waits, approve what is proven."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.assistant.approving import approve_waiting
from broadsheet.discussion.assistant.learning import learn_more, load
from broadsheet.discussion.assistant.scoring import be_silent, keep_record, score_waiting
from broadsheet.discussion.models import Assistant


@dataclass(frozen=True, slots=True)
class Worked:
    """How many decisions were looked at, comments scored, and comments approved."""

    looked: int
    scored: int
    approved: int


def assist(*, now: datetime, stop: Callable[[], bool] = lambda: False) -> Worked:
    """Bring the assistant up to date. Ended anywhere, the next run goes on from there.

    It loads numpy and the model, and so runs in a process of its own.
    """
    looked = learn_more(stop=stop)
    model = load()
    scale = keep_record(learned=model.learned)
    if not Assistant.objects.filter(pk=1, speaks=True).exists():
        be_silent()
        return Worked(looked, 0, 0)
    scored = score_waiting(model=model, scale=scale, stop=stop)
    return Worked(looked, scored, approve_waiting(now=now, stop=stop))
