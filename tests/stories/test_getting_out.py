"""How a story gets out: who may submit, approve and publish; schedule and embargo."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import EmbargoError
from clocks import Clock
from newsroom import bare, make_section, make_story
from people import Cast, Person

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Clock:
    return Clock(monkeypatch, now)


def draft_of(person: Person, *, at: datetime, **fields: Any) -> StoryPage:
    return make_story(make_section(), at=at, live=False, owner=person.user, **fields)


def fresh(story: StoryPage) -> StoryPage:
    return StoryPage.objects.get(pk=story.pk)


def is_public(story: StoryPage) -> bool:
    return Client().get(stories.url_of(fresh(story))).status_code == 200


def plan(story: StoryPage, **fields: Any) -> StoryPage:
    """Set fields of the latest draft, as the form does."""
    for name, value in fields.items():
        setattr(story, name, value)
    story.save_revision()
    return story


# --- Rights --------------------------------------------------------------------------------------

SUBMITS = {"owner", "editor", "reporter"}
PUBLISHES = {"owner", "editor"}


@pytest.mark.parametrize(
    "name", ["owner", "editor", "reporter", "moderator", "reader", "banned_reader"]
)
def test_who_may_submit_approve_and_publish(cast: Cast[Person], clock: Clock, name: str) -> None:
    person = cast[name]
    own = draft_of(person, at=clock.now, headline="Own")
    if name in SUBMITS:
        stories.submit_story(actor=person.actor, story=own, now=clock.now)
        assert fresh(own).workflow_in_progress
    else:
        with pytest.raises(RefusalError):
            stories.submit_story(actor=person.actor, story=own, now=clock.now)
    waiting = draft_of(cast.reporter, at=clock.now, headline="Waiting")
    stories.submit_story(actor=cast.reporter.actor, story=waiting, now=clock.now)
    other = draft_of(cast.reporter, at=clock.now, headline="Other")
    for verb, story in ((stories.approve_story, waiting), (stories.publish_story, other)):
        if name in PUBLISHES:
            verb(actor=person.actor, story=fresh(story), now=clock.now)
            assert is_public(story)
        else:
            with pytest.raises(RefusalError):
                verb(actor=person.actor, story=fresh(story), now=clock.now)
            assert not is_public(story)


@pytest.mark.parametrize("name", ["guest", "stranger"])
def test_nobody_without_an_account_files(cast: Cast[Person], clock: Clock, name: str) -> None:
    story = draft_of(cast.reporter, at=clock.now)
    for verb in (stories.submit_story, stories.approve_story, stories.publish_story):
        with pytest.raises(RefusalError) as refused:
            verb(actor=cast[name].actor, story=story, now=clock.now)
        assert refused.value.verdict.code == "no_account"


def test_a_reporter_submits_only_what_is_theirs(cast: Cast[Person], clock: Clock) -> None:
    story = draft_of(cast.editor, at=clock.now)
    with pytest.raises(RefusalError) as refused:
        stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    assert refused.value.verdict.code == "not_yours"


def test_what_waits_is_not_submitted_twice_and_what_came_back_again(
    cast: Cast[Person], clock: Clock
) -> None:
    story = draft_of(cast.reporter, at=clock.now)
    submit = {"actor": cast.reporter.actor, "now": clock.now}
    stories.submit_story(story=story, **submit)
    with pytest.raises(RefusalError) as refused:
        stories.submit_story(story=fresh(story), **submit)
    assert refused.value.verdict.code == "waits_already"
    state = fresh(story).current_workflow_state
    state.current_task_state.reject(user=cast.editor.user, comment="Who says so?")
    stories.submit_story(story=fresh(story), **submit)
    again = fresh(story).current_workflow_state
    assert (again.pk, again.status) == (state.pk, "in_progress")


# --- The workflow that set-up makes ------------------------------------------------------------


def test_set_up_makes_one_workflow_and_leaves_it_to_the_publisher(db: None) -> None:
    set_up = {"name": "The Harbour Post", "url": "http://127.0.0.1:8000"}
    bare()
    front = stories.set_up_site(**set_up)
    task = GroupApprovalTask.objects.get(workflow_tasks__workflow=front.get_workflow())
    assert set(task.groups.values_list("name", flat=True)) == {"owner", "editor"}
    before = Workflow.objects.count()
    # The publisher does without, and calls what is left by another name.
    WorkflowPage.objects.filter(page_id=front.pk).delete()
    Workflow.objects.filter(workflow_tasks__task=task).update(name="Four eyes", active=False)
    task.groups.clear()
    stories.set_up_site(**set_up)
    assert Workflow.objects.count() == before
    assert not WorkflowPage.objects.filter(page_id=front.pk).exists()
    assert not task.groups.exists()


# --- Schedule ------------------------------------------------------------------------------------


def test_a_story_is_out_at_its_minute(cast: Cast[Person], clock: Clock) -> None:
    at = clock.now + HOUR
    story = plan(draft_of(cast.editor, at=clock.now), go_live_at=at)
    done = stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    assert done.at == at
    assert stories.next_due() == at
    clock.at(at - timedelta(seconds=1))
    assert not stories.something_due(now=clock.now)
    assert stories.publish_due(now=clock.now) == 0
    assert not is_public(story)
    clock.at(at)
    assert stories.something_due(now=clock.now)
    assert stories.publish_due(now=clock.now) == 1
    assert is_public(story)
    assert stories.next_due() is None


def test_a_story_is_taken_back_at_its_minute(cast: Cast[Person], clock: Clock) -> None:
    story = plan(draft_of(cast.editor, at=clock.now), expire_at=clock.now + HOUR)
    stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    assert stories.next_due() == clock.now + HOUR
    clock.at(clock.now + HOUR)
    assert stories.publish_due(now=clock.now) == 1
    assert not is_public(story)


def test_one_that_fails_keeps_no_other_waiting(
    cast: Cast[Person],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    at = clock.now + HOUR
    section = make_section()
    first, second = (
        plan(make_story(section, at=at, live=False, headline=headline), go_live_at=at)
        for headline in ("First", "Second")
    )
    for story in (first, second):
        stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    publish = StoryPage.publish

    def broken(self: StoryPage, revision: Any, **facts: Any) -> None:
        if self.pk == first.pk:
            raise ValueError("out of order")
        publish(self, revision, **facts)

    monkeypatch.setattr(StoryPage, "publish", broken)
    clock.at(at)
    assert stories.publish_due(now=at) == 1
    assert is_public(second)
    assert "Not done on time" in caplog.text
    monkeypatch.undo()
    Clock(monkeypatch, at)
    assert stories.publish_due(now=at) == 1
    assert is_public(first)


# --- Embargo -------------------------------------------------------------------------------------


def by_publishing(actor: Actor, story: StoryPage, now: datetime) -> None:
    stories.publish_story(actor=actor, story=story, now=now)


def by_approval(actor: Actor, story: StoryPage, now: datetime) -> None:
    stories.submit_story(actor=actor, story=story, now=now)
    stories.approve_story(actor=actor, story=fresh(story), now=now)


def by_revision(actor: Actor, story: StoryPage, now: datetime) -> None:
    story.get_latest_revision().publish(skip_permission_checks=True)


def by_wagtails_workflow(actor: Actor, story: StoryPage, now: datetime) -> None:
    from broadsheet.readers.models import User

    user = User.objects.get(uuid=actor.id.removeprefix("account:"))
    story.get_workflow().start(story, user)
    fresh(story).current_workflow_task_state.approve(user=user)


def by_registered_action(actor: Actor, story: StoryPage, now: datetime) -> None:
    from wagtail.actions import action_registry

    action = action_registry.get_action_class(StoryPage, "publish")
    assert action is not None
    action(story.get_latest_revision()).execute(skip_permission_checks=True)


WAYS = [by_publishing, by_approval, by_revision, by_wagtails_workflow, by_registered_action]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_out_before_the_embargo_ends(
    cast: Cast[Person], clock: Clock, way: Any
) -> None:
    ends = clock.now + HOUR
    story = plan(draft_of(cast.editor, at=clock.now), embargo_until=ends)
    with pytest.raises((RefusalError, EmbargoError)) as refused:
        way(cast.editor.actor, story, clock.now)
    verdict = refused.value.verdict
    assert (verdict.code, dict(verdict.facts)) == ("embargo", {"until": ends.isoformat()})
    assert not is_public(story)
    assert stories.next_due() is None
    # Too early a time is no way round it.
    plan(fresh(story), go_live_at=ends - timedelta(minutes=1), embargo_until=ends)
    with pytest.raises((RefusalError, EmbargoError)):
        by_publishing(cast.editor.actor, fresh(story), clock.now)
    clock.at(ends)
    by_revision(cast.editor.actor, fresh(story), ends)
    assert is_public(story)


def test_a_time_after_the_embargo_may_be_set_before_it_ends(
    cast: Cast[Person], clock: Clock
) -> None:
    ends = clock.now + HOUR
    story = plan(draft_of(cast.editor, at=clock.now), embargo_until=ends, go_live_at=ends)
    assert stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now).at == ends
    assert not is_public(story)
    clock.at(ends)
    assert stories.publish_due(now=ends) == 1
    assert is_public(story)


def test_a_newer_draft_with_an_embargo_takes_the_older_one_off_the_schedule(
    cast: Cast[Person], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    at = clock.now + HOUR
    story = plan(draft_of(cast.editor, at=clock.now), go_live_at=at)
    stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    plan(fresh(story), embargo_until=at + HOUR)
    clock.at(at)
    assert stories.publish_due(now=at) == 0
    assert not is_public(story)
    assert stories.next_due() is None
    assert "Not done on time" in caplog.text


def test_pages_without_an_embargo_are_published_as_ever(db: None) -> None:
    section = make_section()
    section.title = "Harbour"
    section.save_revision().publish()
    assert Page.objects.get(pk=section.pk).title == "Harbour"


def test_what_got_out_too_early_is_found(cast: Cast[Person], clock: Clock) -> None:
    story = draft_of(cast.editor, at=clock.now)
    stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    (check,) = (check for check in stories.checks() if check.name == "stories.embargo")
    assert list(check.run()) == []
    StoryPage.objects.filter(pk=story.pk).update(embargo_until=clock.now + HOUR)
    assert len(list(check.run())) == 1


def test_editors_and_writers_get_letters_through_the_outbox(
    cast: Cast[Person], clock: Clock
) -> None:
    from django.core import mail

    from broadsheet.outbox.models import Message

    def told() -> set[str]:
        found = set(Message.objects.values_list("to", flat=True))
        Message.objects.all().delete()
        return found

    story = draft_of(cast.reporter, at=clock.now)
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    greeted = {
        message.to: message.text.partition(",")[0] for message in Message.objects.order_by("pk")
    }
    assert greeted == {
        cast.owner.actor.email: "Hello Odile Brandt",
        cast.editor.actor.email: "Hello Edda Marsh",
    }
    assert told() == {cast.owner.actor.email, cast.editor.actor.email}
    fresh(story).current_workflow_task_state.reject(user=cast.editor.user, comment="Who says so?")
    assert told() == {cast.reporter.actor.email}
    stories.submit_story(actor=cast.reporter.actor, story=fresh(story), now=clock.now)
    told()
    stories.approve_story(actor=cast.editor.actor, story=fresh(story), now=clock.now)
    assert told() == {cast.reporter.actor.email}
    assert mail.outbox == []


def test_letters_of_the_workflow_say_who_asks_for_what(cast: Cast[Person], clock: Clock) -> None:
    from broadsheet.outbox.models import Message

    def letters() -> list[tuple[str, str]]:
        found = list(Message.objects.order_by("pk").values_list("subject", "text"))
        Message.objects.all().delete()
        return found

    writer, editor = str(cast.reporter.user), str(cast.editor.user)
    story = draft_of(cast.reporter, at=clock.now)
    edit = f"/desk/pages/{story.pk}/edit/"
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    # One for each: the owner is not told twice.
    asked, again = letters()
    assert asked[0] == again[0] == f"To review: {story.title}"
    assert f"{writer} has submitted “{story.title}”." in asked[1]
    assert edit in asked[1]
    fresh(story).current_workflow_task_state.reject(user=cast.editor.user, comment="Who <said> so?")
    ((subject, text),) = letters()
    assert subject == f"Changes wanted: {story.title}"
    assert f"{editor} asks for changes to “{story.title}”." in text
    assert "Who <said> so?" in text
    stories.submit_story(actor=cast.reporter.actor, story=fresh(story), now=clock.now)
    letters()
    stories.approve_story(
        actor=cast.editor.actor, story=fresh(story), now=clock.now, comment="Good."
    )
    ((subject, text),) = letters()
    assert subject == f"Published: {story.title}"
    assert f"{editor} has approved “{story.title}”." in text
    assert "Good." in text
    assert str(fresh(story).full_url) in text
    assert "\n\n\n" not in text
