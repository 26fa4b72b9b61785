"""Migrations that move data, from the tables as they were, on the database the tests run on."""

import json
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Collection, GroupCollectionPermission, Locale, Page

from broadsheet.stories import filing
from broadsheet.stories.models import (
    FrontPage,
    Listing,
    NewsDocument,
    NewsImage,
    StoryPage,
)
from newsroom import make_section, make_story

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def migrate(name: str) -> Any:
    """Go to a migration of this room, forwards or backwards; returns the tables as they were."""
    executor = MigrationExecutor(connection)
    targets = [("stories", name)]
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture(autouse=True)
def _roots(transactional_db: None) -> None:
    """Another test that left its transaction has emptied what Wagtail's migrations wrote."""
    if Page.get_first_root_node() is None:
        Locale.objects.get_or_create(language_code="en")
        root = Page.add_root(instance=Page(title="Root", slug="root"))
        root.add_child(instance=FrontPage(title="The Harbour Post", slug="home"))


@pytest.fixture
def _present_again() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_present_again")
def test_tags_become_topics_drafts_keep_theirs_and_stories_get_on_lists(now: datetime) -> None:
    # One walk: a test that leaves its transaction also leaves no root for another one's pages.
    story = make_story(make_section(), at=now, bylines=("Ines Halloran",))
    draft = make_story(story.get_parent().specific, at=now, headline="Draft", live=False)
    before_topics = migrate("0002_stories_in_full")
    tags = before_topics.get_model("taggit", "Tag").objects
    # An id that is no other's, so that it is told when it is not kept.
    ferry, council = (
        tags.create(pk=pk, name=n, slug=n.lower()) for pk, n in ((71, "Ferry"), (72, "Council"))
    )
    tagged = before_topics.get_model("stories", "StoryTag").objects
    for tag in (ferry, ferry, council):
        tagged.create(tag_id=tag.pk, content_object_id=story.pk)
    tagged.create(tag_id=council.pk, content_object_id=draft.pk)
    before = set(Listing.objects.values_list("list_key", "published_at"))
    Listing.objects.all().delete()
    migrate("0005_stories_on_their_lists")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    found = StoryPage.objects.get(pk=story.pk)
    assert sorted((topic.pk, topic.name) for topic in found.tags.all()) == [
        (71, "Ferry"),
        (72, "Council"),
    ]
    # Those of the migration are what filing would write.
    topics = {("topic:71", now), ("topic:72", now)}
    assert set(Listing.objects.values_list("list_key", "published_at")) == before | topics
    assert list(filing.misfiled()) == []
    # A draft names its topics by their ids, in its revision.
    revision = StoryPage.objects.get(pk=draft.pk).latest_revision
    content = revision.content | {
        "tagged_items": [{"pk": None, "tag": 72, "content_object": draft.pk}]
    }
    revision.content = json.loads(json.dumps(content, default=str))
    assert [topic.name for topic in revision.as_object().tags.all()] == ["Council"]
    # Numbers go on behind those that were given.
    found.tags.add("Harbour")
    found.save()
    assert StoryPage.objects.get(pk=story.pk).tags.count() == 3


def test_rights_to_pictures_become_those_that_wagtail_asks_for() -> None:
    group = Group.objects.create(name="freelancers")
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for model in (NewsImage, NewsDocument):
        name = model._meta.model_name
        right, _ = Permission.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), codename=f"choose_{name}"
        )
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=right)
    migration = import_module("broadsheet.stories.migrations.0007_rights_to_pictures")
    for _again in range(2):
        migration.forward(apps, None)
        grants = GroupCollectionPermission.objects.filter(group=group)
        codenames = grants.values_list("permission__codename", flat=True)
        assert sorted(codenames) == ["choose_document", "choose_image"]
