"""What is said of slow modes, closings and raids."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.moderation.newcomers import MOST_COUNTED
from broadsheet.discussion.pace.queries import Swept
from broadsheet.discussion.rules.duty import OnDuty

_MINUTE: Final = 60
_HOUR: Final = 60 * 60
_DAY: Final = 24 * _HOUR

REFUSALS: Final[Mapping[str, Promise]] = {
    "slow_mode": _(
        "Slow mode: one comment every %(every)s. You can post again at %(again)s, in %(wait)s; "
        "your words are kept."
    ),
    "pace_seconds": _("At least %(least)s seconds lie between two comments, and at most a day."),
    "pace_until": _("Choose an end that is still to come, in at most %(days)s days."),
    "raid_lasts": _("A raid mode lasts between a quarter of an hour and a day."),
    "raid_since": _("Choose a beginning within the last 24 hours."),
    "duty_who": _("Choose somebody who may decide about comments."),
    "duty_times": _(
        "Choose from when to when: an end after the beginning, a shift that is once of at most a "
        "month."
    ),
    "called_already": _("Somebody called about this at %(called)s. Not twice within an hour."),
    "raid_busy": _("This raid is being undone at this moment. Wait until that is through."),
    "raid_vote": _(
        "Many came at once. Until that is over, only those vote who have commented here before."
    ),
}
RULES: Final[Mapping[str, Promise]] = {
    "raid": _("many came at once, and what people write who are new here is read first"),
    "time_over": _("its time was over"),
}
# Names of the switches, and what a decision did.
KINDS: Final[Mapping[str, Promise]] = {
    "slow": _("Slow mode"),
    "closed": _("Closed"),
    "raid": _("Raid mode"),
}
_DID: Final[Mapping[str, Promise]] = {
    "slow": _("Slow mode on"),
    "unslow": _("Slow mode off"),
    "close": _("Closed"),
    "reopen": _("Opened again"),
    "raid": _("Raid mode on"),
    "end_raid": _("Raid mode off"),
    "remove_raid": _("A raid removed"),
    "publish_raid": _("What a raid held published"),
}
# Seconds between two comments, and minutes that something lasts, as they are offered.
SECONDS: Final = (30, 60, 120, 300, 900, 3600)
LASTS: Final = (60, 120, 720, 1440, 10_080, 0)
RAID_LASTS: Final = (15, 60, 120, 360, 720, 1440)
RAID_BEGAN: Final = (0, 10, 30, 60, 180)


def duration(seconds: int) -> str:
    """Return a length of time in its largest whole unit: "2 minutes", "90 seconds"."""
    if seconds >= _DAY and not seconds % _DAY:
        return ngettext("%(n)s day", "%(n)s days", seconds // _DAY) % {"n": seconds // _DAY}
    if seconds >= _HOUR and not seconds % _HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // _HOUR) % {"n": seconds // _HOUR}
    if seconds >= _MINUTE and not seconds % _MINUTE:
        n = seconds // _MINUTE
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def slow_words(seconds: int) -> str:
    """Return what a composer says while a slow mode holds."""
    return gettext("Slow mode: one comment every %(every)s.") % {"every": duration(seconds)}


def lasts_words(minutes: int) -> str:
    return duration(minutes * _MINUTE) if minutes else gettext("until it is turned off")


def began_words(minutes: int) -> str:
    """Return how long ago a raid began."""
    if not minutes:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": duration(minutes * _MINUTE)}


def kind_words(kind: str) -> str:
    return str(KINDS[kind])


def did_words(verb: str) -> str:
    return str(_DID[verb])


def spoken(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return the facts of a refusal as people say them: lengths and moments in words."""
    said = dict(facts)
    if "again" in said:
        said["again"] = moment(datetime.fromisoformat(str(said["again"])))
        said["every"] = duration(int(said["every"]))
        said["wait"] = _rounded(int(said["seconds"]))
    if "called" in said:
        said["called"] = moment(datetime.fromisoformat(str(said["called"])))
    return said


def moment(at: datetime) -> str:
    """Return the time of the day by the clock of the publication, with its seconds."""
    local = localtime(at)
    return f"{format_date(local, get_format('TIME_FORMAT'))}"


def _rounded(seconds: int) -> str:
    """Return a wait of more than two minutes in whole minutes, never too short."""
    if seconds < 2 * _MINUTE:
        return duration(seconds)
    return duration(-(-seconds // _MINUTE) * _MINUTE)


def swept_words(swept: Swept) -> str:
    """Return what became of a raid: so many comments, by which decision."""
    count = {"count": swept.moved}
    if swept.taken_back:
        said = ngettext(
            "Undone: %(count)s comment is as it was before.",
            "Undone: %(count)s comments are as they were before.",
            swept.moved,
        )
    elif swept.verb == "publish_raid":
        said = ngettext(
            "%(count)s comment is published.", "%(count)s comments are published.", swept.moved
        )
    else:
        said = ngettext(
            "%(count)s comment is removed.", "%(count)s comments are removed.", swept.moved
        )
    return said % count


def of_raid(left: Mapping[int, tuple[int, int]], raid: int) -> tuple[int, int] | None:
    return left.get(raid)


def left_words(left: tuple[int, int]) -> str:
    """Return how much of a raid nobody decided about: what is held of it, and all."""
    held, count = left
    return gettext("Comments of people who were new here: %(all)s. Held of these: %(held)s.") % {
        "all": _up_to(count),
        "held": _up_to(held),
    }


def _up_to(count: int) -> str:
    """Return a number that was counted up to a bound."""
    if count < MOST_COUNTED:
        return str(count)
    return gettext("%(count)s or more") % {"count": MOST_COUNTED}


def weekdays() -> list[tuple[int, str]]:
    """Return the days of the week as they are offered; Monday is 0."""
    return [(number, str(name)) for number, name in WEEKDAYS.items()]


def shift_words(shift: OnDuty) -> str:
    """Return when somebody is on duty: "Monday, 18:00 – 22:00"."""
    if shift.weekday is None or shift.begins_at is not None:
        both = [localtime(one) for one in (shift.begins_at, shift.ends_at) if one is not None]
        return " – ".join(format_date(one, get_format("DATETIME_FORMAT")) for one in both)
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in (shift.starts, shift.ends)]
    return f"{WEEKDAYS[shift.weekday]}, {' – '.join(times)}"
