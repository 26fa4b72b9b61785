"""Posting a comment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.comments import counters, people
from broadsheet.discussion.comments.branches import answered_with
from broadsheet.discussion.comments.markdown import has_link, links_of, render, words
from broadsheet.discussion.comments.repeats import beside_of, earlier_of, persona_of, sent_of
from broadsheet.discussion.filters.judging import Said, judge, likeness_of, sieve_of
from broadsheet.discussion.filters.matches import facts_of
from broadsheet.discussion.images.operations import write_image
from broadsheet.discussion.images.shown import KeptImage
from broadsheet.discussion.mentions.operations import (
    Mentioned,
    people_named,
    write_mentions,
)
from broadsheet.discussion.models import Comment, Decision, Note, Thread
from broadsheet.discussion.notes.operations import note_to_answer, start_note
from broadsheet.discussion.pace.slow import require_patience
from broadsheet.discussion.quotes.operations import drafts_of, write_quotes
from broadsheet.discussion.quotes.sources import StoryText
from broadsheet.discussion.rules import paths, posting, texts
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.rules.sanctioning import reads_first
from broadsheet.discussion.rules.sieving import Match
from broadsheet.discussion.rules.spotting import OF_FILTERS
from broadsheet.discussion.sanctions.in_force import network_digest
from broadsheet.discussion.sanctions.letting import let_post
from broadsheet.discussion.statements import insert, update
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.discussion.threads.standing import is_shut, raid_of
from broadsheet.kit.actor import Actor, system
from broadsheet.kit.html import SafeHtml, stored
from broadsheet.kit.verdict import require

RULES = system(name="rules")


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a post. `rule` is why it waits, when it is held.

    `state` is "published" or "held"; for a repeated post, whatever the first one is by now. `owner`
    is the guest a newcomer turned out to be, by a secret key or by words that only they know.
    `found` are the words for which a filter lets it wait.
    """

    number: int
    state: str
    rule: str
    parent: int | None
    thread_url: str
    repeated: bool = False
    owner: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Words as they are kept, the HTML that is shown of them, and what is read of that."""

    text: str
    html: str
    plain: str = ""


def post_comment(  # noqa: PLR0913 - what a form of this kind has, named one by one
    *,
    actor: Actor,
    thread_id: int,
    source: str,
    policy: Policy,
    now: datetime,
    parent_id: int | None = None,
    name: str = "",
    email: str = "",
    idempotency_key: str = "",
    quotes: Sequence[Chosen] = (),
    story_text: StoryText | None = None,
    note_id: int | None = None,
    phrase: Phrase | None = None,
    staff_names: Collection[str] = (),
    image: KeptImage | None = None,
    warning: int | None = None,
) -> Posted:
    """Post a comment, or an answer to comment `parent_id`; publish it or hold it for a moderator.

    With `note_id` it answers a question at a phrase of the story, with a `phrase` it begins a note
    there; what answers a comment does neither.

    The same post sent again returns what the first one became: by `idempotency_key`, a random
    string of the sender's, or without one by the same words of the same person at the same place a
    moment ago. A newcomer is the same person as another one of their network. The words of `quotes`
    are looked for where they were said; `story_text` gives those of the story. Quotations that were
    typed become quotes where their source is found. No guest is called what looks like one of
    `staff_names`. The files of `image` are kept already. `warning` is the number of one that the
    sender says they read. Raises RefusalError (nothing was written),
    UnknownThreadError.
    """
    require(posting.may_write(actor=actor))
    require(posting.may_be_called(actor=actor, name=name, staff=staff_names))
    body = body_of(source, policy)
    at_words = None if parent_id else phrase or note_id
    persona = persona_of(actor, name)
    beside = beside_of(quotes, at_words, image)
    sent = sent_of(actor, idempotency_key, parent_id, persona, body.text, beside)
    with transaction.atomic():
        thread = lock_thread(thread_id)
        if earlier := earlier_of(thread, sent):
            age = now - earlier.created_at
            if posting.is_repeat(actor=actor, keyed=bool(idempotency_key), age=age):
                secret = idempotency_key if earlier.idempotency_key == sent.key else ""
                return _repeated(earlier, thread, actor, secret)
            Comment.objects.filter(pk=earlier.pk).update(idempotency_key=None)
        parent, below_closed = answered_with(parent_id, now=now) if parent_id else (None, False)
        require(
            posting.may_post(
                actor=actor,
                closed=is_shut(thread, now=now),
                parent=_facts(parent, parent_id, thread, closed=below_closed),
            )
        )
        require_patience(actor=actor, thread=thread, parent_id=parent_id, now=now)
        note: Note | None = None
        if isinstance(at_words, Phrase):
            note = start_note(
                actor=actor,
                thread=thread,
                phrase=at_words,
                policy=policy,
                story_text=story_text,
                now=now,
            )
        elif at_words:
            note = note_to_answer(thread=thread, number=at_words)
        body, named = with_mentions(body, thread_id=thread.pk, policy=policy)
        drafts = drafts_of(
            thread=thread, parent=parent, html=body.html, chosen=quotes, story_text=story_text
        )
        raid, sieve = raid_of(thread, now=now), sieve_of(thread)
        likeness = likeness_of(sieve, body.plain)
        writes = people.writer(
            actor=actor, name=name, email=email, now=now, raid=raid, sieve=sieve, likeness=likeness
        )
        author = writes.participant
        let_post(limits=writes.limits, actor=actor, thread=thread.pk, warning=warning, now=now)
        links, alt = links_of(body.html) if sieve else (), image.alt if image else ""
        said = Said(body.plain, links, author.name, alt)
        found = judge(
            sieve=sieve,
            said=said,
            actor=actor,
            removed=writes.removed,
            repeated=writes.repeated,
        )
        rule = posting.hold_reason(
            actor=actor,
            policy=policy,
            known=writes.known,
            has_link=has_link(body.html) and not (sieve and sieve.allows(said.links)),
            has_image=image is not None,
            read_first=reads_first(limits=writes.limits),
            in_raid=raid is not None and not writes.trusted,
            filtered=found.rule if found else "",
        )
        comment = Comment(
            thread=thread,
            author=author,
            guest_number=people.guest_number(thread=thread, participant=author),
            voice=posting.voice_of(actor=actor),
            source=body.text,
            html=body.html,
            created_at=now,
            edition=thread.edition,
            quote_count=len(drafts),
            has_image=image is not None,
            note=note,
            idempotency_key=sent.key,
            rule=rule,
            network=(policy.keep_network and network_digest(actor.network)) or None,
            likeness=likeness,
        )
        _place(comment, thread=thread, parent=parent, found=found, now=now)
        write_quotes(comment=comment, drafts=drafts, now=now)
        write_image(comment=comment, image=image, now=now)
        write_mentions(comment=comment, named=named, text=body.text, now=now)
        if rule:
            hold_by_rule(comment, thread=thread, rule=rule, found=found, now=now)
    return replace(_posted(comment, thread), found=found.found if found else "")


def preview(*, thread_id: int, source: str, policy: Policy) -> SafeHtml:
    """Return the HTML that would be stored of these words. Raises RefusalError; writes nothing."""
    body, _ = with_mentions(body_of(source, policy), thread_id=thread_id, policy=policy)
    return stored(body.html)


def insert_below(comment: Comment, parent: Comment | None) -> None:
    """Insert a comment with its root, depth and path; a reply's path needs the id it just got."""
    if parent is None:
        insert(comment)
        return
    comment.parent_id = parent.pk
    comment.root_id = parent.root_id or parent.pk
    comment.depth = parent.depth + 1
    insert(comment)
    comment.path = paths.path_of(number=comment.pk, parent_path=bytes(parent.path))
    update(comment, "path")


