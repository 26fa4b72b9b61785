"""Statements of reasons, from the decisions and what stands beside them."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from django.db.models import QuerySet

from broadsheet.discussion.house.queries import rules_of_versions
from broadsheet.discussion.models import Decision, Report
from broadsheet.discussion.rules.house import Rulebook
from broadsheet.discussion.rules.noticing import NOTICE
from broadsheet.discussion.rules.reasons import RESTRICTING, Restriction, Value, statement
from broadsheet.kit.actor import Role

_TOGETHER: Final = 500
_COLUMNS: Final = (
    *("sequence", "verb", "rule", "rules", "by_role", "at", "id"),
    *(
        "reason__text",
        "reason__facts",
        "comment__language",
        "comment__thread__language",
        "comment__has_image",
    ),
    *("comment__created_at", "sanction__until"),
)


def statement_of(*, number: int) -> Mapping[str, Value] | None:
    """Return the statement of reasons of an entry of the log; None where it restricts nobody."""
    return statements_of(numbers=[number]).get(number)


def statements_of(*, numbers: Collection[int]) -> dict[int, Mapping[str, Value]]:
    """Return the statements of reasons of entries of the log, by number, of those that restrict.

    Three queries, none for no numbers.
    """
    if not numbers:
        return {}
    found = _statements(Decision.objects.filter(sequence__in=numbers))
    return {int(str(one["puid"])): one for one in found}


def statements(*, after: int = 0, limit: int) -> Iterator[Mapping[str, Value]]:
    """Yield the statements of all decisions that restrict somebody, the oldest first.

    Those with a number above `after`, at most `limit`; read in parts.
    """
    left = limit
    while left > 0:
        later = Decision.objects.filter(sequence__gt=after)
        part = list(_statements(later, most=min(left, _TOGETHER)))
        if not part:
            return
        yield from part
        left, after = left - len(part), int(str(part[-1]["puid"]))


def _statements(
    among: QuerySet[Decision], *, most: int = _TOGETHER
) -> Iterator[Mapping[str, Value]]:
    found = among.filter(verb__in=RESTRICTING)
    rows = list(found.order_by("sequence").values(*_COLUMNS)[:most])
    books = rules_of_versions(versions={row["rules"] for row in rows if row["rules"]})
    answered: dict[int, set[str]] = {}
    reports = Report.objects.filter(decision__in=[row["id"] for row in rows])
    for decision, why in reports.values_list("decision", "rule"):
        answered.setdefault(decision or 0, set()).add(why)
    for row in rows:
        reports_of = answered.get(row["id"], set())
        yield statement(_restriction(row, books.get(row["rules"]), reports_of))


def _suspected(row: Mapping[str, Any]) -> str:
    """Return the key of the house rule that a filter suspected to be broken; "" for none."""
    return str(json.loads(row["reason__facts"] or "{}").get("house", ""))


def _restriction(
    row: Mapping[str, Any], book: Rulebook | None, reports: Collection[str]
) -> Restriction:
    rule = book.rule(row["rule"]) or book.rule(_suspected(row)) if book else None
    return Restriction(
        number=row["sequence"],
        verb=row["verb"],
        rule=row["rule"],
        title=rule.title if rule else row["rule"],
        sentence=rule.sentence if rule else "",
        law=rule.law if rule else False,
        facts=row["reason__text"] or "",
        automatic=row["by_role"] == Role.SYSTEM,
        reported=bool(reports),
        noticed=NOTICE in reports,
        language=row["comment__language"] or row["comment__thread__language"] or "",
        has_image=bool(row["comment__has_image"]),
        written_at=row["comment__created_at"],
        at=row["at"],
        until=row["sanction__until"],
        version=row["rules"] or 0,
    )
