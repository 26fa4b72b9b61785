"""Deciding about a comment, and about an earlier version of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.comments import counters
from broadsheet.discussion.comments.states import move
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.images.operations import forget_images
from broadsheet.discussion.models import (
    Comment,
    CommentRevision,
    Report,
)
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import remember, remember_still, standing_of
from broadsheet.discussion.quotes.operations import blank_quotes_of
from broadsheet.discussion.reports.operations import settle
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.rules.citing import cite
from broadsheet.discussion.rules.editing import mark_of
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.discussion.threads.telling import quoting, tell
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

SECOND_LOOK = "second_look"


class UnknownVersionError(LookupError):
    """The comment has no earlier version of this number."""


@dataclass(frozen=True, slots=True)
class Decided:
    """`sequence` is the decision's number in the room's chain; `state` that of the comment now."""

    number: int
    state: str
    sequence: int


def decide(
    *,
    actor: Actor,
    comment_id: int,
    verb: str,
    rule: str,
    reason: str,
    now: datetime,
    seen: str = "",
    alone: bool = False,
) -> Decided:
    """Publish, hold, remove or restore a comment, and write down who decided it and why.

    `rule` is a house rule in force for a removal; `reason` is free words for the author. `seen` is
    the mark of the words that were read (rules.editing): nobody publishes others unread. Nobody
    decides about what concerns them, unless they are owner and `alone` (rules.concerning). Open
    reports are answered by it. Raises RefusalError (also when somebody else decided the same
    meanwhile), UnknownCommentError.
    """
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment = Comment.objects.defer("html").get(pk=comment_id)
        words, book = reason.strip(), current_rules()
        require(
            deciding.may_decide(
                actor=actor,
                state=comment.state,
                verb=verb,
                rule=rule,
                reason=words,
                in_force=comment.rule,
                rules=book.keys,
            )
        )
        require(deciding.is_seen(seen=seen, source=comment.source))
        before = {comment_id: (comment.author_id, standing_of(comment))}
        kept_rule = {"remove": rule, "hold": rule or SECOND_LOOK}.get(verb, "")
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb=verb,
            rule=kept_rule,
            actor=actor,
            now=now,
            reason=words,
            book=book,
        )
        state = deciding.TO[verb]
        hides = state != Comment.State.PUBLISHED
        cited = cite(entry=decision.sequence, rule=kept_rule, book=book) if hides else ""
        move(thread=thread, comment=comment, state=state, rule=kept_rule, now=now, cited=cited)
        held = mark_of(comment.source) if verb == "hold" else ""
        remember(decision=decision, before=before, to={comment_id: comment.state}, words=held)
        settle([comment_id], decision=decision, upheld=verb in deciding.UPHOLDING, now=now)
    return Decided(comment_id, comment.state, decision.sequence)


def dismiss_reports(
    *,
    actor: Actor,
    comment_id: int,
    reason: str,
    now: datetime,
    seen: str = "",
    alone: bool = False,
) -> Decided:
    """Let a comment stand about which there are reports: the words that were `seen`.

    Raises as `decide` does.
    """
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment = Comment.objects.only("state", "author_id", "source").get(pk=comment_id)
        words = reason.strip()
        reports = Report.objects.filter(comment=comment, settled_at=None).count()
        require(deciding.may_dismiss(actor=actor, reports=reports, reason=words))
        require(deciding.is_seen(seen=seen, source=comment.source))
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb="dismiss",
            rule="",
            actor=actor,
            now=now,
            reason=words,
        )
        remember_still(decision=decision, comment=comment)
        settle([comment_id], decision=decision, upheld=False, now=now)
    return Decided(comment_id, comment.state, decision.sequence)


def blank_version(
    *,
    actor: Actor,
    comment_id: int,
    number: int,
    reason: str,
    now: datetime,
    alone: bool = False,
) -> Decided:
    """Take the words of an earlier version of a comment away for good; its number stays.

    Raises RefusalError, UnknownCommentError, UnknownVersionError.
    """
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment = Comment.objects.only("state").get(pk=comment_id)
        version = CommentRevision.objects.filter(comment=comment, number=number).first()
        if version is None:
            raise UnknownVersionError(comment_id, number)
        words = reason.strip()
        left = version.blanked_at is None
        require(deciding.may_blank(actor=actor, words_left=left, reason=words))
        version.source = version.html = ""
        version.blanked_at = now
        version.save(update_fields=["source", "html", "blanked_at"])
        quoted = Comment.objects.filter(pk=comment_id)
        tell(thread=thread, numbers=quoting(sources=quoted, revision=number))
        blank_quotes_of(sources=quoted, now=now, revision=number)
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb="blank",
            rule=f"version:{number}",
            actor=actor,
            now=now,
            reason=words,
        )
        counters.next_event(thread)
        counters.save_counts(thread)
    return Decided(comment_id, comment.state, decision.sequence)


def blank_image(
    *, actor: Actor, comment_id: int, reason: str, now: datetime, alone: bool = False
) -> Decided:
    """Take the image of a comment away for good; its words stay.

    Raises RefusalError, UnknownCommentError.
    """
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment = Comment.objects.only("state", "has_image", "published_at").get(pk=comment_id)
        words = reason.strip()
        require(deciding.may_blank(actor=actor, words_left=comment.has_image, reason=words))
        forget_images(comments=Comment.objects.filter(pk=comment_id))
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb="blank",
            rule="image",
            actor=actor,
            now=now,
            reason=words,
        )
        if comment.published_at is not None:
            Comment.objects.filter(pk=comment_id).update(changed=counters.next_event(thread))
            counters.save_counts(thread)
    return Decided(comment_id, comment.state, decision.sequence)
