"""What the queue says: why something waits, what was done, and who did what."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.appeals.queries import OpenAppeal
from broadsheet.discussion.http.wording import MARKED, rule_sentence
from broadsheet.discussion.moderation.histories import MOST_COUNTED, Deed, History
from broadsheet.discussion.moderation.items import Claimed
from broadsheet.discussion.moderation.record import Entry
from broadsheet.discussion.reports.queries import Reports

# Names of the lists, and on a comment why it stands in one.
REASONS: Final[Mapping[str, Promise]] = {
    "": _("All"),
    "held": _("Held"),
    "first": _("First comments"),
    "reported": _("Reported"),
    "context": _("Out of context"),
    "raid": _("In a raid"),
    "appeal": _("Second look"),
    "notice": _("Notices"),
}
WHY: Final[Mapping[str, Promise]] = {
    "held": _("Held"),
    "first": _("First comment"),
    "reported": _("Reported"),
    "context": _("Quoted out of context?"),
    "raid": _("In a raid"),
    "appeal": _("Asks for a second look"),
    "notice": _("Said to be illegal"),
}
CONCERNS: Final[Mapping[str, Promise]] = {
    "own": _("You wrote this. Somebody else decides about it."),
    "answers": _("It answers you. Somebody else decides about it."),
    "quotes": _("It quotes you. Somebody else decides about it."),
    "reports": _("Whoever wrote it has reported something of yours. Somebody else decides."),
}
# Who did what, before the time of it.
_DID: Final[Mapping[str, Promise]] = {
    "publish": _("%(who)s published it"),
    "hold": _("%(who)s held it back"),
    "remove": _("%(who)s removed it"),
    "restore": _("%(who)s restored it"),
    "withdraw": _("Its author took it back"),
    "blank": _("%(who)s took words or an image of it away for good"),
    "dismiss": _("%(who)s let it stand"),
    "uphold": _("%(who)s looked again and let the decision stand"),
    "remove_branch": _("%(who)s removed it with all below it"),
    "hold_author": _("%(who)s has all that this person writes read first"),
    "free_author": _("%(who)s no longer has this person read first"),
    "warn": _("%(who)s warned its author"),
    "mute": _("%(who)s lets its author read the discussion and not write in it"),
    "slow_author": _("%(who)s slowed its author down"),
    "suspend": _("%(who)s suspended its author"),
    "ban": _("%(who)s excluded its author"),
    "lift": _("%(who)s lifted what held for its author"),
    "confirm": _("%(who)s confirmed what a colleague decided about its author"),
    "remove_raid": _("%(who)s removed it with all of a raid"),
    "publish_raid": _("%(who)s published it with what was held in a raid"),
    "undo": _("%(who)s undid what was decided about it"),
}
# What was decided about somebody, in one word or two.
_SHORT: Final[Mapping[str, Promise]] = {
    "publish": _("published"),
    "hold": _("held back"),
    "remove": _("removed"),
    "restore": _("restored"),
    "dismiss": _("let stand"),
    "uphold": _("looked at again, the decision stands"),
    "remove_branch": _("removed with its branch"),
    "remove_raid": _("removed with a raid"),
    "publish_raid": _("published with what was held in a raid"),
    "hold_author": _("read first from then on"),
    "free_author": _("no longer read first"),
    "warn": _("warned"),
    "mute": _("not to write in a discussion"),
    "slow_author": _("slowed down"),
    "suspend": _("suspended"),
    "ban": _("excluded"),
    "lift": _("a limit lifted"),
}
_DONE: Final[Mapping[str, Promise]] = {
    "publish": _("Comment %(number)s is published."),
    "hold": _("Comment %(number)s is held back."),
    "remove": _("Comment %(number)s is removed: %(why)s."),
    "restore": _("Comment %(number)s is restored."),
    "dismiss": _("Comment %(number)s stands; its reports are answered."),
    "uphold": _("What was decided about comment %(number)s stands; its author is told."),
    "hold_author": _("All that the author of comment %(number)s writes is read first now."),
    "free_author": _("What the author of comment %(number)s writes is no longer read first."),
    "warn": _("The author of comment %(number)s is warned: %(why)s."),
    "mute": _("The author of comment %(number)s may read that discussion and not write in it."),
    "slow_author": _("The author of comment %(number)s is slowed down."),
    "suspend": _("The author of comment %(number)s is suspended: %(why)s."),
    "ban": _("The author of comment %(number)s is excluded: %(why)s."),
    "lift": _("What held for the author of comment %(number)s is lifted."),
    "take": _("Your colleagues see that you are at comment %(number)s."),
    "release": _("Comment %(number)s is anybody’s again."),
    "ask": _("Your colleagues see that you ask them about comment %(number)s."),
    "undo": _("What was decided about comment %(number)s is undone."),
}


def why_words(reason: str) -> str:
    return str(WHY.get(reason, reason))


def named(reports: Reports | None, rule: str) -> int:
    """Return how many people reported a comment under a rule."""
    return dict(reports.rules).get(rule, 0) if reports else 0


def concern_words(concern: str) -> str:
    return str(CONCERNS[concern])


def count_words(count: int) -> str:
    """Return a number of comments, of which nobody counts more than so many."""
    if count < MOST_COUNTED:
        return str(count)
    return gettext("%(count)s or more") % {"count": MOST_COUNTED}


def name_of(actor_id: str, names: Mapping[str, str]) -> str:
    """Return what a colleague is called; "" is a rule of the house."""
    if not actor_id:
        return gettext("The settings of this site")
    return names.get(actor_id) or gettext("A colleague")


def claimed_words(claim: Claimed, names: Mapping[str, str]) -> str:
    """Return who is at a comment, or wants a colleague to be, without the time."""
    said = gettext("%(who)s asks a colleague") if claim.asks else gettext("Taken by %(who)s")
    return said % {"who": name_of(claim.by, names)}


def decided_by(appeal: OpenAppeal, names: Mapping[str, str]) -> str:
    """Return who took the decision that is asked about."""
    return name_of(appeal.by, names)


def asked_about(appeal: OpenAppeal, names: Mapping[str, str]) -> str:
    """Return what was decided that somebody asks about, as a sentence."""
    return f"{str(_DID[appeal.verb]) % {'who': decided_by(appeal, names)}}."


def record_words(entry: Entry, names: Mapping[str, str]) -> str:
    """Return what was decided about somebody, for themselves: without a name."""
    who = gettext("A moderator") if entry.by == "moderator" else gettext("A setting of this site")
    if entry.verb == "undo":
        said = gettext("%(who)s took decision %(number)s back") % {
            "who": who,
            "number": entry.refers,
        }
    elif entry.verb == "uphold":
        said = gettext("%(who)s looked at decision %(number)s again and let it stand")
        said %= {"who": who, "number": entry.refers}
    else:
        said = str(_DID.get(entry.verb, _DID["publish"])) % {"who": who}
    why = rule_sentence(entry.rule, names)
    return f"{said}: {why}" if why else said


def told(deed: Deed, names: Mapping[str, str]) -> str:
    """Return who did what, without the time."""
    said = str(_DID.get(deed.verb, _DID["publish"])) % {"who": name_of(deed.by, names)}
    why = rule_sentence(deed.rule, names)
    return f"{said} ({why})" if why and deed.verb != "withdraw" else said


def short(deed: Deed, names: Mapping[str, str]) -> str:
    """Return what was decided, and under which rule."""
    said = str(_SHORT.get(deed.verb, deed.verb))
    why = rule_sentence(deed.rule, names)
    return f"{said}: {why}" if why else said


def published_words(history: History) -> str:
    """Return how many comments of somebody are public here."""
    count = history.published
    if not count:
        return gettext("Nothing of theirs is published here yet")
    if history.is_more:
        return gettext("More than %(count)s comments published here") % {"count": count - 1}
    words = ngettext("%(count)s comment published here", "%(count)s comments published here", count)
    return words % {"count": count}


def done_words(*, verb: str, number: int, why: str = "", comments: int = 1, left: int = 0) -> str:
    """Return what was done, as a sentence; `why` is the rule's."""
    if verb in MARKED:
        return str(MARKED[verb]) % {"number": number}
    if verb == "remove_branch":
        said = ngettext(
            "Comment %(number)s and what stands below it: %(count)s comment is removed.",
            "Comment %(number)s and what stands below it: %(count)s comments are removed.",
            comments,
        ) % {"number": number, "count": comments}
    else:
        said = str(_DONE.get(verb, "")) % {"number": number, "why": why}
    if not left:
        return said
    more = ngettext(
        "%(count)s comment stays as somebody decided since.",
        "%(count)s comments stay as somebody decided since.",
        left,
    )
    return f"{said} {more % {'count': left}}"
