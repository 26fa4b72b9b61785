"""One gentle question before a post. It never blocks: what is sent a second time is taken."""

from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Final

from broadsheet.discussion.assistant.asking import is_on, words_to_read_again
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# Who was asked is kept in this process; after a restart somebody may be asked once more.
_MOST: Final = 10_000
_SHOWN: Final = 3
_asked: OrderedDict[bytes, None] = OrderedDict()
_one_at_a_time: Final = Lock()


def read_again(
    *, actor: Actor, thread: int, parent: int | None, text: str, key: str, image: bool
) -> Verdict:
    """Say whether a post goes on, or its writer is asked to read it again: once for a form.

    `key` is that of the form. Who works here is not asked, nor who sends an `image`: browsers would
    make them choose it again.
    """
    if not is_on() or actor.is_staff or image:
        return ALLOWED
    words = clean_text(text)
    marks = [_mark("words", thread, actor.network, words), _mark("form", thread, "", key)]
    if _was_asked(marks if key else marks[:1]):
        return ALLOWED
    found = words_to_read_again(thread=thread, parent=parent, owner=actor.id, text=words)
    if not found:
        return ALLOWED
    _remember(marks if key else marks[:1])
    named = " · ".join(f"“{one}”" for one in found[:_SHOWN] if one)
    if not named:
        return Refused("read_again", field="body")
    return Refused("read_again_words", facts=(("words", named),), field="body")


def forget() -> None:
    """Forget who was asked: for tests."""
    with _one_at_a_time:
        _asked.clear()


def _mark(kind: str, thread: int, network: str, words: str) -> bytes:
    return sha256(f"{kind}\0{thread}\0{network}\0{words}".encode("utf-8", "replace")).digest()


def _was_asked(marks: list[bytes]) -> bool:
    with _one_at_a_time:
        return any(mark in _asked for mark in marks)


def _remember(marks: list[bytes]) -> None:
    with _one_at_a_time:
        _asked.update(dict.fromkeys(marks))
        while len(_asked) > _MOST:
            _asked.popitem(last=False)
