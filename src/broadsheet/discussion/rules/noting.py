"""Who may attach a question to a phrase of the story, start a note there, answer and close it."""

from dataclasses import dataclass
from typing import Final

from broadsheet.discussion.rules.deciding import REASON_LIMIT, may_moderate
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.posting import may_write
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

QUESTION_LIMIT: Final = 300
# A phrase, to be recognised in a line; whoever wants to discuss a paragraph quotes it.
PHRASE_LIMIT: Final = 200
# The newsroom's on one story: more questions than paragraphs are not read.
MOST_ASKED: Final = 30
# Readers' on one story, at different words: each is looked for again in every new edition.
MOST_STARTED: Final = 300

CLOSES: Final = "close_note"
REOPENS: Final = "reopen_note"
REMOVES: Final = "remove_note"
RESTORES: Final = "restore_note"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the story that somebody means, as they saw them; `start` tells equals apart."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What the rules know of a note."""

    same_thread: bool
    closed: bool
    removed: bool


def may_ask(*, actor: Actor, question: str, asked: int, hidden: bool) -> Verdict:
    """Say whether the actor may ask readers about a phrase; owner, editor or moderator.

    `question` is stripped; `asked` counts what the newsroom asks on this story already.
    """
    allowed = may_moderate(actor=actor)
    if not allowed:
        return allowed
    if hidden:
        return Refused("hidden")
    if not question:
        return Refused("question_missing", field="question")
    if len(question) > QUESTION_LIMIT:
        return Refused("question_long", facts=(("limit", QUESTION_LIMIT),), field="question")
    if asked >= MOST_ASKED:
        return Refused("asked_enough", facts=(("limit", MOST_ASKED),))
    return ALLOWED


def may_start(*, actor: Actor, policy: Policy, started: int = 0) -> Verdict:
    """Say whether a reader may begin at a phrase: where the publisher lets them, as they comment.

    `started` counts what readers began on this story already.
    """
    if not (allowed := may_write(actor=actor)):
        return allowed
    if not policy.reader_notes:
        return Refused("notes_by_newsroom")
    return ALLOWED if started < MOST_STARTED else Refused("notes_enough")


def may_answer(*, note: Noted | None) -> Verdict:
    """Say whether a comment may be an answer to a note; None is one that does not exist."""
    if note is None or not note.same_thread or note.removed:
        return Refused("note_gone")
    return Refused("note_closed") if note.closed else ALLOWED


def verbs_for(note: Noted) -> tuple[str, ...]:
    """Return what can be decided about a note, in the order in which it is offered."""
    if note.removed:
        return (RESTORES,)
    return (REOPENS if note.closed else CLOSES, REMOVES)


def may_decide(*, actor: Actor, verb: str, note: Noted, reason: str) -> Verdict:
    """Say whether the actor may take this decision about a note. `reason` is stripped."""
    allowed = may_moderate(actor=actor)
    if not allowed:
        return allowed
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    if verb not in {CLOSES, REOPENS, REMOVES, RESTORES}:
        return Refused("unknown_verb", field="verb")
    return ALLOWED if verb in verbs_for(note) else Refused("note_decided")


def is_phrase(*, exact: str, length: int = PHRASE_LIMIT) -> Verdict:
    """Say whether words of the story can be asked about: few, and of one paragraph."""
    if len(exact) > length:
        return Refused("phrase_long", facts=(("limit", length),), field="phrase")
    return Refused("phrase_paragraphs", field="phrase") if "\n" in exact else ALLOWED
