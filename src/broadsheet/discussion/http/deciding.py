"""From a form of the queue to one verb of moderation."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.datastructures import MultiValueDict

from broadsheet.discussion.http.forms import DecisionForm
from broadsheet.discussion.http.people import ids_of_staff, is_alone
from broadsheet.discussion.moderation.authors import hold_author
from broadsheet.discussion.moderation.branches import remove_branch
from broadsheet.discussion.moderation.claims import ask_colleague, release, take
from broadsheet.discussion.moderation.marking import mark_comment
from broadsheet.discussion.moderation.operations import blank_image, decide, dismiss_reports
from broadsheet.discussion.moderation.second_looks import uphold
from broadsheet.discussion.rules.deciding import FROM
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow

# What a form sends in one button: the verb, and after a space the rule.
DOES: Final = "does"


@dataclass(frozen=True, slots=True)
class Done:
    """`sequence` is the decision's number, 0 where there was none to write down."""

    number: int
    verb: str
    sequence: int = 0
    comments: int = 1


def read(sent: MultiValueDict[str, str]) -> DecisionForm:
    """Read the form: of several fields for the reason the one that was filled in counts.

    What somebody meant to ask a colleague is no reason, which authors read.
    """
    values = {name: sent.get(name, "") for name in ("number", "verb", "rule", "seen")}
    if does := str(sent.get(DOES, "")):
        values["verb"], _, values["rule"] = does.partition(" ")
    reasons = map(str, sent.getlist("reason"))
    if values["verb"] == "ask":
        reasons = map(str, [*sent.getlist("question"), *reasons])
    values["reason"] = next(filter(str.strip, reasons), "")
    return DecisionForm(values)


def carry_out(actor: Actor, form: DecisionForm) -> Done:
    """Do what the form says. Raises RefusalError, UnknownCommentError."""
    sent = form.cleaned_data
    number, verb, now = sent["number"], sent["verb"], utcnow()
    about: dict[str, Any] = {"actor": actor, "comment_id": number}
    if verb == "take":
        take(**about, now=now)
    elif verb == "release":
        release(**about)
    elif verb == "ask":
        ask_colleague(**about, words=sent["reason"], now=now)
    elif verb in MARKS:
        mark_comment(**about, verb=verb, reason=sent["reason"], now=now)
    else:
        return _judged(about | {"alone": is_alone(actor), "now": now}, sent)
    return Done(number, verb)


def _judged(about: dict[str, Any], sent: dict[str, Any]) -> Done:
    number, verb, rule, reason = (sent[name] for name in ("number", "verb", "rule", "reason"))
    if verb == "remove_branch":
        gone = remove_branch(**about, rule=rule, reason=reason, seen=sent["seen"])
        return Done(number, verb, gone.sequence, gone.comments)
    if verb in FROM:
        decided = decide(**about, verb=verb, rule=rule, reason=reason, seen=sent["seen"])
    elif verb == "blank_image":
        decided = blank_image(**about, reason=reason)
    elif verb == "dismiss":
        decided = dismiss_reports(**about, reason=reason, seen=sent["seen"])
    elif verb == "uphold":
        decided = uphold(**about, reason=reason, seen=sent["seen"])
    else:
        free = verb == "free_author"
        staff = () if free else ids_of_staff()
        decided = hold_author(**about, rule=rule, reason=reason, free=free, staff=staff)
    return Done(number, verb, decided.sequence)
