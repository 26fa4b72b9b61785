"""A comment as moderators see it: with all that is needed to decide about it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from broadsheet.discussion.appeals.queries import OpenAppeal, appeals_of
from broadsheet.discussion.comments.markdown import links_of
from broadsheet.discussion.comments.rows import Row, person
from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.filters.matches import matches_of
from broadsheet.discussion.images.queries import images_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Claim, Comment, Decision, Waiting
from broadsheet.discussion.moderation.concerns import concerns
from broadsheet.discussion.moderation.histories import Deed, History, deed, histories
from broadsheet.discussion.moderation.likelihood import Likelihood, likelihood_of
from broadsheet.discussion.notices.queries import OpenNotice, open_notices
from broadsheet.discussion.reports.queries import Reports, reports_of
from broadsheet.discussion.rules.appealing import APPEAL
from broadsheet.discussion.rules.concerning import may_judge
from broadsheet.discussion.rules.deciding import FROM
from broadsheet.discussion.rules.editing import WITHDRAWN, mark_of
from broadsheet.discussion.rules.marking import MARKS, Markable, verbs_for
from broadsheet.discussion.rules.sanctioning import Limit, reads_first
from broadsheet.discussion.rules.sieving import Match
from broadsheet.discussion.rules.spotting import OF_FILTERS, key_of, marked
from broadsheet.discussion.rules.waiting import NOTICE, REASONS, is_open
from broadsheet.discussion.sanctions.in_force import limits_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.html import SafeHtml, stored

COLUMNS: Final = (
    "id",
    "html",
    "source",
    "revision",
    "state",
    "rule",
    "created_at",
    "guest_number",
    "author_id",
    "author__name",
    "author__kind",
    "author__email",
    "author__owner",
    "author__uuid",
    "thread__url",
    "thread__title",
    "parent_id",
    "parent__html",
    "parent__guest_number",
    "parent__author__name",
    "published_at",
    "thread_id",
    "voice",
    "pinned",
    "featured",
    "answer",
    "closed_at",
    "note__exact",
    "note__question",
    "has_image",
    "reply_count",
    "descendants",
    "assessment__percent",
    "assessment__reasons",
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody is at it or, with `asks`, wants a colleague to be. `mine`: whoever reads this."""

    by: str
    at: datetime
    asks: bool
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A comment as a moderator needs it: with its story, what it answers, and who wrote it.

    `verbs` may be decided about its state, `marks` about its marks; neither where it is of
    `concern` to who reads this. It waits for `reasons` since `since`. `phrase` is what it is on in
    the story, `question` what was asked there. `last` was decided last. `answers` are public below
    it. `limits` hold for its author, a `person`. Its `image` is gone with a withdrawal alone.
    `appeal` is what its author asks; `mine_to_answer`: who reads this may let the decision stand.
    A filter found the `match` in it, which is marked in `html`.
    """

    number: int
    state: str
    rule: str
    html: SafeHtml
    created_at: datetime
    author: Person
    kind: str
    email: str
    story_title: str
    story_url: str
    parent: int | None
    parent_author: Person | None
    parent_html: SafeHtml
    links: tuple[str, ...]
    verbs: tuple[str, ...]
    has_place: bool
    seen: str = ""
    versions: int = 1
    marks: tuple[str, ...] = ()
    thread: int = 0
    reports: Reports | None = None
    phrase: str = ""
    question: str = ""
    image: ShownImage | None = None
    reasons: tuple[str, ...] = ()
    since: datetime | None = None
    answers: int = 0
    concern: str = ""
    claim: Claimed | None = None
    history: History | None = None
    last: Deed | None = None
    limits: tuple[Limit, ...] = ()
    person: UUID | None = None
    by_staff: bool = False
    appeal: OpenAppeal | None = None
    notices: tuple[OpenNotice, ...] = ()
    likelihood: Likelihood | None = None
    match: Match | None = None
    mine_to_answer: bool = True

    @property
    def read_first(self) -> bool:
        return reads_first(limits=self.limits)

    @property
    def match_key(self) -> str:
        return key_of(self.match) if self.match else ""


def items_of(
    numbers: Collection[int], *, actor: Actor, now: datetime, alone: bool
) -> dict[int, QueueItem]:
    """Return comments as the queue shows them to `actor`, by number; at most seventeen queries.

    `alone` as in rules.concerning.
    """
    if not numbers:
        return {}
    rows = list(Comment.objects.filter(pk__in=numbers).values(*COLUMNS))
    pictured = [row["id"] for row in rows if row["has_image"]]
    images = images_of(pictured) if pictured else {}
    reports, claims, last = reports_of(numbers), _claims(numbers, actor, now), _last(numbers)
    reasons, known = _reasons(numbers), histories({row["author_id"] for row in rows})
    noticed = open_notices([number for number, waits in reasons.items() if NOTICE in waits])
    asked = appeals_of([number for number, waits in reasons.items() if APPEAL in waits])
    limits = limits_of(owners={row["author__owner"] for row in rows}, now=now)
    stopped = {row["id"]: row["rule"] for row in rows if _may_match(row)}
    matches = matches_of(stopped) if stopped else {}
    concerned = {
        number: way
        for number, way in concerns(actor=actor, numbers=numbers).items()
        if not may_judge(actor=actor, concern=way, alone=alone)
    }
    found = {}
    for row in rows:
        number = row["id"]
        waits = reasons.get(number, {})
        item = replace(
            _item(row, images.get(number), matches.get(number)),
            reports=reports.get(number),
            reasons=tuple(reason for reason in REASONS if reason in waits),
            since=min(waits.values(), default=None),
            claim=claims.get(number),
            history=known.get(row["author_id"]),
            last=last.get(number),
            limits=limits.get(row["author__owner"], ()),
            concern=concerned.get(number, ""),
            appeal=asked.get(number),
            notices=noticed.get(number, ()),
            mine_to_answer=alone or number not in asked or asked[number].by != actor.id,
        )
        found[number] = replace(item, verbs=()) if item.concern else item
    return found


def _reasons(numbers: Collection[int]) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    rows = Waiting.objects.filter(comment__in=numbers)
    for number, reason, since in rows.values_list("comment", "reason", "since"):
        found.setdefault(number, {})[reason] = since
    return found


def _claims(numbers: Collection[int], actor: Actor, now: datetime) -> dict[int, Claimed]:
    rows = Claim.objects.filter(comment__in=numbers)
    return {
        one.comment_id: Claimed(one.actor_id, one.at, one.asks, one.words, one.actor_id == actor.id)
        for one in rows
        if is_open(at=one.at, asks=one.asks, now=now)
    }


def _last(numbers: Collection[int]) -> dict[int, Deed]:
    """Return what was decided last about each comment, beside its marks. One query."""
    columns = ("comment", "sequence", "verb", "rule", "actor_id", "by_role", "at")
    rows = Decision.objects.filter(comment__in=numbers).exclude(verb__in=[*MARKS, APPEAL])
    return {row["comment"]: deed(row) for row in rows.order_by("sequence").values(*columns)}


def _may_match(row: Row) -> bool:
    return row["state"] == Comment.State.HELD and row["rule"] in OF_FILTERS


def _item(row: Row, image: ShownImage | None, match: Match | None) -> QueueItem:
    html = stored(row["html"])
    answered = Person(name=row["parent__author__name"] or "", guest=row["parent__guest_number"])
    return QueueItem(
        number=row["id"],
        state=row["state"],
        rule=row["rule"],
        html=marked(html, match) if match else html,
        match=match,
        created_at=row["created_at"],
        author=person(row),
        kind=row["author__kind"],
        email=row["author__email"],
        story_title=row["thread__title"],
        story_url=row["thread__url"],
        parent=row["parent_id"],
        parent_author=answered if row["parent_id"] else None,
        parent_html=stored(row["parent__html"] or ""),
        links=links_of(row["html"]),
        verbs=_verbs(row),
        has_place=row["published_at"] is not None,
        seen=mark_of(row["source"]),
        versions=row["revision"],
        marks=verbs_for(_markable(row)),
        thread=row["thread_id"],
        phrase=row["note__exact"] or "",
        question=row["note__question"] or "",
        image=image,
        answers=max(row["reply_count"], row["descendants"]),
        person=row["author__uuid"],
        by_staff=bool(row["voice"]),
        likelihood=likelihood_of(row["assessment__percent"], row["assessment__reasons"]),
    )


def _markable(row: Row) -> Markable:
    has = {mark: row[mark] for mark in ("pinned", "featured", "answer")}
    has["closed"] = row["closed_at"]
    return Markable(
        is_root=row["parent_id"] is None,
        is_public=row["state"] == Comment.State.PUBLISHED,
        by_staff=bool(row["voice"]),
        marks=frozenset(mark for mark, there in has.items() if there),
    )


def _verbs(row: Row) -> tuple[str, ...]:
    """Return what may be decided about it. What its author took back, nobody else restores."""
    if row["rule"] == WITHDRAWN:
        return ()
    return tuple(verb for verb, states in FROM.items() if row["state"] in states)
