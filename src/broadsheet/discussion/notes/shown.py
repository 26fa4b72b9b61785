"""Notes as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# stands: as it was. edited: the words are there, changed a little. changed: the passage was
# rewritten. gone: it is not in the story any more.
type Standing = Literal["stands", "edited", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """The beginning of an answer; `name` and `guest` are as a comment is signed."""

    number: int
    name: str
    guest: int | None
    beginning: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note beside the story: the phrase as it stood, the question, the first answers.

    The question of a reader's note is empty: its first answer is. `start` and `end` are where the
    phrase, or what it became, stands in the story as it is discussed now, in code points of its
    plain text; None where nobody knows. `answered` counts all its public answers.
    """

    id: int
    exact: str
    question: str
    by_reader: bool
    opened: bool
    closed: bool
    closed_because: str
    standing: Standing
    start: int | None
    end: int | None
    answered: int
    answers: tuple[NoteAnswer, ...] = ()

    @property
    def more(self) -> int:
        """How many answers are not among the first ones."""
        return max(self.answered - len(self.answers), 0)


@dataclass(frozen=True, slots=True)
class NoteCard:
    """What an answer in the thread says it is about.

    `shown`: the note stands on the story's page, and can be gone to. Taken back, it has no words.
    """

    id: int
    exact: str
    question: str
    shown: bool
    removed: bool = False


@dataclass(frozen=True, slots=True)
class NoteTarget:
    """A note that somebody is about to answer."""

    id: int
    exact: str
    question: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note on the moderators' list; `verbs` may be decided about it."""

    id: int
    exact: str
    question: str
    by_reader: bool
    opened: bool
    standing: Standing
    answered: int
    created_at: datetime
    closed: bool
    closed_because: str
    removed: bool
    verbs: tuple[str, ...]
