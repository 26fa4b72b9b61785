"""Forgetting somebody who wrote: their name and address, their words beside the discussion."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.comments import counters
from broadsheet.discussion.images.operations import forget_images
from broadsheet.discussion.mentions.operations import forget_mentions
from broadsheet.discussion.models import (
    Appeal,
    Comment,
    Decision,
    Mention,
    Participant,
    Report,
    Thread,
    Vote,
    Waiting,
)
from broadsheet.discussion.moderation.erasing import erase_decisions
from broadsheet.discussion.moderation.limits import forget_reaches
from broadsheet.discussion.quotes.operations import blank_quotes_of
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.threads.telling import quoting, tell
from broadsheet.kit.actor import Actor, system
from broadsheet.kit.verdict import require

# Who forgets, for the log: not the person who asked for it.
FORGETTING = system(name="erasure")


class UnknownParticipantError(LookupError):
    """No participant has this id."""


def erase_participant(*, actor: Actor, participant: UUID, now: datetime) -> None:
    """Forget the name, the address and the device or account of somebody who wrote.

    What they wrote stays, by nobody, and what others quoted of it is blank; their images, which may
    show them, are deleted; where others mentioned them, the name is left out. So are the words that
    moderators wrote about it, and those with which they reported others or asked for a second look.
    Their votes stay counted, cast by nobody, and so do reports. Done twice, it changes nothing.
    Raises RefusalError, UnknownParticipantError.
    """
    while not _erased(actor=actor, participant=participant, now=now):
        pass


def _erased(*, actor: Actor, participant: UUID, now: datetime) -> bool:
    """Erase; False, and nothing is changed, where they posted in another thread meanwhile.

    One order of locks, that of everything else: threads, the person, the chain. Only then what
    others write while they have the chain, as reports that are answered. Threads and person are
    locked in the way that lets others name them in rows of theirs, which is looked at when those
    transactions end, at the chain's end; and the name by which the person is known is changed last,
    for that waits for whoever names them, and from then on nothing is waited for. What they post in
    other threads while this goes on is let alone but for its author.
    """
    wrote = Comment.objects.filter(author__uuid=participant)
    with transaction.atomic():
        threads = Thread.objects.select_for_update(no_key=True)
        locked = list(threads.filter(pk__in=wrote.values("thread_id")).order_by("pk"))
        people = Participant.objects.select_for_update(no_key=True)
        found = people.filter(uuid=participant).first()
        if found is None:
            raise UnknownParticipantError(participant)
        if found.erased_at is not None:
            return True
        require(deciding.may_erase(actor=actor, owner=found.owner))
        if wrote.exclude(thread__in=locked).exists():
            return False
        nobody = f"erased:{found.uuid}"
        forget_reaches(owner=found.owner, nobody=nobody)
        chain.lock()
        _forget_what_was_sent(owner=found.owner, nobody=nobody)
        _forget_what_was_written(found, locked, now=now)
        found.key = found.owner = nobody
        found.name = found.email = ""
        found.erased_at = now
        found.save(update_fields=["key", "owner", "name", "email", "erased_at"])
    return True


def _forget_what_was_sent(*, owner: str, nobody: str) -> None:
    Vote.objects.filter(voter=owner).update(voter=nobody)
    Report.objects.filter(reporter=owner).update(reporter=nobody, words="")
    Appeal.objects.filter(asker=owner).update(asker=nobody, words="")


def _forget_what_was_written(
    person: Participant, threads: Sequence[Thread], *, now: datetime
) -> None:
    """Forget what stands at their comments of these threads, which are locked."""
    wrote = Comment.objects.filter(author=person, thread__in=threads)
    about = Decision.objects.filter(comment__in=wrote, reason__isnull=False)
    numbers = list(about.values_list("sequence", flat=True))
    erase_decisions(actor=FORGETTING, numbers=numbers, now=now)
    Waiting.objects.filter(comment__in=wrote, match__isnull=False).update(match=None)
    blank_quotes_of(sources=wrote, now=now)
    forget_images(comments=wrote)
    wrote.filter(network__isnull=False).update(network=None)
    for thread in threads:
        tell(thread=thread, numbers=_naming(person, thread))
        counters.save_counts(thread)
    forget_mentions(of=person)


def _naming(person: Participant, thread: Thread) -> set[int]:
    """Return the comments on which the name of somebody stands: four queries.

    Their own, the answers to those, what quotes them, and what mentions them.
    """
    own = Comment.objects.filter(author=person, thread=thread)
    answers = Comment.objects.filter(parent__in=own.values("pk"))
    mentions = Mention.objects.filter(person=person, comment__thread=thread).exclude(name="")
    return {
        *own.values_list("pk", flat=True),
        *answers.values_list("pk", flat=True),
        *mentions.values_list("comment_id", flat=True),
        *quoting(sources=own),
    }
