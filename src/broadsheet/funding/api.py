"""The door of `funding`: campaigns, gifts, the ledger and the meter."""

from broadsheet.funding.books import (
    BookLine,
    BookPage,
    GiftRow,
    SupportPage,
    gift,
    latest_gifts,
    public_books,
    reasons_of,
    support_page,
)
from broadsheet.funding.campaigns import (
    describe_campaign,
    ensure_month,
    open_campaign,
    plan_month,
    set_how_to_give,
)
from broadsheet.funding.operations import (
    Booked,
    correct_gift,
    record_fee,
    record_gift,
    refund_gift,
)
from broadsheet.funding.queries import (
    MAIN,
    About,
    ClosedMonth,
    Mark,
    Meter,
    campaign,
    closed_months,
    meter,
    meter_of_month,
    plan_of_month,
)
from broadsheet.funding.rules import (
    MAX_STEPS,
    CalendarMonth,
    Step,
    instant_of_day,
    may_keep_books,
    month_bounds,
)
from broadsheet.funding.selfcheck import checks
from broadsheet.funding.watched import WATCHED
from broadsheet.funding.wording import explain, month_name

__all__ = [
    "MAIN",
    "MAX_STEPS",
    "WATCHED",
    "About",
    "BookLine",
    "BookPage",
    "Booked",
    "CalendarMonth",
    "ClosedMonth",
    "GiftRow",
    "Mark",
    "Meter",
    "Step",
    "SupportPage",
    "campaign",
    "checks",
    "closed_months",
    "correct_gift",
    "describe_campaign",
    "ensure_month",
    "explain",
    "gift",
    "instant_of_day",
    "latest_gifts",
    "may_keep_books",
    "meter",
    "meter_of_month",
    "month_bounds",
    "month_name",
    "open_campaign",
    "plan_month",
    "plan_of_month",
    "public_books",
    "reasons_of",
    "record_fee",
    "record_gift",
    "refund_gift",
    "set_how_to_give",
    "support_page",
]