def _repeated(comment: Comment, thread: Thread, actor: Actor, key: str) -> Posted:
    author, waits = comment.author, comment.state == Comment.State.HELD
    same = posting.is_same_sender(actor=actor, key=key, waits=waits) and not author.erased_at
    posted = _posted(comment, thread)
    return replace(posted, repeated=True, owner=author.owner if same else "")


def _posted(comment: Comment, thread: Thread) -> Posted:
    return Posted(
        number=comment.pk,
        state=comment.state,
        rule=comment.rule,
        parent=comment.parent_id,
        thread_url=thread.url,
    )


def _place(
    comment: Comment,
    *,
    thread: Thread,
    parent: Comment | None,
    found: Match | None,
    now: datetime,
) -> None:
    """Insert the comment as held or published, with all that counts it."""
    if comment.rule:
        comment.state, comment.held_at = Comment.State.HELD, now
        insert_below(comment, parent)
        waiting.enter(comment, found=found)
        return
    comment.state, comment.published_at = Comment.State.PUBLISHED, now
    comment.event = comment.changed = counters.next_event(thread)
    insert_below(comment, parent)
    counters.count(thread=thread, comment=comment, by=1)
    counters.save_counts(thread)


def body_of(source: str, policy: Policy) -> Body:
    """Return what becomes of the words somebody sent. Raises RefusalError where they are unfit."""
    text = texts.clean_text(source)
    html = render(text) if len(text) <= policy.max_length else ""
    plain = words(html)
    require(posting.is_fit(text=text, html_text=plain, policy=policy))
    return Body(text, html, plain)


def with_mentions(
    body: Body, *, thread_id: int, policy: Policy
) -> tuple[Body, dict[str, Mentioned]]:
    """Return the words with links at the names of people of the thread, and who those are."""
    named = people_named(thread_id=thread_id, text=body.text, policy=policy)
    if not named:
        return body, named
    numbers = {name: one.number for name, one in named.items()}
    return Body(body.text, render(body.text, mentions=numbers), body.plain), named


def hold_by_rule(
    comment: Comment, *, thread: Thread, rule: str, found: Match | None, now: datetime
) -> Decision:
    """Write down that a rule of the house holds a comment, and what a filter found in it."""
    about: dict[str, Any] = {"thread": thread, "comment": comment, "rule": rule}
    if found and rule in OF_FILTERS:
        filters = thread.house.filters if thread.house else ""
        about |= {"facts": facts_of(found, filters=filters), "suspected": found.house}
    return chain.append(verb="hold", actor=RULES, now=now, **about)


def _facts(
    parent: Comment | None, parent_id: int | None, thread: Thread, *, closed: bool
) -> posting.Parent | None:
    if parent_id is None:
        return None
    return posting.Parent(
        same_thread=parent is not None and parent.thread_id == thread.pk,
        published=parent is not None and parent.state == Comment.State.PUBLISHED,
        closed=closed,
    )
