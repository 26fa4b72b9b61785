"""What stories add to Wagtail's admin: a list, one line for each thing."""

from typing import Any

from wagtail import hooks

from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import PublishStoryAction


@hooks.register("register_actions")
def publishing(registry: Any) -> None:
    registry.register(StoryPage, PublishStoryAction)
