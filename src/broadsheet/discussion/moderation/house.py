"""Writing a new version of the house rules."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import HouseRules
from broadsheet.discussion.rules import house
from broadsheet.discussion.rules.house import HouseRule, Rulebook
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused, require


def change_rules(*, actor: Actor, wanted: Sequence[HouseRule], on: int, now: datetime) -> Rulebook:
    """Put other house rules in force: a version of their own, with a decision about the site.

    A rule with the key of one in force is that one, in new words or at another place; without a key
    it is new. `on` is the version that the change was made on. Rules that are what they were make
    no version. Raises RefusalError.
    """
    require(house.may_change_rules(actor=actor))
    with transaction.atomic():
        # Who comes second meanwhile reads the first one's version, and is refused by `on`.
        chain.lock()
        before = current_rules()
        if on != before.version:
            raise RefusalError(Refused("rules_changed"))
        require(house.are_fit(wanted=wanted, known=before.keys))
        rules = house.with_keys(wanted=wanted, before=before)
        if rules == before.rules:
            return before
        if before.at is None:
            _write(before, actor_id="")
        retired = house.retired_by(rules=rules, before=before)
        book = Rulebook(before.version + 1, rules, now, retired)
        _write(book, actor_id=actor.id)
        chain.append(verb="change_rules", actor=actor, now=now, book=book)
    return book


def _write(book: Rulebook, *, actor_id: str) -> None:
    HouseRules.objects.get_or_create(
        version=book.version,
        defaults={
            "at": book.at,
            "actor_id": actor_id,
            "rules": [asdict(rule) for rule in book.rules],
            "retired": [{"key": key, "title": title} for key, title in book.retired.items()],
        },
    )
