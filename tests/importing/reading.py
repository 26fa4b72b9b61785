"""What the tests read of the site that came out, and of the tables behind it."""

from typing import Any

from django.apps import apps
from django.test import Client


def model(name: str, room: str = "stories") -> Any:
    return apps.get_model(room, name)


def story(slug: str) -> Any:
    return model("StoryPage").objects.get(slug=slug)


def page(slug: str) -> Any:
    return model("TextPage").objects.get(slug=slug)


def comments() -> Any:
    return model("Comment", "discussion").objects.order_by("pk")


def comment(old: str) -> Any:
    return model("CommentAlias", "discussion").objects.get(foreign_id=old).comment


def get(path: str, **query: str) -> Any:
    return Client().get(path, query)


def html(path: str, **query: str) -> str:
    response = get(path, **query)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


TABLES = (
    *("stories.StoryPage", "stories.TextPage", "stories.SectionPage", "stories.Person"),
    *(
        "stories.NewsImage",
        "stories.NewsRendition",
        "stories.NewsDocument",
        "stories.Byline",
        "stories.StoryTopic",
    ),
    *("discussion.Comment", "discussion.CommentAlias", "discussion.Participant"),
    *("discussion.Thread", "discussion.VoteTally", "discussion.Decision", "discussion.GuestLabel"),
    *("importing.ImportedRow", "importing.KeptForLater", "wagtailredirects.Redirect"),
    *("wagtailcore.Revision", "stories.Topic"),
)


def row_counts() -> dict[str, int]:
    return {name: apps.get_model(name).objects.count() for name in TABLES}
