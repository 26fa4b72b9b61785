"""Reading the house rules: those in force, one version, and all there were."""

from broadsheet.discussion.house.first import FIRST, first_rules
from broadsheet.discussion.models import HouseRules
from broadsheet.discussion.rules.house import HouseRule, Rulebook
from broadsheet.discussion.watched import EVERYWHERE
from broadsheet.pagestore.api import shows

# So many versions are listed, the newest.
MOST_VERSIONS = 100


def current_rules() -> Rulebook:
    """Return the house rules in force. One query."""
    shows(EVERYWHERE)
    row = HouseRules.objects.order_by("-version").first()
    return _book(row) if row else first_rules()


def rules_of_version(*, version: int) -> Rulebook | None:
    """Return one version of the house rules, or None. One query."""
    shows(EVERYWHERE)
    row = HouseRules.objects.filter(version=version).first()
    if row is None:
        return first_rules() if version == FIRST else None
    return _book(row)


def rules_of_versions(*, versions: set[int]) -> dict[int, Rulebook]:
    """Return versions of the house rules by number. One query, none for none."""
    shows(EVERYWHERE)
    found = {FIRST: first_rules()} if FIRST in versions else {}
    if versions:
        rows = HouseRules.objects.filter(version__in=versions)
        found |= {row.version: _book(row) for row in rows}
    return found


def versions_of_rules() -> tuple[Rulebook, ...]:
    """Return the newest versions, the newest first. One query."""
    shows(EVERYWHERE)
    rows = HouseRules.objects.order_by("-version")[:MOST_VERSIONS]
    return tuple(map(_book, rows)) or (first_rules(),)


def _book(row: HouseRules) -> Rulebook:
    rules = (HouseRule(one["key"], one["title"], one["sentence"], one["law"]) for one in row.rules)
    retired = {one["key"]: one["title"] for one in row.retired}
    return Rulebook(row.version, tuple(rules), row.at, retired)
