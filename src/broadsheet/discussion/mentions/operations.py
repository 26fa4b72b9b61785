"""Who is mentioned in a comment: finding them, writing it down, and forgetting it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.db.models import OuterRef, QuerySet, Subquery

from broadsheet.discussion.models import (
    Comment,
    CommentRevision,
    GuestLabel,
    Mention,
    Participant,
)
from broadsheet.discussion.rules import mentioning
from broadsheet.discussion.rules.piles import without_piles
from broadsheet.discussion.rules.policy import Policy

# What is left of a name: the sign of an omission, in any language.
LEFT_OUT = "@[…]"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody of a thread: the participant's key, and the number of what they wrote last."""

    person: int
    number: int


def people_named(*, thread_id: int, text: str, policy: Policy) -> dict[str, Mentioned]:
    """Return those of a thread's people who may be meant by an "@" in the text, by name.

    Who only waits for a moderator is not known yet; a name that two people have means neither. No
    query without an "@", else one, and one more where a numbered guest is named.
    """
    names = mentioning.candidates(text)
    if not names:
        return {}
    found = list(_by_name(thread_id, names))
    numbers = _guests(names, policy.guest_name)
    if numbers:
        found += _by_number(thread_id, numbers)
    known: dict[str, Mentioned] = {}
    twice = set()
    for name, person, number in found:
        if name in known:
            twice.add(name)
        known[name] = Mentioned(person, number)
    return {name: one for name, one in known.items() if name not in twice}


def write_mentions(
    *, comment: Comment, named: Mapping[str, Mentioned], text: str, now: datetime
) -> None:
    """Write down whom a comment names, each once."""
    people = {named[name].person: name for _, _, name in mentioning.mentioned(text, named)}
    if people:
        Mention.objects.bulk_create(
            Mention(comment=comment, person_id=person, name=name, created_at=now)
            for person, name in people.items()
            if f">{_shown(name)}</a>" in comment.html
        )


def forget_mentions(*, of: Participant) -> None:
    """Leave the name of somebody out of all that mentions them, versions too; unlink it."""
    for mention in Mention.objects.filter(person=of).exclude(name="").select_related("comment"):
        versions = CommentRevision.objects.filter(comment=mention.comment)
        rows: list[Comment | CommentRevision] = [mention.comment, *versions]
        for row in rows:
            row.source = _cut(row.source, mention.name)
            row.html = _without(row.html, mention.name)
            row.save(update_fields=["source", "html"])
    Mention.objects.filter(person=of).update(name="")


def _cut(source: str, name: str) -> str:
    parts, at = [], 0
    for start, end, _ in mentioning.mentioned(source, {name}):
        parts += [source[at:start], LEFT_OUT]
        at = end
    return "".join((*parts, source[at:]))


def _shown(name: str) -> str:
    """Return a mention as the HTML of a comment has it."""
    return without_piles(f"@{escape(name, quote=False)}")


def _without(html: str, name: str) -> str:
    return re.sub(rf'<a href="/c/\d+/"[^>]*>{re.escape(_shown(name))}</a>', LEFT_OUT, html)


def _latest(thread_id: int, person: str) -> Subquery:
    public = Comment.objects.filter(
        author=OuterRef(person), thread=thread_id, state=Comment.State.PUBLISHED
    )
    return Subquery(public.order_by("-pk").values("pk")[:1])


def _by_name(thread_id: int, names: Iterable[str]) -> "QuerySet[Participant, tuple[str, int, int]]":
    people = Participant.objects.filter(name__in=names)
    known = people.annotate(latest=_latest(thread_id, "pk")).exclude(latest=None)
    return known.values_list("name", "pk", "latest")


def _guests(names: Iterable[str], pattern: str) -> dict[int, str]:
    """Return the numbers of guests among names, by what a guest is called here."""
    before, sign, after = pattern.partition("NUMBER")
    if not sign:
        return {}
    called = re.compile(f"{re.escape(before)}([1-9][0-9]{{0,8}}){re.escape(after)}")
    matches = [(name, called.fullmatch(name)) for name in names]
    return {int(match[1]): name for name, match in matches if match}


def _by_number(thread_id: int, numbers: Mapping[int, str]) -> list[tuple[str, int, int]]:
    labels = GuestLabel.objects.filter(thread=thread_id, number__in=numbers)
    known = labels.annotate(latest=_latest(thread_id, "participant")).exclude(latest=None)
    rows = known.values_list("number", "participant_id", "latest")
    return [(numbers[number], person, latest) for number, person, latest in rows]
