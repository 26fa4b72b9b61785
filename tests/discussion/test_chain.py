"""The chain of decisions: what is linked, what lies beside it, and that a change of it is found."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from broadsheet.discussion import api, chain
from broadsheet.discussion.models import Decision, DecisionReason, Moved, Thread
from discussion.making import Room, moderator, problems, row

CAREFUL = api.Policy()


def a_history(room: Room) -> list[int]:
    numbers = [room.post(str(n), policy=CAREFUL).number for n in range(4)]
    room.decide(numbers[0], "publish", reason="Welcome.")
    room.decide(numbers[1], "remove", rule="hate")
    assert problems() == []
    return numbers


IN_THE_LOG = "decision 5 was changed after it was taken"
BESIDE_IT = "what is known of decision 5 beside the log was changed"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"rule": "off_topic"}, [IN_THE_LOG, BESIDE_IT]),
        ({"verb": "remove"}, [IN_THE_LOG, BESIDE_IT]),
        ({"by_role": "system"}, [IN_THE_LOG, BESIDE_IT]),
        ({"at": datetime(2026, 6, 12, 8, 36, tzinfo=UTC)}, [IN_THE_LOG, BESIDE_IT]),
        ({"commitment": bytes(32)}, [IN_THE_LOG, BESIDE_IT]),
        ({"rules": 4}, [IN_THE_LOG]),
        ({"key": bytes(32)}, [BESIDE_IT]),
        ({"actor_id": "account:another"}, [BESIDE_IT]),
        ({"comment": 3}, [BESIDE_IT]),
        ({"by_role": "owner"}, [BESIDE_IT]),
        ({"at": datetime(2026, 6, 12, 9, 35, 1, tzinfo=UTC)}, [BESIDE_IT]),
    ],
    ids=str,
)
def test_a_changed_decision_breaks_the_chain(
    room: Room, change: dict[str, object], found: list[str]
) -> None:
    numbers = a_history(room)
    if "comment" in change:
        change = {"comment": numbers[3]}
    Decision.objects.filter(sequence=5).update(**change)
    assert [one for one in problems() if one.startswith(("decision 5", "what is"))] == found


def test_what_is_linked_says_nothing_of_who_of_whom_or_in_which_words(room: Room) -> None:
    a_history(room)
    decision = Decision.objects.get(sequence=6)
    entry = chain.entry_of(decision)
    assert entry == {
        "at": "2026-06-12T09:36Z",
        "by": "moderator",
        "commitment": bytes(decision.commitment).hex(),
        "number": 6,
        "refers": None,
        "rule": "hate",
        "rules": 1,
        "verb": "remove",
    }
    assert chain.entry_of(Decision.objects.get(sequence=1)) | {"commitment": ""} == {
        "at": "2026-06-12T09:31Z",
        "by": "system",
        "commitment": "",
        "number": 1,
        "refers": None,
        "rule": "first_comment",
        "rules": None,
        "verb": "hold",
    }
    api.undo_decision(actor=moderator(), sequence=6, now=room.now)
    undoing = chain.entry_of(Decision.objects.get(sequence=7))
    assert (undoing["verb"], undoing["refers"], undoing["rule"]) == ("undo", 6, "")


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        ("pin", {"thread", "comment"}),
        ("close", {"thread"}),
        ("close", {"thread", "comment"}),
        ("free_author", {"thread", "comment"}),
        ("free_author", {"comment"}),
        ("free_author", set()),
        ("undo", set()),
        ("change_rules", set()),
    ],
)
def test_decisions_are_about_a_comment_a_thread_a_person_or_the_site(
    room: Room, verb: str, about: set[str]
) -> None:
    subjects = {"thread": Thread.objects.get(), "comment": row(room.post("x").number)}
    with transaction.atomic():
        taken = chain.append(
            verb=verb,
            actor=moderator(),
            now=room.now,
            facts={"until": "2026-07-01"},
            **{name: subjects[name] for name in about},  # type: ignore[arg-type]  # as named
        )
    assert chain.facts_of(taken.reason) == {"until": "2026-07-01"}
    assert problems() == []


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        ("remove", {"thread"}),
        ("remove", {"comment"}),
        ("dismiss", set()),
        ("ask", {"comment"}),
        ("ask", set()),
        ("change_rules", {"thread"}),
        ("erase", {"comment"}),
        ("promote", {"thread", "comment"}),
    ],
)
def test_no_decision_is_about_anything_else(room: Room, verb: str, about: set[str]) -> None:
    subjects = {"thread": Thread.objects.get(), "comment": row(room.post("x").number)}
    with pytest.raises(IntegrityError, match="decision_"), transaction.atomic():
        chain.append(
            verb=verb,
            actor=moderator(),
            now=room.now,
            **{name: subjects[name] for name in about},  # type: ignore[arg-type]  # as named
        )


def test_a_chain_of_an_older_version_is_linked_anew(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The migration hashes what the code of today hashes, in parts that its length allows."""
    numbers = a_history(room)
    room.decide(numbers[2], "remove", rule="other", reason="Nothing to do with boats: ü, 船.")
    entries = [chain.entry_of(one) | {"commitment": ""} for one in Decision.objects.all()]
    Decision.objects.update(
        key=None, commitment=b"", previous=bytes(32), hash=bytes(32), rules=None
    )
    relink = import_module("broadsheet.discussion.migrations.0013_relink")
    monkeypatch.setattr(relink, "_TOGETHER", 3)
    relink.relink(apps, SimpleNamespace(connection=connection))
    assert problems() == []
    assert all(one.key for one in Decision.objects.all())
    assert [chain.entry_of(one) | {"commitment": ""} for one in Decision.objects.all()] == entries


def test_a_missing_decision_breaks_the_chain(room: Room) -> None:
    a_history(room)
    Decision.objects.filter(sequence=2).delete()
    found = problems()
    assert "decision 2 is missing from the chain" in found
    assert "decision 3 does not follow the one before it" in found


def test_a_cut_end_breaks_the_chain(room: Room) -> None:
    a_history(room)
    Moved.objects.all().delete()
    Decision.objects.filter(sequence=6).delete()
    assert "the chain ends at decision 5, its head says 6" in problems()


def test_a_reason_cannot_be_changed_nor_dropped(room: Room) -> None:
    a_history(room)
    DecisionReason.objects.update(text="Something else.")
    assert problems() == [BESIDE_IT]
    DecisionReason.objects.all().delete()
    assert problems() == [BESIDE_IT]
