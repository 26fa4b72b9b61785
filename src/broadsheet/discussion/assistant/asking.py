"""Asking a writer to read again what they are about to post, where an owner has switched it on.

Whether it is on and what was learned are kept in this process, and brought up to date each minute:
while it is off, a post asks nothing and loads nothing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from broadsheet.discussion.assistant.tallies import tallies_of
from broadsheet.discussion.models import Assistant, LearnedModel

if TYPE_CHECKING:
    from broadsheet.discussion.rules.assistant.model import Model

# What a writer can change about a text. Their own history is no reason to give them.
_ABOUT_WORDS: Final = frozenset({"word", "capitals", "exclamations", "links"})


@dataclass(frozen=True, slots=True)
class _Ready:
    """The model, the score from which it asks, and how far it had learned."""

    model: "Model"
    above: float
    learned: tuple[int, int]


_ready: list[_Ready] = []


def prepare() -> None:
    """See whether writers are to be asked, and with what was learned lately. One or two queries."""
    state = Assistant.objects.filter(pk=1).first() or Assistant()
    if not (state.asks and state.speaks and state.asks_above is not None):
        _ready.clear()
        return
    learned = (state.learned_to, state.imported_to)
    model = _ready[0].model if _ready and _ready[0].learned == learned else _loaded()
    _ready[:] = [_Ready(model, state.asks_above, learned)] if model else []


def _loaded() -> "Model | None":
    from broadsheet.discussion.rules.assistant.model import Model  # noqa: PLC0415 - numpy

    row = LearnedModel.objects.filter(pk=1).first()
    try:
        return Model.from_bytes(bytes(row.data)) if row else None
    except ValueError:
        return None


def is_on() -> bool:
    """Say whether anybody is asked at present. No query."""
    return bool(_ready)


def words_to_read_again(*, thread: int, parent: int | None, owner: str, text: str) -> list[str]:
    """Return what of a text speaks most for its removal, where that is likely; else nothing.

    What speaks for it must be something that the writer can change. Three queries, none while it is
    off.
    """
    ready = next(iter(_ready), None)
    if ready is None:
        return []
    from broadsheet.discussion.rules.assistant.examples import example_of  # noqa: PLC0415 - numpy
    from broadsheet.discussion.rules.assistant.explaining import reasons_of  # noqa: PLC0415
    from broadsheet.discussion.rules.assistant.words import read  # noqa: PLC0415

    row = {"author__owner": owner, "thread_id": thread, "parent_id": parent}
    known, plain = tallies_of([row]).known(row), read(text)
    example = example_of(text=plain, known=known)
    if ready.model.score(example) < ready.above:
        return []
    reasons = reasons_of(model=ready.model, text=plain, known=known, example=example)
    up = [one for one in reasons if one.weight > 0 and one.kind in _ABOUT_WORDS]
    return [one.word for one in up if one.word] or ([""] if up else [])
