"""A program that holds a discussion of 200 comments in a newsroom, the same one each time.

Ten conversations by people, nameless guests and the newsroom, one of them between two, one twenty
levels deep. Some comments are edited, quoted, pinned, chosen, removed and withdrawn, and below one
nothing more is taken.
"""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from broadsheet.kit.actor import Actor

BEGIN: Final = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
# When it is read.
NOW: Final = BEGIN + timedelta(hours=16)
PEOPLE: Final = (
    "Ada Lind",
    "Ben Roy",
    "Cem Aydın",
    "Dana Ø",
    "Eli Marsh",
    "فاطمة",
    "Guðrún",
    "Ida",
)
TALKS: Final = 10
TURNS: Final = 20


@dataclass(frozen=True, slots=True)
class Talk:
    url: str
    comments: int


def _actor(turn: int) -> "Actor":
    from broadsheet.kit.actor import Actor, Role

    if turn % 9 == 4:
        return Actor(id=f"device:{turn % 3}", roles=frozenset({Role.GUEST}))
    if turn % 11 == 7:
        roles = frozenset({Role.REPORTER, Role.READER})
        return Actor(id="account:ines", roles=roles, name="Ines Halloran")
    name = PEOPLE[turn * 5 % len(PEOPLE)]
    return Actor(id=f"account:{name}", roles=frozenset({Role.READER}), name=name)


def _answered(talk: int, turn: int) -> int:
    """Return which turn of its talk a turn answers: the one before, or an early one."""
    last = talk >= TALKS - 2 or turn % 4 in {1, 2}
    return turn - 1 if last else turn // 3


def hold() -> Talk:
    from django.db import transaction

    with transaction.atomic():
        return _held()


def _held() -> Talk:
    from broadsheet.discussion import api
    from broadsheet.kit.actor import Actor, Role
    from broadsheet.stories.models import SectionPage
    from newsroom import make_story

    section = SectionPage.objects.get(slug="town")
    story = make_story(
        section, at=BEGIN, headline="Whoever hears this", slug="heard", pictures=False
    )
    thread = api.thread_ids(site="main", keys=[str(story.uuid)])[str(story.uuid)]
    staff = Actor(id="account:mona", roles=frozenset({Role.MODERATOR, Role.READER}), name="Mona")
    policy = api.Policy(hold_first=False, hold_links=False)
    now = BEGIN
    numbers: list[int] = []
    writers: list[Actor] = []

    def tick() -> datetime:
        nonlocal now
        now += timedelta(minutes=4)
        return now

    for talk in range(TALKS):
        first = len(numbers)
        for turn in range(TURNS):
            # The last but one is between two people.
            writer = _actor(turn % 2 if talk == TALKS - 2 else len(numbers))
            to = numbers[first + _answered(talk, turn)] if turn else None
            quotes = [api.Chosen(to, whole=True)] if to and turn == 5 else []
            posted = api.post_comment(
                actor=writer,
                thread_id=thread,
                parent_id=to,
                source=f"Turn {turn + 1} of talk {talk + 1}.",
                policy=policy,
                quotes=quotes,
                now=tick(),
            )
            numbers.append(posted.number)
            writers.append(writer)
    for at, verb in ((43, "remove"), (88, "remove"), (125, "hold")):
        api.decide(
            actor=staff,
            comment_id=numbers[at],
            verb=verb,
            rule="off_topic" if verb == "remove" else "",
            reason="",
            now=tick(),
        )
    for at, mark in ((40, "pin"), (21, "feature"), (7, "mark_answer"), (60, "close")):
        api.mark_comment(actor=staff, comment_id=numbers[at], verb=mark, reason="", now=tick())
    api.edit_comment(
        actor=writers[181],
        comment_id=numbers[181],
        source="Said better.",
        seen=api.mark_of("Turn 2 of talk 10."),
        policy=api.Policy(hold_links=False, edit_minutes=24 * 60),
        now=tick(),
    )
    api.withdraw_comment(actor=writers[142], comment_id=numbers[142], now=tick())
    return Talk(url=str(story.url), comments=len(numbers))


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(asdict(hold()), sys.stdout)
