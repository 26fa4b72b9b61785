"""Changing and taking back what one wrote."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.comments import counters
from broadsheet.discussion.comments.markdown import links_of, words
from broadsheet.discussion.comments.operations import (
    Body,
    body_of,
    hold_by_rule,
    with_mentions,
)
from broadsheet.discussion.comments.people import is_new_in_raid
from broadsheet.discussion.comments.states import move
from broadsheet.discussion.filters.judging import Said, is_repeated, judge, likeness_of, sieve_of
from broadsheet.discussion.images.operations import forget_images
from broadsheet.discussion.mentions.operations import write_mentions
from broadsheet.discussion.models import (
    Comment,
    CommentRevision,
    Mention,
    Quote,
    Report,
    Thread,
    Vote,
)
from broadsheet.discussion.quotes.operations import blank_quotes_of
from broadsheet.discussion.reports.operations import settle
from broadsheet.discussion.rules import editing, posting
from broadsheet.discussion.rules.citing import cite
from broadsheet.discussion.rules.pacing import is_closed
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.sanctioning import reads_first
from broadsheet.discussion.rules.sieving import HOLD, REPEAT, Match, Sieve
from broadsheet.discussion.sanctions.in_force import reached, reaching
from broadsheet.discussion.sanctions.letting import let_write
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.discussion.threads.standing import switches_of
from broadsheet.discussion.threads.telling import quoting, tell
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit.

    `state` is "published" or "held", and `rule` why it waits. `revision` numbers the words it has
    now. `changed` is False where they were these already.
    """

    number: int
    state: str
    rule: str
    revision: int
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`has_place`: it was public once, and leaves a stub where it stood."""

    number: int
    has_place: bool


def edit_comment(
    *, actor: Actor, comment_id: int, source: str, seen: str, policy: Policy, now: datetime
) -> Edited:
    """Give one's own comment other words, in the way in which they would be posted.

    `seen` is the mark (rules.editing) of the words that the change was made on: after another edit
    they are others, and this one is refused. Once somebody answered, voted, quoted or reported,
    the earlier words are kept as a version that all can read. Raises RefusalError (nothing was
    written), UnknownCommentError.
    """
    require(posting.may_write(actor=actor))
    body = body_of(source, policy)
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = _own(comment_id, actor=actor, now=now)
        written = written_of(comment, thread, now=now)
        require(editing.may_edit(actor=actor, written=written, policy=policy, now=now))
        limited: bool = comment.limited  # type: ignore[attr-defined]  # annotated by _own
        limits = let_write(actor=actor, thread=thread.pk, now=now) if limited else ()
        if comment.source == body.text:
            return _edited(comment, changed=False)
        require(editing.is_current(seen=seen, source=comment.source))
        body, named = with_mentions(body, thread_id=thread.pk, policy=policy)
        found = _filtered(comment, body, actor=actor, thread=thread, now=now)
        rule = editing.hold_again(
            actor=actor,
            policy=policy,
            public=comment.state == Comment.State.PUBLISHED,
            read_first=reads_first(limits=limits),
            in_raid=is_new_in_raid(actor, thread, now=now),
            new_link=bool(set(links_of(body.html)) - set(links_of(comment.html))),
            filtered=found.rule if found else "",
        )
        quoted: bool = comment.quoted  # type: ignore[attr-defined]  # annotated by _own
        shown = comment.state == Comment.State.PUBLISHED and not rule
        if shown:
            comment.changed = counters.next_event(thread)
            if quoted:
                tell(thread=thread, numbers=quoting(sources=Comment.objects.filter(pk=comment_id)))
        _rewrite(comment, body, now=now)
        write_mentions(comment=comment, named=named, text=body.text, now=now)
        if comment.state == Comment.State.HELD:
            waiting.unscore(comment_id)
        if rule:
            held = hold_by_rule(comment, thread=thread, rule=rule, found=found, now=now)
            move(
                thread=thread,
                comment=comment,
                state=Comment.State.HELD,
                rule=rule,
                now=now,
                cited=cite(entry=held.sequence),
                may_be_quoted=quoted,
            )
            waiting.refresh([comment_id])
        elif shown:
            counters.save_counts(thread)
    return _edited(comment)


def withdraw_comment(*, actor: Actor, comment_id: int, now: datetime) -> Withdrawn:
    """Take one's own comment back; nobody reads its words any more, nor those quoted from it.

    Its image is deleted: nobody can restore the comment.

    In the chain of decisions its author stands as the participant, not as account or device: that
    row can be anonymised, a link of the chain cannot. Raises RefusalError, UnknownCommentError.
    """
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.select_related("author").defer("source", "html")
        own = comment.get(pk=comment_id)
        require(editing.may_withdraw(actor=actor, written=written_of(own, thread, now=now)))
        rule = editing.WITHDRAWN
        author = replace(actor, id=f"participant:{own.author.uuid}", roles=frozenset())
        taken = chain.append(
            thread=thread, comment=own, verb="withdraw", rule=rule, actor=author, now=now
        )
        cited, state = cite(entry=taken.sequence), Comment.State.REMOVED
        move(thread=thread, comment=own, state=state, rule=rule, now=now, cited=cited)
        # The same words may be posted anew: they are no repetition of what is gone.
        Comment.objects.filter(pk=comment_id).update(idempotency_key=None)
        settle([comment_id], decision=taken, upheld=True, now=now)
        gone = Comment.objects.filter(pk=comment_id)
        blank_quotes_of(sources=gone, now=now)
        if own.has_image:
            forget_images(comments=gone)
    return Withdrawn(comment_id, own.published_at is not None)


def written_of(comment: Comment, thread: Thread, *, now: datetime) -> editing.Written:
    """Return what the rules know of a comment whose author was read with it."""
    return editing.Written(
        owner=comment.author.owner,
        state=comment.state,
        created_at=comment.created_at,
        closed=is_closed(switches_of(thread), now=now),
        hidden=thread.hidden_at is not None,
    )


def _own(number: int, *, actor: Actor, now: datetime) -> Comment:
    return (
        Comment.objects.select_related("author")
        .annotate(
            answered=Exists(Comment.objects.filter(parent=OuterRef("pk"))),
            voted=Exists(Vote.objects.filter(comment=OuterRef("pk"))),
            quoted=Exists(Quote.objects.filter(source=OuterRef("pk"))),
            reported=Exists(Report.objects.filter(comment=OuterRef("pk"))),
            limited=Exists(reaching(reached(actor=actor), now=now)),
        )
        .get(pk=number)
    )


def _filtered(
    comment: Comment, body: Body, *, actor: Actor, thread: Thread, now: datetime
) -> Match | None:
    """Let the filters look at the new words, where they do not find the same in the old ones.

    The comment is from then on known by what the new words say.
    """
    sieve = sieve_of(thread)
    comment.likeness = like = likeness_of(sieve, body.plain)
    if sieve is None:
        return None
    old = Said(words(comment.html), links_of(comment.html))
    said = Said(body.plain, links_of(body.html))
    repeated = (
        like is not None
        and like != likeness_of(sieve, old.text)
        and is_repeated(sieve=sieve, comment=comment, likeness=like, by=actor.id, now=now)
    )
    if _is_new(sieve, said, old):
        return judge(sieve=sieve, said=said, actor=actor, repeated=repeated)
    return Match(HOLD, REPEAT, str(like)) if repeated and not actor.is_staff else None


def _is_new(sieve: Sieve, said: Said, old: Said) -> bool:
    """Say whether filters find in what somebody says now what they did not find there before."""
    found = sieve.find(text=said.text, links=said.links)
    if found is None:
        return False
    before = sieve.find(text=old.text, links=old.links)
    is_same = before and (before.rule, before.entry) == (found.rule, found.entry)
    # What was there before may stand before what is new.
    there = sieve.all_in(text=said.text, links=said.links)
    return not is_same or not there <= sieve.all_in(text=old.text, links=old.links)


def _rewrite(comment: Comment, body: Body, *, now: datetime) -> None:
    if "@" in comment.source:
        Mention.objects.filter(comment=comment).delete()
    noticed = editing.Noticed(
        answered=comment.answered,  # type: ignore[attr-defined]  # annotated by _own
        voted=comment.voted,  # type: ignore[attr-defined]  # the same
        quoted=comment.quoted,  # type: ignore[attr-defined]  # the same
        reported=comment.reported,  # type: ignore[attr-defined]  # the same
    )
    if editing.leaves_trace(revision=comment.revision, noticed=noticed):
        CommentRevision.objects.create(
            comment=comment,
            number=comment.revision,
            source=comment.source,
            html=comment.html,
            written_at=comment.edited_at or comment.created_at,
        )
        comment.revision += 1
        comment.edited_at = now
    comment.source, comment.html = body.text, body.html
    comment.markup = Comment.Markup.MARKDOWN
    changed = ["source", "html", "markup", "revision", "edited_at", "changed", "likeness"]
    comment.save(update_fields=changed)


def _edited(comment: Comment, *, changed: bool = True) -> Edited:
    return Edited(comment.pk, comment.state, comment.rule, comment.revision, changed)
