"""The demonstration's discussions: posted, voted on and moderated as people do it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor, Role
from broadsheet.site.demo import files
from broadsheet.site.demo.files import CommentFile, NoteFile
from broadsheet.site.demo.people import Cast
from broadsheet.stories import api as stories
from broadsheet.stories.api import StoryPage

# As in the demonstration's settings: everything appears at once, but what carries a link.
POLICY: Final = discussion.Policy(hold_first=False, hold_links=True)
# A moderator needs this long to see what is wrong.
LOOKED_AFTER: Final = timedelta(minutes=3)


def talk(*, pages: Mapping[str, StoryPage], cast: Cast, now: datetime) -> None:
    """Post all threads, the longest first, so that it has the first numbers."""
    threads, notes = files.threads(now=now), files.notes(now=now)
    for slug in sorted(threads, key=lambda slug: (-len(threads[slug]), slug)):
        thread_id = stories.open_discussion(story=pages[slug], site=settings.SITE_SLUG, now=now)
        thread = _Thread(thread_id, cast, now)
        thread.ask(notes[slug])
        thread.post(threads[slug])


class _Thread:
    def __init__(self, thread_id: int, cast: Cast, now: datetime) -> None:
        self.thread_id = thread_id
        self.cast = cast
        self.now = now
        self.notes: list[int] = []

    def ask(self, notes: list[NoteFile]) -> None:
        """Ask readers about words of the story, before anybody answers."""
        self.notes = [
            discussion.ask(
                actor=self.cast.actor_of_role("editor"),
                thread_id=self.thread_id,
                phrase=discussion.Phrase(note.phrase),
                question=note.question,
                opened=note.opened,
                story_text=stories.text_of_edition,
                now=self.now - timedelta(minutes=note.minutes_ago),
            )
            for note in notes
        ]

    def post(self, comments: list[CommentFile]) -> None:
        """Post in the order of time: what is answered is older than its answers."""
        parents = _parents(comments)
        numbers: dict[int, int] = {}
        for at in sorted(range(len(comments)), key=lambda at: (-comments[at].minutes_ago, at)):
            answered = parents[at]
            numbers[at] = self._post(comments[at], None if answered is None else numbers[answered])
        for at, comment in enumerate(comments):
            if comment.rule:
                self._remove(comment, numbers[at])

    def _post(self, comment: CommentFile, parent: int | None) -> int:
        at = self.now - timedelta(minutes=comment.minutes_ago)
        account = comment.kind == "@"
        posted = discussion.post_comment(
            actor=self.cast.actor(comment.name) if account else _guest(comment.name),
            thread_id=self.thread_id,
            parent_id=parent,
            source=comment.text,
            name="" if comment.kind else comment.name,
            quotes=[
                discussion.Chosen(parent if kind == "quote" else None, words)
                for kind, words in comment.quotes
            ],
            story_text=stories.text_of_edition,
            note_id=self.notes[comment.note - 1] if comment.note else None,
            policy=POLICY,
            now=at,
        )
        if posted.state == "published":
            for voter, value in _votes(comment):
                discussion.vote(actor=voter, comment_id=posted.number, value=value, now=at)
        return posted.number

    def _remove(self, comment: CommentFile, number: int) -> None:
        discussion.decide(
            actor=self.cast.actor_of_role("moderator"),
            comment_id=number,
            verb="remove",
            rule=comment.rule,
            reason=comment.reason,
            now=self.now - timedelta(minutes=comment.minutes_ago) + LOOKED_AFTER,
        )


def _parents(comments: list[CommentFile]) -> list[int | None]:
    """Return for each comment the position of the one it answers."""
    found: list[int | None] = []
    above: dict[int, int] = {}
    for at, comment in enumerate(comments):
        found.append(above[comment.level - 1] if comment.level else None)
        above[comment.level] = at
    return found


def _votes(comment: CommentFile) -> Iterator[tuple[Actor, int]]:
    for number in range(comment.up + comment.down):
        yield _guest(f"reader {number}"), 1 if number < comment.up else -1


def _guest(name: str) -> Actor:
    token = uuid5(NAMESPACE_URL, f"https://harbourpost.example/{name}").hex
    return Actor(id=f"device:{token}", roles=frozenset({Role.GUEST}))
