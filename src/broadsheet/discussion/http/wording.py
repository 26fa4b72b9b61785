"""The sentences behind the codes of rules. Each refusal says what to do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.http import (
    assistant_words,
    beside_words,
    filter_words,
    notice_words,
    pace_words,
    sanction_words,
)
from broadsheet.discussion.rules.house import HouseRule, Rulebook
from broadsheet.kit.verdict import Refused

REFUSALS: Final[Mapping[str, Promise]] = {
    **assistant_words.REFUSALS,
    **filter_words.REFUSALS,
    **sanction_words.REFUSALS,
    **pace_words.REFUSALS,
    **notice_words.REFUSALS,
    **beside_words.REFUSALS,
    "banned": _(
        "You cannot take part here at present. Write to the newsroom if you think this is wrong."
    ),
    "unknown_person": _(
        "We could not tell who is writing. Allow cookies for this site, or sign in, and send it "
        "again."
    ),
    "closed": _("This discussion is closed. You can read it, and nothing new is taken."),
    "hidden": _("The story is not public at present, and so its discussion is not."),
    "busy": _("The server is busy just now. Nothing you wrote is lost: send it again in a minute."),
    "parent_gone": _(
        "The comment you answer is no longer there. Your words are kept: post them on their own."
    ),
    "too_long": _(
        "This is %(length)s characters long, and at most %(limit)s are taken. Shorten it and send "
        "it again."
    ),
    "empty": _("There is nothing to read in it yet. Write a few words and send it again."),
    "email": _("This is not an e-mail address. Correct it, or leave it empty: it is never shown."),
    "name_of_staff": _(
        "This name looks like that of somebody who works here. If it is yours, sign in; otherwise "
        "choose another one. Your words are kept."
    ),
    "trap": _(
        "A field that people do not see was filled in, perhaps by your browser. It is empty again: "
        "send your comment once more."
    ),
    "form": _("Part of the form was damaged on its way. Check it and send it again."),
    "too_fast": _(
        "That was a lot in a short time. Wait %(seconds)s seconds and send it again; nothing you "
        "wrote is lost."
    ),
    "votes_up_only": _("Here readers say only what is useful."),
    "vote_value": _("A vote is useful, not useful, or taken back. Press one of the buttons."),
    "comment_gone": _("This comment cannot be voted on: it is not public at present."),
    "own_comment": _("This is your own comment. Others say whether it is useful."),
    "not_a_moderator": _("This page is for moderators. Sign in with an account that moderates."),
    "already_decided": _("Somebody decided about this comment meanwhile. Look at it again below."),
    "unknown_verb": _("Choose what to do with the comment."),
    "rule_missing": _("Choose the rule the comment breaks: its author is told."),
    "reason_missing": _("Explain in a sentence: “another reason” alone tells the author nothing."),
    "reason_too_long": _("The reason is too long; at most %(limit)s characters are kept."),
    "not_yours": _("This is not yours to change."),
    "not_your_comment": _(
        "As far as this device knows, this comment is somebody else’s. If it is yours, open this "
        "page on the device you wrote it on, or sign in."
    ),
    "edit_gone": _("This comment is gone from the discussion. Its words can no longer be changed."),
    "edit_over": _(
        "A comment can be changed for %(minutes)s minutes after it was written, and they are over. "
        "You can still withdraw it, or answer it with what you want to add."
    ),
    "edit_never": _(
        "Comments cannot be changed here once they were sent. You can withdraw yours, or answer it "
        "with what you want to add."
    ),
    "edit_conflict": _(
        "Your comment was changed elsewhere meanwhile. What it says now stands below, and what you "
        "typed is kept: bring them together and save again."
    ),
    "withdraw_gone": _("This comment is gone from the discussion already."),
    "withdrawn_by_author": _("Its author took this comment back. Nobody else can restore it."),
    "changed_meanwhile": _("Its author changed this comment meanwhile. Read it again below."),
    "already_blank": _("Somebody blanked this meanwhile."),
    "blank_reason": _("Say in a sentence why these words have to go: it is kept in the record."),
    "concerns_own": _("You wrote this comment, and so somebody else decides about it."),
    "concerns_answers": _(
        "This answers you, or something in the branch does, and so somebody else decides about it."
    ),
    "concerns_quotes": _(
        "This quotes you, or something in the branch does, and so somebody else decides about it."
    ),
    "concerns_reports": _(
        "Whoever wrote this has reported something of yours, and so somebody else decides about it."
    ),
    "undo_never": _("This cannot be undone. Decide about the comment itself instead."),
    "already_undone": _("Somebody undid this meanwhile."),
    "undo_late": _(
        "A decision can be undone for %(days)s days, and they are over. Decide about the comment "
        "itself instead."
    ),
    "appeal_nothing": _("Nothing was decided about this comment that could be looked at again."),
    "appeal_waits": _("A moderator will read this comment anyway. You need to do nothing."),
    "appeal_over": _("This has ended; there is nothing left to look at again."),
    "appeal_asked": _("You have asked for a second look at this already."),
    "appeal_late": _("A second look can be asked for within %(days)s days, and they are over."),
    "appeal_own_decision": _("You took this decision, and so a colleague looks at it again."),
    "decided_since": _(
        "More was decided since, or its author changed it: undoing this would change nothing."
    ),
    "taken": _("A colleague is at this comment. In a quarter of an hour it is anybody’s again."),
    "none_chosen": _("Choose at least one comment."),
    "branch_closed": _(
        "No more replies are taken there. Your words are kept: post them on their own."
    ),
    "mark_gone": _("This comment is not public at present, and so it cannot be marked."),
    "pin_reply": _("Only a comment that begins a conversation can be pinned, not a reply."),
    "pinned_enough": _(
        "There are %(limit)s pinned comments in this discussion already. Unpin one of them first."
    ),
    "answer_by_staff": _("Only a reply that the newsroom wrote can be marked as its answer."),
    "report_gone": _("This comment cannot be reported: it is not public at present."),
    "report_answered": _(
        "A moderator read your report of this comment and decided. It can be reported again once "
        "its author changes it."
    ),
    "own_report": _("This is your own comment. You can change it or take it back instead."),
    "report_rule": _("Choose what is wrong with the comment."),
    "report_words": _("Say in a sentence what is wrong: “another reason” alone does not tell."),
    "report_too_long": _("That is too long; at most %(limit)s characters are taken. Shorten it."),
}

# Why a comment waits or was removed, where that is no rule of the house.
RULES: Final[Mapping[str, Promise]] = {
    **filter_words.RULES,
    **pace_words.RULES,
    **assistant_words.RULES,
    "all": _("every comment is read by a moderator before it appears"),
    "first_comment": _("the first comment under a name is read by a moderator before it appears"),
    "link": _("comments with a link are read by a moderator before they appear"),
    "image": _("comments with an image are read by a moderator before they appear"),
    "second_look": _("a moderator is reading it again"),
    "read_first": _("for now a moderator reads what this person writes before it appears"),
    "imported_held": _("it waited for approval where it was brought over from"),
    "imported_removed": _("it was removed where it was brought over from"),
    "withdrawn": _("its author took it back"),
    "notice": _("a notice of illegal content"),
}

VERBS: Final[Mapping[str, Promise]] = {
    "publish": _("Publish"),
    "hold": _("Hold back for now"),
    "remove": _("Remove"),
    "restore": _("Restore"),
    "dismiss": _("Let it stand"),
    "remove_branch": _("Remove the branch"),
    "hold_author": _("Read first what this person writes"),
    "free_author": _("No longer read first what this person writes"),
    "take": _("I am at it"),
    "release": _("I am not at it any more"),
    "ask": _("Ask a colleague"),
    "blank_image": _("Take the image away for good"),
    "pin": _("Pin"),
    "unpin": _("Unpin"),
    "feature": _("Mark as chosen by the newsroom"),
    "unfeature": _("No longer chosen by the newsroom"),
    "mark_answer": _("Mark as the answer of the newsroom"),
    "unmark_answer": _("No longer the answer of the newsroom"),
    "close": _("Take no more replies below it"),
    "reopen": _("Take replies below it again"),
}

# What can be decided about a note.
NOTE_VERBS: Final[Mapping[str, Promise]] = {
    "close_note": _("Take no more answers"),
    "reopen_note": _("Take answers again"),
    "remove_note": _("Take it away"),
    "restore_note": _("Bring it back"),
}

# What was done with a comment that leaves its words where they are.
MARKED: Final[Mapping[str, Promise]] = {
    "blank_image": _("The image of comment %(number)s is gone."),
    "pin": _("Comment %(number)s is pinned."),
    "unpin": _("Comment %(number)s is no longer pinned."),
    "feature": _("Comment %(number)s is marked as chosen by the newsroom."),
    "unfeature": _("Comment %(number)s is no longer marked as chosen by the newsroom."),
    "mark_answer": _("Comment %(number)s is marked as the answer of the newsroom."),
    "unmark_answer": _("Comment %(number)s is no longer marked as the answer of the newsroom."),
    "close": _("No more replies are taken below comment %(number)s."),
    "reopen": _("Replies are taken below comment %(number)s again."),
}


# Before the key of a rule where names of rules stand among those of people, who have other ids.
_RULE: Final = "rule:"


def sentence(refused: Refused) -> str:
    """Return what a refused person reads."""
    facts = pace_words.spoken(dict(refused.facts))
    if refused.code in sanction_words.LIMITED:
        why = rule_sentence(str(facts["rule"]), rule_names(current_rules()))
        facts = sanction_words.spoken(facts, why=why)
    return str(REFUSALS[refused.code]) % facts


def rule_sentence(rule: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return why, without a full stop; "" for no rule. `names` has those of the house."""
    return names.get(f"{_RULE}{rule}") or str(RULES.get(rule, ""))


def rule_names(book: Rulebook) -> dict[str, str]:
    """Return what the house rules are called, and those that it had before, for rule_sentence."""
    now = {rule.key: numbered(number, rule) for number, rule in book.numbered}
    return {f"{_RULE}{key}": name for key, name in (book.retired | now).items()}


def numbered(number: int, rule: HouseRule) -> str:
    return gettext("rule %(number)s, %(title)s") % {"number": number, "title": rule.title}


def verb_words(verb: str) -> str:
    """Return what a button says that takes this decision."""
    return str(VERBS.get(verb) or NOTE_VERBS[verb])


def rules_of_the_house(book: Rulebook) -> list[tuple[str, str]]:
    """Return the rules under which a comment is reported and removed, with number and title."""
    return [(rule.key, f"{number}. {rule.title}") for number, rule in book.numbered]


def name_of(person: Person) -> str:
    """Return the name a comment is signed with."""
    if person.guest:
        return gettext("Guest %(number)s") % {"number": person.guest}
    return person.name or gettext("Former participant")


def answers_label(count: int) -> str:
    return ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count}


def replies_label(count: int) -> str:
    if not count:
        return gettext("Replies")
    return ngettext("%(count)s reply", "%(count)s replies", count) % {"count": count}
