"""What an operation changes is written down by the database, in the operation's own transaction."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from broadsheet.discussion import api as discussion
from broadsheet.discussion.models import Comment, Participant, Thread
from broadsheet.kit.clock import utcnow
from broadsheet.pagestore import api as pagestore
from broadsheet.pagestore import triggers
from broadsheet.pagestore.models import Change
from broadsheet.stories.models import StoryPage
from newsroom import make_section, make_story
from people import Cast, Person
from treasury import open_campaign

pytestmark = pytest.mark.django_db
_LOADS = count()


def changed(by: Callable[[], Any]) -> set[str]:
    Change.objects.all().delete()
    by()
    return set(Change.objects.values_list("key", flat=True))


@pytest.fixture
def story(now: datetime) -> StoryPage:
    return make_story(make_section(), at=now, pictures=False)


@pytest.fixture
def thread(story: StoryPage) -> Thread:
    return Thread.objects.get(key=str(story.uuid))


def post(
    thread: Thread,
    cast: Cast[Person],
    now: datetime,
    *,
    who: str = "moderator",
    hold_all: bool = False,
) -> int:
    return discussion.post_comment(
        actor=getattr(cast, who).actor,
        thread_id=thread.pk,
        source=f"The ferry came with {next(_LOADS)} loads.",
        policy=discussion.Policy(hold_all=hold_all),
        now=now,
    ).number


def test_a_comment_makes_its_discussion_old(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    assert changed(lambda: post(thread, cast, now)) >= {f"thread:{thread.pk}", "talk"}


def test_a_comment_that_waits_makes_no_page_old(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    """A raid of ten thousand held comments is ten thousand drawings less."""
    keys = changed(lambda: post(thread, cast, now, who="reader", hold_all=True))
    assert keys <= {"log"}


def test_what_is_held_and_then_published_or_removed_shows(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    number = post(thread, cast, now, who="reader", hold_all=True)

    def decide(verb: str, rule: str = "") -> set[str]:
        return changed(
            lambda: discussion.decide(
                actor=cast.moderator.actor, comment_id=number, verb=verb, rule=rule, reason="",
                now=now,
            )
        )  # fmt: skip

    assert decide("publish") >= {f"thread:{thread.pk}", "talk", "log"}
    assert decide("remove", "personal_attack") >= {f"thread:{thread.pk}", "talk", "log"}


def test_a_vote_makes_its_discussion_old_and_nothing_else(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    number = post(thread, cast, now)
    cast_vote = lambda: discussion.vote(  # noqa: E731 - what is done
        actor=cast.reader.actor, comment_id=number, value=1, now=now
    )
    assert changed(cast_vote) == {f"thread:{thread.pk}"}


def test_a_new_name_makes_old_what_shows_names(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    number = post(thread, cast, now)
    author = Comment.objects.get(pk=number).author_id
    rename = Participant.objects.filter(pk=author).update
    assert changed(lambda: rename(name="Other")) == {"people"}
    assert changed(lambda: rename(email="a@b.example")) == set()
    erase = lambda: discussion.erase_participant(  # noqa: E731 - what is done
        actor=cast.owner.actor, participant=Participant.objects.get(pk=author).uuid, now=now
    )
    assert "people" in changed(erase)


def test_what_the_newsroom_publishes_shows_and_a_draft_does_not(
    story: StoryPage, now: datetime
) -> None:
    story.title = "The ferry is back"
    assert changed(story.save_revision) <= {"search"}
    assert "stories" in changed(lambda: story.save_revision().publish())
    assert "stories" in changed(story.unpublish)


def test_a_gift_and_a_goal_make_the_meter_old(cast: Cast[Person], now: datetime) -> None:
    opened = changed(lambda: open_campaign(actor=cast.owner.actor, now=now))
    assert opened == {"funding"}


def test_what_is_rolled_back_never_happened(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    def fails() -> None:
        with transaction.atomic():
            post(thread, cast, now)
            transaction.set_rollback(True)

    assert changed(fails) == set()


def test_old_changes_are_forgotten_where_each_has_a_row(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    changed(lambda: post(thread, cast, now))
    pagestore.forget_old(now=utcnow() - timedelta(hours=1))
    assert Change.objects.exists()
    gone = pagestore.forget_old(now=utcnow() + timedelta(hours=2))
    assert bool(gone) is (connection.vendor == "postgresql")


@pytest.mark.django_db(transaction=True)
def test_each_commit_is_read_once_and_none_is_missed(cast: Cast[Person], now: datetime) -> None:
    pk = discussion.open_thread(
        site="main", key="ferry", url="/ferry/", title="Ferry", language="en", now=now
    )
    thread = Thread.objects.get(pk=pk)
    changes = pagestore.DatabaseChanges()
    assert changes.read() is None, "what was before nobody knows"
    assert changes.read() == frozenset()
    for _ in range(3):
        post(thread, cast, now)
        found = changes.read()
        assert found is not None
        assert f"thread:{thread.pk}" in found
        assert changes.read() == frozenset()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_those_that_commit_together_one_says_it_and_all_are_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("broadsheet.pagestore.changes._BUSY_SECONDS", 60.0)
    changes, writers = pagestore.DatabaseChanges(), [connection.copy() for _ in range(2)]

    def writes(writer: BaseDatabaseWrapper, name: str) -> None:
        with writer.cursor() as cursor:
            cursor.execute(
                "INSERT INTO pagestore_change (key, moment)"
                " VALUES (%s, pg_current_xact_id()::text::bigint)",
                [name],
            )

    try:
        changes.wait(0)
        changes.read()
        for writer in writers:
            writer.set_autocommit(False)
        writes(writers[0], "first")
        # Beside one that will say so it does not wait for that one, nor says it itself.
        writes(writers[1], "beside")
        writers[1].commit()
        assert not changes.wait(0)
        writers[0].commit()
        assert changes.wait(10)
        assert changes.read() == {"first", "beside"}
        # Whoever was told looks again soon: another may have ended a moment later.
        writes(writers[0], "third")
        writes(writers[1], "a moment later")
        writers[0].commit()
        assert changes.wait(10)
        assert changes.read() == {"third"}
        writers[1].commit()
        began = time.monotonic()
        assert not changes.wait(60)
        assert time.monotonic() - began < 30
        assert changes.read() == {"a moment later"}
    finally:
        for writer in writers:
            writer.close()
        changes.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite: a file is put back")
@pytest.mark.django_db
def test_a_backup_in_its_place_is_noticed(
    thread: Thread, cast: Cast[Person], now: datetime
) -> None:
    changes = pagestore.DatabaseChanges()
    post(thread, cast, now)
    changes.read()
    before = list(Change.objects.all())
    post(thread, cast, now)
    assert changes.read()
    Change.objects.all().delete()
    Change.objects.bulk_create(before)
    assert changes.read() is None
    assert changes.read() == frozenset()


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_table_that_was_emptied_is_noticed() -> None:
    changes = pagestore.DatabaseChanges()
    assert changes.read() is None
    assert changes.read() == frozenset()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pagestore_change")
    assert changes.read() is None
    assert changes.read() == frozenset()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_that_are_still_to_come_are_forgotten(now: datetime) -> None:
    """A dump from another server brought them; transactions here will have them."""
    of_it = {"url": "/ferry/", "title": "Ferry", "language": "en", "now": now}
    assert changed(lambda: discussion.open_thread(site="main", key="ferry", **of_it))
    before = set(Change.objects.values_list("pk", flat=True))
    Change.objects.create(key="thread:5", moment=10**12)
    triggers.install(connection)
    assert set(Change.objects.values_list("pk", flat=True)) == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_after_a_new_connection_nobody_knows_what_was_before() -> None:
    """The database may have crashed meanwhile, and have lost what it said last."""
    changes = pagestore.DatabaseChanges()
    changes.read()
    assert changes.read() == frozenset()
    connection.close()
    assert changes.read() is None
    assert changes.read() == frozenset()
