"""Changing the filters: trying a draft on what was said lately, and switching on what was tried."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median
from time import perf_counter
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from broadsheet.discussion import chain
from broadsheet.discussion.comments.markdown import links_of, words
from broadsheet.discussion.filters.judging import Said, likeness_of, look, removed_lately
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import Comment, FilterVersion, SiteState
from broadsheet.discussion.rules import filtering, sieving
from broadsheet.discussion.rules.deciding import REASON_LIMIT, may_moderate
from broadsheet.discussion.rules.filtering import Filters
from broadsheet.discussion.rules.sieving import Match, Sieve
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused, require

CHANGE: Final = "change_filters"
TRIED_ON: Final = 1_000
MOST_SHOWN: Final = 50
_WORDS_SHOWN: Final = 240


@dataclass(frozen=True, slots=True)
class Version:
    """Filters that were in force from then on. `by` is the opaque id of who switched them on."""

    number: int
    digest: str
    filters: Filters
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Caught:
    """A comment that a draft or the filters in force would have stopped; None where not."""

    number: int
    words: str
    is_waiting: bool
    draft: Match | None
    in_force: Match | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many comments filters would have held and refused, and what each cost in milliseconds.

    That of the one in the middle, the `mean` and the `worst`, which has words to be seen first.
    """

    held: int
    refused: int
    cost: float
    mean: float
    worst: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft beside what is in force, tried on the last comments; nothing was changed.

    `caught` are some of what either found, first of those `differ` on which they do not agree.
    """

    comments: int
    draft: Outcome
    in_force: Outcome
    caught: tuple[Caught, ...]
    differ: int


def try_filters(*, actor: Actor, filters: Filters, now: datetime, limit: int = TRIED_ON) -> Trial:
    """Say what filters would have done with the last comments. Five queries; changes nothing.

    Raises RefusalError where these cannot be filters.
    """
    require(may_moderate(actor=actor))
    _require_fit(filters)
    in_force = filters_in_force()
    rows = list(_last(limit))
    mine, draft = _run(filters, rows, now)
    theirs, before = _run(in_force.filters if in_force else Filters(), rows, now)
    found = [
        Caught(row["id"], _beginning(row["html"]), row["state"] == "held", one, two)
        for row, one, two in zip(rows, mine, theirs, strict=True)
        if one or two
    ]
    differ = [one for one in found if _action(one.draft) != _action(one.in_force)]
    same = [one for one in found if _action(one.draft) == _action(one.in_force)]
    shown = [*reversed(differ), *reversed(same)][:MOST_SHOWN]
    return Trial(len(rows), draft, before, tuple(shown), len(differ))


def switch_on(
    *, actor: Actor, filters: Filters, tried: str, before: str, reason: str, now: datetime
) -> int:
    """Let filters hold from now on, and return the number of their version.

    `tried` is the digest of what was tried and `before` of what was in force then: nobody switches
    on what was not tried, nor over what a colleague changed meanwhile. Raises RefusalError.
    """
    require(may_moderate(actor=actor))
    _require_fit(filters)
    content, words = filtering.written(filters), reason.strip()
    digest = filtering.digest_of(content)
    if len(words) > REASON_LIMIT:
        raise RefusalError(
            Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
        )
    if tried != digest:
        raise RefusalError(Refused("filter_untried"))
    with transaction.atomic():
        SiteState.objects.get_or_create(pk=1)
        state = SiteState.objects.select_for_update().get(pk=1)
        if state.filters != before:
            raise RefusalError(Refused("filter_changed"))
        if state.filters == digest:
            raise RefusalError(Refused("filter_same"))
        last = FilterVersion.objects.aggregate(last=Max("number"))["last"] or 0
        decision = chain.append(
            verb=CHANGE,
            actor=actor,
            now=now,
            reason=words,
            facts={"version": last + 1, "digest": digest, "before": before},
        )
        FilterVersion.objects.create(
            number=last + 1, digest=digest, content=content, at=now, decision=decision
        )
        SiteState.objects.filter(pk=1).update(filters=digest)
    return last + 1


def _require_fit(filters: Filters) -> None:
    require(filtering.are_fit(filters))
    if filters.house_rule and not current_rules().number(filters.house_rule):
        raise RefusalError(Refused("filter_rule", field="house_rule"))


def filters_in_force() -> Version | None:
    """Return the filters in force; None where there are none. Two queries."""
    digest = SiteState.objects.filter(pk=1).values_list("filters", flat=True).first()
    if not digest:
        return None
    return next(iter(versions(limit=1, digest=digest)), None)


def versions(*, limit: int = 50, **wanted: Any) -> tuple[Version, ...]:
    """Return what was in force, the last first. One query."""
    rows = FilterVersion.objects.filter(**wanted).select_related("decision__reason")
    return tuple(
        Version(
            row.number,
            row.digest,
            filtering.read(row.content),
            row.at,
            row.decision.actor_id,
            getattr(getattr(row.decision, "reason", None), "text", ""),
        )
        for row in rows.order_by("-number")[:limit]
    )


def _last(limit: int) -> Iterator[dict[str, Any]]:
    """Return the last comments of those who do not work here, the oldest first."""
    columns = (
        *("id", "html", "state", "created_at", "author", "author__owner", "author__name"),
        "image__alt",
    )
    rows = Comment.objects.filter(voice="", origin="").order_by("-pk").values(*columns)
    yield from reversed(list(rows[:limit]))


def _run(
    filters: Filters, rows: list[dict[str, Any]], now: datetime
) -> tuple[list[Match | None], Outcome]:
    """Let filters look at comments in their order, as they would have when those were posted."""
    sieve, again = Sieve(filters), _repetitions(filters)
    removed = removed_lately(authors=[row["author"] for row in rows], filters=filters, now=now)
    found: list[Match | None] = []
    spent: list[float] = []
    for row in rows:
        html, alt = row["html"], row["image__alt"] or ""
        said = Said(words(html), links_of(html), row["author__name"], alt)
        began = perf_counter()
        repeated = again(likeness_of(sieve, said.text), row["author__owner"], row["created_at"])
        removed_often = row["author"] in removed
        found.append(look(sieve=sieve, said=said, removed=removed_often, repeated=repeated))
        spent.append(perf_counter() - began)
    counted = Counter(map(_action, found))
    costs = (round(measure(spent or [0.0]) * 1000, 3) for measure in (median, fmean, max))
    return found, Outcome(counted[sieving.HOLD], counted[sieving.REFUSE], *costs)


def _repetitions(filters: Filters) -> Callable[[int | None, str, datetime], bool]:
    """Return what says of one comment after the other whether it was said before, as REPEATED."""
    said: dict[int, dict[str, datetime]] = defaultdict(dict)

    def again(likeness: int | None, by: str, at: datetime) -> bool:
        if likeness is None:
            return False
        since, people = at - timedelta(hours=filters.repeat_hours), said[likeness]
        lately = {who for who, when in people.items() if when >= since}
        people[by] = at
        return by in lately or len(lately) >= filters.repeat_people - 1

    return again


def _action(match: Match | None) -> str:
    return match.action if match else ""


def _beginning(html: str) -> str:
    text = " ".join(words(html).split())
    return text if len(text) <= _WORDS_SHOWN else f"{text[:_WORDS_SHOWN]}…"
