"""The statements that are made once do to rows what the ORM does."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from broadsheet.discussion.comments.rows import COLUMNS, listed
from broadsheet.discussion.models import Comment, Decision, Participant, SiteState, Thread, Vote
from broadsheet.discussion.statements import (
    change_and_find_beside,
    find,
    find_and_ask,
    find_beside,
    find_if_any,
    insert,
    update,
)
from discussion.making import Room, guest, reader


def values(row: Model) -> dict[str, Any]:
    """Return what a row holds, bytes as bytes: PostgreSQL gives a view of them."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {k: bytes(v) if isinstance(v, memoryview) else v for k, v in fields.items()}


def filled(room: Room) -> None:
    """Write something of everything, with empty and filled columns."""
    root = room.post("First.", by=guest(), name="Ada").number
    room.post("Answer.", by=reader("Rhea"), to=root)
    room.vote(root, 1)
    room.decide(root, "remove")


@pytest.mark.parametrize("model", [Comment, Decision, Participant, Thread, Vote])
def test_a_row_is_read_as_by_the_orm(room: Room, model: type[Model]) -> None:
    filled(room)
    for row in model._default_manager.all():
        found = find(model, "id = %s", row.pk)
        assert found is not None
        assert found == row
        assert values(found) == values(row)
        assert not found.get_deferred_fields()
        assert [type(v) for v in values(found).values()] == [type(v) for v in values(row).values()]
    assert find(model, "id = %s", 0) is None


@pytest.mark.parametrize("model", [Comment, Participant])
def test_a_row_is_inserted_as_by_the_orm(room: Room, model: type[Model]) -> None:
    filled(room)
    row = model._default_manager.order_by("pk")[0]
    before = values(row)
    row.pk = None
    # What has to be another's.
    other = {Comment: {"idempotency_key": None}, Participant: {"key": "x", "uuid": "9" * 32}}[model]
    for name, value in other.items():
        setattr(row, name, value)
    insert(row)
    read = model._default_manager.get(pk=row.pk)
    kept = before.keys() - other.keys() - {"id"}
    assert {name: values(read)[name] for name in kept} == {name: before[name] for name in kept}
    assert read.pk != before["id"]
    # It is known to be there: saving it again changes it.
    row.save()
    assert model._default_manager.filter(pk=row.pk).count() == 1


def test_what_a_table_refuses_is_refused(room: Room) -> None:
    vote = Vote(comment_id=room.post().number, voter="device:a", value=1, cast_at=room.now)
    insert(vote)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Vote(comment_id=vote.comment_id, voter="device:a", value=-1, cast_at=room.now))


def test_a_row_is_inserted_or_found(room: Room) -> None:
    def somebody(name: str) -> Participant:
        made = Participant(kind="guest", key="k", owner="k", name=name, created_at=room.now)
        insert(made, or_find_by="key")
        return made

    assert somebody("First").pk == somebody("Second").pk
    assert Participant.objects.get(key="k").name == "First"


def test_named_fields_alone_are_written(room: Room) -> None:
    thread = Thread.objects.get(pk=room.id)
    thread.title, thread.events, thread.guests = "Not written", 7, 3
    update(thread, "guests", "events")
    read = Thread.objects.get(pk=room.id)
    assert (read.events, read.guests, read.title != "Not written") == (7, 3, True)
    with pytest.raises(ValueError, match="columns"):
        update(thread, "events", "no_such")


def test_a_question_is_answered_with_the_row(room: Room) -> None:
    number = room.post().number
    found = find_and_ask(Comment, "id = %s", number, asked=("depth = 0", "up > 0"))
    assert found is not None
    assert (found[0].pk, found[1]) == (number, (True, False))
    assert find_and_ask(Comment, "id = %s", 0, asked=("TRUE",)) is None


def test_comments_are_listed_as_by_the_orm(room: Room) -> None:
    filled(room)
    found = listed("ORDER BY discussion_comment.id")
    assert found == list(Comment.objects.order_by("id").values(*COLUMNS))
    assert len(found) == 2


def test_a_row_is_changed_and_found(room: Room) -> None:
    before = Thread.objects.get(pk=room.id).events
    change, its = "events = events + 1", "discussion_thread.id = %s"
    found = change_and_find_beside(Thread, SiteState, change, its, room.id)
    assert found is not None
    assert found[0].events == before + 1
    assert values(found[0]) == values(Thread.objects.get(pk=room.id))
    assert change_and_find_beside(Thread, SiteState, change, its, 0) is None


def test_a_row_comes_with_the_one_row_of_another_table(room: Room) -> None:
    its = "discussion_thread.id = %s"
    for lock in (False, True):
        with transaction.atomic():
            found = find_beside(Thread, SiteState, its, room.id, asked=("1 = 1",), lock=lock)
        assert found is not None
        assert values(found[0]) == values(Thread.objects.get(pk=room.id))
        assert (values(found[1]), found[2]) == (values(SiteState()), (True,))
    kept = SiteState(closed_at=room.now, slow_seconds=60, slow_until=room.now)
    kept.save()
    found = find_beside(Thread, SiteState, its, room.id)
    changed = change_and_find_beside(Thread, SiteState, "events = events + 1", its, room.id)
    assert found is not None
    assert changed is not None
    assert values(found[1]) == values(changed[1]) == values(SiteState.objects.get())
    assert [type(v) for v in values(found[1]).values()] == [type(v) for v in values(kept).values()]
    assert find_beside(Thread, SiteState, its, 0) is None


def test_a_question_is_answered_without_a_row(room: Room) -> None:
    number = room.post().number
    found, answers = find_if_any(Comment, "id = %s", number, asked=("depth = 0", "up > 0"))
    assert found is not None
    assert (found.pk, answers) == (number, (True, False))
    assert find_if_any(Comment, "id = %s", 0, asked=("1 = 1", "depth = 0")) == (None, (True, False))
