"""Bringing a comment over from another system, once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.comments import counters, people
from broadsheet.discussion.comments.markdown import render, render_foreign
from broadsheet.discussion.comments.operations import insert_below
from broadsheet.discussion.models import Comment, CommentAlias, Thread
from broadsheet.discussion.rules import importing, texts
from broadsheet.discussion.rules.citing import cite
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

IMPORTED_HELD = "imported_held"
IMPORTED_REMOVED = "imported_removed"


@dataclass(frozen=True, slots=True)
class ForeignComment:
    """A comment as another system kept it.

    `system` and `foreign_id` are its name there, `parent_foreign_id` that of the comment answered,
    or "". `author_key` is the person's (`import:<system>:<site>:<id>`). `state` is "published",
    "held" or "removed"; `markup` is "html" or "markdown". `newsroom` marks a member of staff.
    """

    system: str
    foreign_id: str
    author_key: str
    body: str
    created_at: datetime
    state: str
    parent_foreign_id: str = ""
    author_name: str = ""
    author_email: str = ""
    markup: str = "html"
    language: str = ""
    pinned: bool = False
    newsroom: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a comment to import.

    `created` is False when an earlier import brought it. `detached`: what it answered is not here,
    so it stands on its own.
    """

    number: int
    created: bool
    detached: bool = False


def import_comment(
    *, actor: Actor, thread_id: int, foreign: ForeignComment, now: datetime
) -> Imported:
    """Bring one comment into a thread; parents come before their answers.

    A comment that is here already is left alone, whatever was decided or said since. What was not
    public stays so: held comments wait in the queue, removed ones are not shown. Raises
    RefusalError, UnknownThreadError, TextTooLongError, and ValueError for an unknown state.
    """
    require(importing.may_import(actor=actor))
    if foreign.state not in importing.STATES or foreign.markup not in importing.MARKUPS:
        raise ValueError(f"cannot import a comment that is {foreign.state!r}, {foreign.markup!r}")
    text = texts.clean_text(foreign.body)
    html = render(text) if foreign.markup == "markdown" else render_foreign(text)
    with transaction.atomic():
        thread = lock_thread(thread_id)
        aliases = _known(foreign)
        if earlier := aliases.get(foreign.foreign_id):
            return Imported(earlier, created=False)
        parent = _parent(aliases.get(foreign.parent_foreign_id), thread)
        comment = _made(foreign, thread=thread, text=text, html=html, now=now)
        _insert(comment, thread=thread, parent=parent)
        CommentAlias.objects.create(
            system=foreign.system, foreign_id=foreign.foreign_id, comment=comment
        )
        if comment.rule:
            verb = "hold" if comment.state == Comment.State.HELD else "remove"
            taken = chain.append(
                thread=thread, comment=comment, verb=verb, rule=comment.rule, actor=actor, now=now
            )
            if verb == "remove":
                cited = cite(entry=taken.sequence)
                Comment.objects.filter(pk=comment.pk).update(cited=cited)
    detached = bool(foreign.parent_foreign_id) and parent is None
    return Imported(comment.pk, created=True, detached=detached)


def _known(foreign: ForeignComment) -> dict[str, int]:
    names = [foreign.foreign_id, *filter(None, [foreign.parent_foreign_id])]
    rows = CommentAlias.objects.filter(system=foreign.system, foreign_id__in=names)
    return dict(rows.values_list("foreign_id", "comment_id"))


def _parent(number: int | None, thread: Thread) -> Comment | None:
    if number is None:
        return None
    fields = ("root_id", "path", "depth", "published_at")
    return Comment.objects.only(*fields).filter(pk=number, thread=thread).first()


def _made(
    foreign: ForeignComment, *, thread: Thread, text: str, html: str, now: datetime
) -> Comment:
    author = people.imported_writer(
        key=foreign.author_key, name=foreign.author_name, email=foreign.author_email, now=now
    )
    public = foreign.state == Comment.State.PUBLISHED
    held = foreign.state == Comment.State.HELD
    return Comment(
        thread=thread,
        author=author,
        guest_number=people.guest_number(thread=thread, participant=author),
        voice=Comment.Voice.NEWSROOM if foreign.newsroom else Comment.Voice.READER,
        source=text,
        markup=foreign.markup,
        html=html,
        language=foreign.language,
        state=foreign.state,
        rule="" if public else IMPORTED_HELD if held else IMPORTED_REMOVED,
        created_at=foreign.created_at,
        published_at=foreign.created_at if public else None,
        held_at=now if held else None,
        event=counters.next_event(thread) if public else None,
        pinned=foreign.pinned,
        origin=foreign.system,
    )


def _insert(comment: Comment, *, thread: Thread, parent: Comment | None) -> None:
    comment.changed = comment.event
    insert_below(comment, parent)
    if comment.state == Comment.State.PUBLISHED:
        if parent is not None and parent.published_at is None:
            counters.give_ancestors_a_place(comment, at=comment.created_at)
        counters.count(thread=thread, comment=comment, by=1)
    elif comment.state == Comment.State.HELD:
        waiting.enter(comment)
    counters.save_counts(thread)
