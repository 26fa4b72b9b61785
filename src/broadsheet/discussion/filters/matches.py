"""Which entry of which filter lets comments wait, as their decisions have it."""

import json
from collections.abc import Mapping

from broadsheet.discussion.models import Decision
from broadsheet.discussion.rules.sieving import HOLD, Match


def matches_of(held: Mapping[int, str]) -> dict[int, Match]:
    """Return what a filter found in comments that are held, by comment; `held` has their rules.

    What was erased of a decision is not found. One query.
    """
    rows = Decision.objects.filter(comment__in=held, verb="hold").order_by("sequence")
    found: dict[int, Match] = {}
    for number, rule, facts in rows.values_list("comment", "rule", "reason__facts"):
        if rule != held[number]:
            continue
        found.pop(number, None)
        if match := _read(rule, facts):
            found[number] = match
    return found


def facts_of(match: Match, *, filters: str) -> dict[str, str]:
    """Return what a decision writes down of what a filter found, by the digest of which version."""
    house = {"house": match.house} if match.house else {}
    said = {"filter": match.rule, "entry": match.entry, "found": match.found}
    return {**said, "filters": filters, **house}


def _read(rule: str, facts: str) -> Match | None:
    said: Mapping[str, str] = json.loads(facts) if facts else {}
    if "entry" not in said:
        return None
    found = (said.get(name, "") for name in ("entry", "found", "house"))
    return Match(HOLD, said.get("filter", rule), *found)
