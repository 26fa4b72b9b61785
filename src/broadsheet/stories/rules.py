"""When a story may go out, and what the next step with it is. Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# First pieces of addresses that are the house's, or that it may want: no page lies there. A test
# holds this against the routes.
RESERVED_SLUGS: Final = frozenset(
    {
        *("people", "topics", "series", "archive", "search", "corrections", "feed", "sitemap"),
        *("s", "c", "t", "me", "support", "account", "moderation", "notifications", "oembed"),
        *("desk", "admin", "api", "static", "media", "documents", "theme", "mailbox"),
        *("demonstration", "healthz", "readyz", "metrics", "robots", "trust", "embed", "badge"),
        *("rules", "report", "notices"),
    }
)


def may_be_called(*, slug: str, on_top: bool) -> Verdict:
    """Say whether a page may have this in its address; `on_top` is right below the front page."""
    return Refused("reserved", field="slug") if on_top and slug in RESERVED_SLUGS else ALLOWED


def may_publish(
    *, embargo_until: datetime | None, go_live_at: datetime | None, now: datetime
) -> Verdict:
    """Say whether a story may be published or scheduled at this moment.

    Under embargo only a time of publication that is not before its end is allowed.
    """
    if embargo_until is None or embargo_until <= now:
        return ALLOWED
    if go_live_at is not None and go_live_at >= embargo_until:
        return ALLOWED
    facts = (("until", embargo_until.isoformat()),)
    return Refused("embargo", facts, field="embargo_until")


class Step(StrEnum):
    """What can be done next with a story by whoever has it open."""

    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    PUBLISH = "publish"
    PUBLISH_AT = "publish_at"
    PUBLISH_CHANGES = "publish_changes"
    PUBLISH_CHANGES_AT = "publish_changes_at"
    APPROVE = "approve"
    APPROVE_AT = "approve_at"
    PASS_ON = "pass_on"  # noqa: S105 - approve a step that is not the last
    HOLD = "hold"
    SAVE = "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a story stands, and the rights of the person before it.

    `may_publish`, `may_approve` and `may_submit` are rights; `waits` says that it was submitted and
    `last_task` that nobody else has to approve it; `returned` that an editor asked for changes.
    """

    may_publish: bool = False
    may_approve: bool = False
    may_submit: bool = False
    last_task: bool = True
    returned: bool = False
    live: bool = False
    go_live_at: datetime | None = None
    embargo_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """The next step; `at` is when it takes effect, or for HOLD when the embargo ends."""

    step: Step
    at: datetime | None = None


def next_step(*, situation: Situation, now: datetime) -> Next:
    """Return what the main button of the editor does."""
    if situation.may_approve and not situation.last_task:
        return Next(Step.PASS_ON)
    if situation.may_approve or situation.may_publish:
        return _publication(situation, now)
    if situation.may_submit:
        return Next(Step.RESUBMIT if situation.returned else Step.SUBMIT)
    return Next(Step.SAVE)


def _publication(situation: Situation, now: datetime) -> Next:
    verdict = may_publish(
        embargo_until=situation.embargo_until, go_live_at=situation.go_live_at, now=now
    )
    if not verdict:
        return Next(Step.HOLD, situation.embargo_until)
    later = situation.go_live_at if situation.go_live_at and situation.go_live_at > now else None
    if situation.may_approve:
        return Next(Step.APPROVE_AT if later else Step.APPROVE, later)
    if situation.live:
        return Next(Step.PUBLISH_CHANGES_AT if later else Step.PUBLISH_CHANGES, later)
    return Next(Step.PUBLISH_AT if later else Step.PUBLISH, later)


def is_forgotten_schedule(
    *,
    go_live_at: datetime | None,
    was_public: bool,
    unpublished: bool,
    scheduled: bool,
    now: datetime,
) -> bool:
    """Say whether somebody set a time of publication and did not press the button.

    A time that has passed counts for what was never public: it was missed.
    """
    if go_live_at is None or scheduled or not unpublished:
        return False
    return go_live_at > now or not was_public
