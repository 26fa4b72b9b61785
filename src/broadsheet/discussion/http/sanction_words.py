"""What is said of limits: to those who are limited, and to those who limit them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.rules.sanctioning import Limit

# After these the composer cannot be sent again: the words are kept to be copied.
STOPS: Final = frozenset({"banned", "limited_ban", "limited_suspend", "limited_mute"})
# What somebody reads at the composer. Each says where the rest stands.
LIMITED: Final[Mapping[str, Promise]] = {
    "limited_warn": _(
        "A moderator warned you: %(why)s. Say that you read it, here or on the page %(page)s, and "
        "send this once more; your words are kept."
    ),
    "limited_mute": _(
        "You can read this discussion and not write in it, %(until)s: %(why)s. The page %(page)s "
        "says more. Your words are kept here, to copy."
    ),
    "limited_slow_author": _(
        "For now you can post once in %(minutes)s minutes, %(until)s: %(why)s. Wait %(wait)s more; "
        "your words are kept. The page %(page)s says more."
    ),
    "limited_suspend": _(
        "You can read here and not take part, %(until)s: %(why)s. The page %(page)s says more. "
        "Your words are kept here, to copy."
    ),
    "limited_ban": _(
        "A moderator excluded you from the discussion, %(until)s: %(why)s. The page %(page)s says "
        "more. Your words are kept here, to copy."
    ),
}
REFUSALS: Final[Mapping[str, Promise]] = {
    "appeal_many": _(
        "Several people whom this reaches have asked about it already. A moderator looks at it; "
        "what comes of it holds for you as well."
    ),
    **LIMITED,
    "limit_staff": _("Those who work here are never limited. Talk to them."),
    "limit_kind": _("Choose what is to hold for this person."),
    "limit_there": _("This holds for them already; perhaps a colleague decided so a moment ago."),
    "limit_no_network": _(
        "The network of this person is not known here, or no longer. Leave that box empty."
    ),
    "limit_no_end": _("Choose until when. What shall have no end is called excluding somebody."),
    "limit_days": _("Choose between one day and %(limit)s days."),
    "limit_minutes": _("Choose between one minute and %(limit)s minutes."),
    "limit_over": _("This has ended meanwhile: by itself, or a colleague lifted it."),
    "limit_confirm_own": _("You decided this yourself. A colleague confirms it."),
}
# What holds, in a few words, for moderators and for whom it is about.
KINDS: Final[Mapping[str, Promise]] = {
    "warn": _("Warned"),
    "hold_author": _("Read first"),
    "mute": _("May not write in this discussion"),
    "slow_author": _("Slowed down"),
    "suspend": _("Suspended"),
    "ban": _("Excluded"),
}
# The same as sentences about whoever reads them.
YOURS: Final[Mapping[str, Promise]] = {
    "warn": _("A moderator warned you."),
    "hold_author": _("A moderator reads what you write before it appears."),
    "mute": _("You can read this discussion and not write in it."),
    "slow_author": _("You can post once in %(minutes)s minutes."),
    "suspend": _("You can read here, and not post or vote."),
    "ban": _("You are excluded from the discussion: you can read it, and not post or vote."),
}
# As a moderator chooses them.
CHOICES: Final[Mapping[str, Promise]] = {
    "warn": _("Warn: they confirm that they read it before they post again"),
    "hold_author": _("Read first what they write"),
    "mute": _("Let them read this discussion and not write in it"),
    "slow_author": _("Slow them down: so many minutes between two comments"),
    "suspend": _("Suspend: they read, and do not post or vote"),
    "ban": _("Exclude, until somebody lifts it"),
}


def spoken(facts: Mapping[str, str | int], *, why: str) -> dict[str, str | int]:
    """Return what the sentence of a limit is filled in with."""
    until = str(facts.get("until", ""))
    ends = datetime.fromisoformat(until) if until else None
    seconds = int(facts.get("seconds", 0))
    return dict(facts) | {
        "why": why,
        "page": reverse("discussion:my_limits"),
        "until": until_words(ends),
        "wait": wait_words(seconds),
    }


def until_words(until: datetime | None) -> str:
    """Return until when something holds, as part of a sentence."""
    if until is None:
        return gettext("until a moderator lifts it")
    said = date_format(timezone.localtime(until), "DATETIME_FORMAT")
    return gettext("until %(date)s") % {"date": said}


def wait_words(seconds: int) -> str:
    """Return a time to wait, in whole minutes."""
    return gettext("%(minutes)s min") % {"minutes": -(-seconds // 60)}


def limit_words(limit: Limit) -> str:
    return str(KINDS[limit.kind])


def yours_words(limit: Limit) -> str:
    """Return what a limit says to whom it is about."""
    return str(YOURS[limit.kind]) % {"minutes": limit.minutes}
