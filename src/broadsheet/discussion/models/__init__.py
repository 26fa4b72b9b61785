"""The tables of the discussion. No foreign key leaves the room: people are opaque ids here."""

from broadsheet.discussion.models.appeals import Appeal
from broadsheet.discussion.models.assistant import (
    Assessment,
    Assistant,
    Judgement,
    LearnedModel,
)
from broadsheet.discussion.models.comments import Comment, CommentAlias
from broadsheet.discussion.models.decisions import ChainHead, Decision, DecisionReason, Moved
from broadsheet.discussion.models.duty import DutyCall, Shift
from broadsheet.discussion.models.filters import FilterVersion
from broadsheet.discussion.models.heat import Heat, HeatCursor
from broadsheet.discussion.models.house import HouseRules
from broadsheet.discussion.models.images import CommentImage
from broadsheet.discussion.models.log import MonthOfLog
from broadsheet.discussion.models.mentions import Mention
from broadsheet.discussion.models.notes import Note
from broadsheet.discussion.models.notices import Notice
from broadsheet.discussion.models.pace import Sweep, Switch
from broadsheet.discussion.models.people import GuestLabel, Participant
from broadsheet.discussion.models.quotes import Quote
from broadsheet.discussion.models.reports import Report
from broadsheet.discussion.models.revisions import CommentRevision
from broadsheet.discussion.models.sanctions import Sanction
from broadsheet.discussion.models.site import SiteState
from broadsheet.discussion.models.threads import Thread
from broadsheet.discussion.models.votes import Vote, VoteTally
from broadsheet.discussion.models.waiting import Claim, Waiting

__all__ = [
    "Appeal",
    "Assessment",
    "Assistant",
    "ChainHead",
    "Claim",
    "Comment",
    "CommentAlias",
    "CommentImage",
    "CommentRevision",
    "Decision",
    "DecisionReason",
    "DutyCall",
    "FilterVersion",
    "GuestLabel",
    "Heat",
    "HeatCursor",
    "HouseRules",
    "Judgement",
    "LearnedModel",
    "Mention",
    "MonthOfLog",
    "Moved",
    "Note",
    "Notice",
    "Participant",
    "Quote",
    "Report",
    "Sanction",
    "Shift",
    "SiteState",
    "Sweep",
    "Switch",
    "Thread",
    "Vote",
    "VoteTally",
    "Waiting",
]
