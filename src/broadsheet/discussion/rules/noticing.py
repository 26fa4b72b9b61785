"""What a notice of illegal content has to say, as Art. 16 of the Digital Services Act asks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from broadsheet.discussion.rules.appealing import APPEAL_DAYS
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# What stands in place of a house rule in the report that a notice is.
NOTICE: Final = "notice"
WORDS_LIMIT: Final = 3000
# For so long after the decision who sent it can be answered; an author may ask about it as long.
SENDER_KEPT: Final = timedelta(days=APPEAL_DAYS)


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody filled in. `abuse`: it is about sexual abuse of children."""

    words: str
    law: str = ""
    name: str = ""
    email: str = ""
    authority: bool = False
    abuse: bool = False
    good_faith: bool = False


def is_complete(*, sent: Sent) -> Verdict:
    """Say whether a notice has reasons, a sender who can be answered, and is meant in good faith.

    All is stripped.
    """
    if not sent.words:
        return Refused("notice_words", field="words")
    if len(sent.words) > WORDS_LIMIT:
        return Refused("report_too_long", facts=(("limit", WORDS_LIMIT),), field="words")
    if not sent.abuse and not sent.name:
        return Refused("notice_name", field="name")
    if not sent.abuse and not sent.email:
        return Refused("notice_email", field="email")
    return ALLOWED if sent.good_faith else Refused("notice_faith", field="good_faith")
