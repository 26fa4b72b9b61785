"""Who is on duty, and when somebody is called."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

DAY: Final = 24 * 60
WORDS_LIMIT: Final = 300
LONGEST_SHIFT: Final = timedelta(days=31)
# Nobody is called twice about the same thing within so long.
CALL_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A shift: weekly with `weekday` (Monday is 0) and minutes of the day, or once."""

    who: str
    weekday: int | None = None
    starts: int = 0
    ends: int = 0
    begins_at: datetime | None = None
    ends_at: datetime | None = None


def is_in(shift: OnDuty, *, local: datetime) -> bool:
    """Say whether a moment, by the publication's clock, is in a shift; its end is not."""
    if shift.begins_at is not None and shift.ends_at is not None:
        return shift.begins_at <= local < shift.ends_at
    if shift.weekday is None:
        return False
    minute = local.hour * 60 + local.minute
    since_monday = local.weekday() * DAY + minute
    begins = shift.weekday * DAY + shift.starts
    lasts = (shift.ends - shift.starts) % DAY or DAY
    return (since_monday - begins) % (7 * DAY) < lasts


def on_duty(
    shifts: Iterable[OnDuty], *, local: datetime, staff: Collection[str]
) -> tuple[str, ...]:
    """Return who is on duty: by a shift that is once, else by the weekly ones. Only who moderates.

    A shift that is once stands for the weekly ones of its time: somebody stands in for somebody.
    """
    now = [shift for shift in shifts if shift.who in staff and is_in(shift, local=local)]
    once = [shift for shift in now if shift.weekday is None]
    return tuple(dict.fromkeys(shift.who for shift in once or now))


def may_plan(*, actor: Actor, shift: OnDuty, staff: Collection[str]) -> Verdict:
    """Say whether the actor may put this shift into the rota; any moderator may."""
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if shift.who not in staff:
        return Refused("duty_who", field="who")
    if shift.weekday is None:
        begins, ends = shift.begins_at, shift.ends_at
        fits = begins is not None and ends is not None and begins < ends <= begins + LONGEST_SHIFT
        return ALLOWED if fits else Refused("duty_times", field="begins")
    fits = shift.weekday in range(7) and shift.starts in range(DAY) and 0 <= shift.ends <= DAY
    return ALLOWED if fits else Refused("duty_times", field="starts")


def may_call(*, actor: Actor, words: str, called_at: datetime | None, now: datetime) -> Verdict:
    """Say whether the actor may call the person on duty; `called_at`, about the same, before.

    The newsroom's own system may, where a discussion is hot.
    """
    allowed = ALLOWED if actor.id.startswith("system:") else may_moderate(actor=actor)
    if not allowed:
        return allowed
    if len(words) > WORDS_LIMIT:
        return Refused("reason_too_long", facts=(("limit", WORDS_LIMIT),), field="words")
    if called_at is not None and now - called_at < CALL_AGAIN:
        return Refused("called_already", facts=(("called", called_at.isoformat()),))
    return ALLOWED
