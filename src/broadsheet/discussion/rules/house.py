"""The rules of the house: what a list of them must be, and who may change it."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

MOST_RULES: Final = 30
TITLE_LIMIT: Final = 80
SENTENCE_LIMIT: Final = 500
# Rules whose keys mean something: what "other" was is said in words; reports of what is quoted out
# of context have a list of their own in the queue.
OTHER: Final = "other"
OUT_OF_CONTEXT: Final = "out_of_context"
# A key made of a title: no rule of the software's own is called so.
_MADE: Final = "house_"
_LONGEST_KEY: Final = 40


@dataclass(frozen=True, slots=True)
class HouseRule:
    """`key` never changes and is never given again; "" for one that is new.

    `law`: it says what the law forbids, and not only the house.
    """

    key: str
    title: str
    sentence: str
    law: bool = False


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A version of the house rules, in their order; `retired` has titles of those it has no more.

    `at` is None for the first one, which was there before anything was decided.
    """

    version: int
    rules: tuple[HouseRule, ...]
    at: datetime | None = None
    retired: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(rule.key for rule in self.rules)

    @property
    def numbered(self) -> tuple[tuple[int, HouseRule], ...]:
        return tuple(enumerate(self.rules, 1))

    def number(self, key: str) -> int:
        """Return the number of a rule, 0 where this version has none of this key."""
        keys = self.keys
        return keys.index(key) + 1 if key in keys else 0

    def rule(self, key: str) -> HouseRule | None:
        number = self.number(key)
        return self.rules[number - 1] if number else None

    def title(self, key: str) -> str:
        """Return the title that a rule has or had last; "" for what was never one."""
        rule = self.rule(key)
        return rule.title if rule else self.retired.get(key, "")


def may_change_rules(*, actor: Actor) -> Verdict:
    """Say whether the actor may change the house rules: owner or editor."""
    if actor.is_banned:
        return Refused("banned")
    return ALLOWED if actor.has(Role.OWNER, Role.EDITOR) else Refused("not_yours")


def are_fit(*, wanted: Sequence[HouseRule], known: Collection[str]) -> Verdict:
    """Say whether these can be the house rules; `known` are the keys of those in force.

    Refusals name the place of the rule in `facts`, and the field.
    """
    if not wanted:
        return Refused("rules_none")
    if len(wanted) > MOST_RULES:
        return Refused("rules_many", facts=(("limit", MOST_RULES),))
    titles = [rule.title.casefold() for rule in wanted]
    keys = [rule.key for rule in wanted if rule.key]
    if len(keys) != len(set(keys)) or not set(keys) <= set(known):
        return Refused("rules_changed")
    for place, rule in enumerate(wanted):
        code, field = _unfit(rule)
        if titles[place] in titles[:place]:
            code, field = "rule_twice", "title"
        if code:
            facts = (("place", place + 1), ("title", TITLE_LIMIT), ("sentence", SENTENCE_LIMIT))
            return Refused(code, facts=facts, field=field)
    return ALLOWED


def _unfit(rule: HouseRule) -> tuple[str, str]:
    """Return the code of what is wrong with a rule, and the field; both "" where nothing is."""
    if not rule.title:
        return "rule_title", "title"
    if not rule.sentence:
        return "rule_sentence", "sentence"
    if len(rule.title) > TITLE_LIMIT:
        return "rule_long", "title"
    return ("rule_long", "sentence") if len(rule.sentence) > SENTENCE_LIMIT else ("", "")


def with_keys(*, wanted: Sequence[HouseRule], before: Rulebook) -> tuple[HouseRule, ...]:
    """Return the rules with a key for each new one, made of its title, that none ever had."""
    taken = {*before.keys, *before.retired}
    keyed: list[HouseRule] = []
    for rule in wanted:
        key = rule.key or _key_of(rule.title, taken)
        taken.add(key)
        keyed.append(HouseRule(key, rule.title, rule.sentence, rule.law))
    return tuple(keyed)


def retired_by(*, rules: Sequence[HouseRule], before: Rulebook) -> dict[str, str]:
    """Return the titles of all that were rules before, and are not among these."""
    now = {rule.key for rule in rules}
    return {
        key: title
        for key, title in (before.retired | {r.key: r.title for r in before.rules}).items()
        if key not in now
    }


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a version did to a rule: "added", "removed", "reworded" or "moved".

    `number` is its place in this version, or in the one before where it was removed. `was` has the
    words of before where they are others.
    """

    kind: str
    number: int
    rule: HouseRule
    was: HouseRule | None = None


def changes(*, before: Rulebook, after: Rulebook) -> tuple[RuleChange, ...]:
    """Return what is different in a version, in its order; what it has no more comes last."""
    kept = [key for key in before.keys if after.number(key)]
    order = [key for key in after.keys if before.number(key)]
    found = []
    for number, rule in after.numbered:
        was = before.rule(rule.key)
        if was is None:
            found.append(RuleChange("added", number, rule))
        elif was != rule:
            found.append(RuleChange("reworded", number, rule, was))
        elif kept.index(rule.key) != order.index(rule.key):
            found.append(RuleChange("moved", number, rule))
    gone = [(n, rule) for n, rule in before.numbered if not after.number(rule.key)]
    return (*found, *(RuleChange("removed", number, rule) for number, rule in gone))


def _key_of(title: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "rule"
    key, count = f"{_MADE}{slug}"[: _LONGEST_KEY - 4].rstrip("_"), 1
    free = key
    while free in taken:
        count += 1
        free = f"{key}_{count}"
    return free
