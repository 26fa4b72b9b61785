"""What may be posted, and what waits for a moderator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.texts import clean_name
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.lookalikes import looks_like_one_of
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

WRITERS: Final = (
    Role.OWNER,
    Role.EDITOR,
    Role.REPORTER,
    Role.MODERATOR,
    Role.READER,
    Role.GUEST,
)
ALL: Final = "all"
FIRST_COMMENT: Final = "first_comment"
LINK: Final = "link"
IMAGE: Final = "image"
READ_FIRST: Final = "read_first"
RAID: Final = "raid"
# A form sent twice comes within seconds; people say the same words again later, and mean it.
SAME_WORDS: Final = timedelta(minutes=5)
# Of somebody who is told from others by the network alone.
SAME_NEWCOMER: Final = timedelta(minutes=1)
# So long is a key that nobody guesses; that of our own form has 32 characters.
SECRET_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class Parent:
    """What a reply's rule knows of the comment it answers; `closed`, if that or one above it is."""

    same_thread: bool
    published: bool
    closed: bool = False


def may_write(*, actor: Actor) -> Verdict:
    """Say whether this person may take part at all: guests, readers and staff in good standing."""
    if actor.is_banned:
        return Refused("banned")
    return ALLOWED if actor.has(*WRITERS) else Refused("unknown_person")


def may_post(*, actor: Actor, closed: bool, parent: Parent | None) -> Verdict:
    """Say whether the actor may post here. `parent` is None for a comment on the story itself."""
    if not (allowed := may_write(actor=actor)):
        return allowed
    if closed:
        return Refused("closed")
    if parent is not None and not (parent.same_thread and parent.published):
        return Refused("parent_gone")
    if parent is not None and parent.closed:
        return Refused("branch_closed")
    return ALLOWED


def may_be_called(*, actor: Actor, name: str, staff: Collection[str]) -> Verdict:
    """Say whether a guest may write under this name: not under one that looks like one of staff."""
    if actor.is_guest and looks_like_one_of(clean_name(name), staff):
        return Refused("name_of_staff", field="name")
    return ALLOWED


def is_fit(*, text: str, html_text: str, policy: Policy) -> Verdict:
    """Say whether the words can be a comment. `html_text` is what is left to read of them."""
    if len(text) > policy.max_length:
        facts = (("length", len(text)), ("limit", policy.max_length))
        return Refused("too_long", facts=facts, field="body")
    return ALLOWED if text and html_text else Refused("empty", field="body")


def is_repeat(*, actor: Actor, keyed: bool, age: timedelta) -> bool:
    """Say whether a post under the same key is the same one, sent again after `age`.

    `keyed`: the sender gave it a random key of its own, and not only the words tell.
    """
    return keyed or age <= (SAME_NEWCOMER if actor.newcomer else SAME_WORDS)


def may_be_lost(*, written: datetime, failed: datetime) -> bool:
    """Say whether a post may be the one that was answered, at `failed`, as if it were none."""
    return timedelta(0) <= failed - written <= SAME_NEWCOMER


def is_same_sender(*, actor: Actor, key: str, waits: bool) -> bool:
    """Say whether a newcomer who sends a post again is the guest who sent it first.

    Shown by the secret `key` of the form, or by words that wait and that nobody else has seen:
    those that are public anybody may copy.
    """
    return actor.newcomer and (waits or len(key) >= SECRET_KEY)


def hold_reason(
    *,
    actor: Actor,
    policy: Policy,
    known: bool,
    has_link: bool,
    has_image: bool = False,
    read_first: bool = False,
    in_raid: bool = False,
    filtered: str = "",
) -> str:
    """Return the rule under which a comment waits for a moderator, or "" to publish it at once.

    `known`: a comment of this participant was published before. An image waits where a link does.
    `read_first`: a moderator wants to read whatever this person writes. `in_raid`: many come at
    once, and this one was not here before (rules.pacing). `filtered` is the rule of the filter that
    holds it, or "". Staff never wait.
    """
    if actor.is_staff:
        return ""
    reasons = (
        (READ_FIRST, read_first),
        (filtered, bool(filtered)),
        (RAID, in_raid),
        (ALL, policy.hold_all),
        (FIRST_COMMENT, policy.hold_first and not known),
        (LINK, policy.hold_links and has_link),
        (IMAGE, policy.hold_links and has_image),
    )
    return next((rule for rule, holds in reasons if holds), "")


def voice_of(*, actor: Actor) -> str:
    """Return how a comment is marked: "newsroom", "moderator", or "" for readers and guests."""
    if actor.has(Role.OWNER, Role.EDITOR, Role.REPORTER):
        return "newsroom"
    return "moderator" if actor.has(Role.MODERATOR) else ""
