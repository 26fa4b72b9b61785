"""The public log of decisions: its newest entries, one entry, and what a month was like."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from broadsheet.discussion import queries
from broadsheet.discussion.log.figures import Figures
from broadsheet.kit import verify_log
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public

# Months whose figures are shown.
MONTHS: Final = 3
# Entries that an export sends at once.
TOGETHER: Final = 5_000
# A number of an entry is no longer.
_LONGEST: Final = 18
_DECEMBER: Final = 12


@public(query=("after",), shows=())
def log(request: HttpRequest) -> HttpResponse:
    """Show a page of the log, the newest entries first."""
    after = _after(request)
    page = queries.log_page(after=after)
    months = () if after else _months(utcnow())
    return render(request, "discussion/log.html", {"page": page, "months": months, "later": after})


@public(shows=())
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry, with what it is linked by."""
    found = queries.log_entry(number=number)
    if found is None:
        raise Http404
    return render(request, "discussion/log_entry.html", {"entry": found})


@public(query=("after",), kept=False)
def lines(request: HttpRequest) -> HttpResponse:
    """Send entries as they are linked, one in each line, the oldest first: those after a number.

    So many of them at once that a part fits into the memory; the next part begins after the last.
    A part that is full never changes.
    """
    after = _after(request)
    found = queries.log_lines(first=after + 1, last=after + TOGETHER)
    body = "".join(f"{json.dumps(line, sort_keys=True, ensure_ascii=False)}\n" for line in found)
    return HttpResponse(body, content_type="application/jsonl; charset=utf-8")


@public(shows=())
def verifier(_request: HttpRequest) -> HttpResponse:
    """Send the program that checks an export, as one file."""
    response = HttpResponse(_program(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_log.py"'
    return response


@cache
def _program() -> str:
    return Path(verify_log.__file__).read_text(encoding="utf-8")


def _after(request: HttpRequest) -> int:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isdecimal() and len(asked) <= _LONGEST else 0


def spans_of_months(now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return beginning and end of the last months in the publication's zone, this one first."""
    start = localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end, found = _month_after(start), []
    for _ in range(MONTHS):
        found.append((start, end))
        end, start = start, _month_before(start)
    return tuple(found)


def _months(now: datetime) -> tuple[Figures, ...]:
    found = queries.figures_of(spans=spans_of_months(now), now=now)
    return tuple(one for one in found if one.decisions or one.posted)


def _month_after(start: datetime) -> datetime:
    if start.month == _DECEMBER:
        return start.replace(year=start.year + 1, month=1)
    return start.replace(month=start.month + 1)


def _month_before(start: datetime) -> datetime:
    if start.month == 1:
        return start.replace(year=start.year - 1, month=_DECEMBER)
    return start.replace(month=start.month - 1)
