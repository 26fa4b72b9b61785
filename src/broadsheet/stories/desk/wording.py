"""The words of the desk: what a button will do and when, what a check found, why not."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from broadsheet.kit.verdict import Refused
from broadsheet.stories.checks import HEADLINE_LIMIT, Answer, Code, Finding
from broadsheet.stories.publication.queries import known_publication
from broadsheet.stories.rules import Next, Step

type Words = str | Promise

STEPS: Final[dict[Step, Words]] = {
    Step.SUBMIT: gettext_lazy("Submit to an editor"),
    Step.RESUBMIT: gettext_lazy("Submit to an editor again"),
    Step.PUBLISH: gettext_lazy("Publish now"),
    Step.PUBLISH_AT: gettext_lazy("Publish at %(when)s"),
    Step.PUBLISH_CHANGES: gettext_lazy("Publish changes"),
    Step.PUBLISH_CHANGES_AT: gettext_lazy("Publish changes at %(when)s"),
    Step.APPROVE: gettext_lazy("Approve and publish"),
    Step.APPROVE_AT: gettext_lazy("Approve, and publish at %(when)s"),
    Step.PASS_ON: gettext_lazy("Approve"),
    Step.HOLD: gettext_lazy("Save draft (under embargo until %(when)s)"),
    Step.SAVE: gettext_lazy("Save draft"),
}
# The same, to somebody who has seen what is to be mended.
ANYWAY: Final[dict[Step, Words]] = {
    Step.SUBMIT: gettext_lazy("Submit anyway"),
    Step.RESUBMIT: gettext_lazy("Submit anyway"),
    Step.PUBLISH: gettext_lazy("Publish anyway"),
    Step.PUBLISH_AT: gettext_lazy("Publish at %(when)s anyway"),
    Step.PUBLISH_CHANGES: gettext_lazy("Publish changes anyway"),
    Step.PUBLISH_CHANGES_AT: gettext_lazy("Publish changes at %(when)s anyway"),
    Step.APPROVE: gettext_lazy("Approve and publish anyway"),
    Step.APPROVE_AT: gettext_lazy("Approve anyway, and publish at %(when)s"),
    Step.PASS_ON: gettext_lazy("Approve anyway"),
}
FINDINGS: Final[dict[Code, Words]] = {
    Code.HEADLINE_LONG: gettext_lazy(
        "The headline has %(about)s characters; search engines cut it off after %(limit)s."
    ),
    Code.STANDFIRST_MISSING: gettext_lazy("There is no standfirst."),
    Code.TEXT_MISSING: gettext_lazy("There is no text yet."),
    Code.BYLINE_MISSING: gettext_lazy("Nobody is named as its author."),
    Code.PICTURE_MISSING: gettext_lazy("There is no lead image; lists show the story without one."),
    Code.ALT_MISSING: gettext_lazy("The image “%(about)s” has no alternative text."),
    Code.CREDIT_MISSING: gettext_lazy("The image “%(about)s” has no credit."),
    Code.SPEAKER_MISSING: gettext_lazy("The quote “%(about)s” does not say who speaks."),
    Code.SOURCE_MISSING: gettext_lazy("The quote “%(about)s” has no source."),
    Code.LINK_TEXT_EMPTY: gettext_lazy("A link to %(about)s has no words to click on."),
    Code.LINK_DEAD: gettext_lazy("The link “%(about)s” leads nowhere: %(why)s."),
}
ANSWERS: Final[dict[Answer, Words]] = {
    Answer.GONE: gettext_lazy("there is no such page"),
    Answer.NO_HOST: gettext_lazy("there is no such site"),
    Answer.SILENT: gettext_lazy("the site did not answer"),
    Answer.INSECURE: gettext_lazy("the site has no valid certificate"),
    Answer.MALFORMED: gettext_lazy("it is not a web address"),
    Answer.INTERNAL: gettext_lazy("the address is not on the public internet"),
    Answer.NOT_PUBLIC: gettext_lazy("our page is not published"),
}
REFUSALS: Final[dict[str, Words]] = {
    "embargo": gettext_lazy(
        "Under embargo until %(when)s: it cannot be published before. "
        "To have it go out by itself, set a time of publication that is not earlier."
    ),
    "not_yours": gettext_lazy("You may not edit this story."),
    "locked": gettext_lazy("Somebody has locked this story."),
    "waits_already": gettext_lazy("This story waits for an editor already."),
    "nobody_to_submit_to": gettext_lazy("No workflow is set up for this section."),
    "may_not_publish": gettext_lazy("Only editors and the owner publish. Submit it to them."),
    "nothing_to_approve": gettext_lazy("This story does not wait for your approval."),
    "no_account": gettext_lazy("Sign in with an account that may write."),
    "may_not_share": gettext_lazy("Only who may edit the story can share a preview of it."),
}


def zone() -> ZoneInfo:
    """The publisher's time zone, as it was last read: never a query."""
    return ZoneInfo(known_publication().time_zone)


def moment(at: datetime) -> str:
    """Write an instant as the publisher's clock and calendar show it: 6:00 on 27 November 2026."""
    local = at.astimezone(zone())
    return _("%(time)s on %(day)s") % {
        "time": date_format(local, pgettext("format of a time of day", "G:i")),
        "day": date_format(local, pgettext("format of a date", "j F Y")),
    }


def label(step: Next) -> str:
    """Write what the main button does."""
    return _filled(STEPS[step.step], step.at)


def anyway(step: Next) -> str:
    """Write what the button under a list of findings does."""
    return _filled(ANYWAY[step.step], step.at)


def sentence(finding: Finding) -> str:
    """Write what a check found."""
    why = ANSWERS.get(finding.answer, "")
    facts = {"about": finding.about, "limit": HEADLINE_LIMIT, "why": why}
    return str(FINDINGS[finding.code] % facts)


def explain(refusal: Refused) -> str:
    """Write why something was not done."""
    until = parse_datetime(str(dict(refusal.facts).get("until", "")))
    return _filled(REFUSALS[refusal.code], until)


def _filled(words: Words, at: datetime | None) -> str:
    return str(words % {"when": moment(at)}) if at else str(words)
