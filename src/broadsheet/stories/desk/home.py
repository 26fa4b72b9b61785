"""The desk's first page: my stories, what waits for me, what goes out when, what is held back."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from broadsheet.kit.clock import utcnow
from broadsheet.stories.desk import queries
from broadsheet.stories.desk.queries import DeskStory
from broadsheet.stories.shown import Link

# What ours stand in the place of.
_REPLACED: Final = (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

type Lists = Sequence[tuple[str, Sequence[DeskStory]]]


class StoriesPanel(Component):
    """One panel: lists with a heading each; `loud` is a list that must not be overlooked.

    `begin` leads to the empty form of a story, by the name of each section.
    """

    template_name = "stories/desk/home_panel.html"

    def __init__(  # a panel is a heading, its lists and what may be done
        self,
        name: str,
        heading: str,
        lists: Lists,
        *,
        order: int,
        loud: tuple[str, Sequence[DeskStory]] = ("", ()),
        empty: str = "",
        begin: Sequence[Link] = (),
    ) -> None:
        self.order = order
        self._context = {
            "name": name,
            "heading": heading,
            "lists": [(label, rows) for label, rows in lists if rows],
            "loud_heading": loud[0],
            "loud": loud[1],
            "empty": empty,
            "begin": begin,
        }

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's shape
        return self._context


def arrange(request: HttpRequest, panels: list[Any]) -> None:
    """Put our panels in the place of Wagtail's. A hook of Wagtail's."""
    panels[:] = [panel for panel in panels if not isinstance(panel, _REPLACED)]
    user: Any = request.user
    rights = queries.rights_of(user=user)
    if rights.writes:
        panels.append(_mine(user))
    if rights.publishes:
        panels.append(_to_review(user))
    if rights.writes:
        panels += [_scheduled(user, everybody=rights.publishes)]
        panels += [_held(user, everybody=rights.publishes)]


def _mine(user: Any) -> StoriesPanel:
    mine = queries.my_stories(user=user)
    return StoriesPanel(
        "mine",
        _("My stories"),
        [
            (_("An editor asks for changes"), mine.returned),
            (_("With the editors"), mine.submitted),
            (_("Drafts"), mine.drafts),
            (_("Published lately"), mine.published),
        ],
        order=100,
        empty=_("You have written no story yet."),
        begin=[
            Link(
                row.title, reverse("wagtailadmin_pages:add", args=("stories", "storypage", row.pk))
            )
            for row in queries.sections_for(user=user)
        ],
    )


def _to_review(user: Any) -> StoriesPanel:
    rows = queries.to_review(user=user)
    empty = _("Nothing waits for an editor.")
    return StoriesPanel("review", _("To review"), [("", rows)], order=110, empty=empty)


def _scheduled(user: Any, *, everybody: bool) -> StoriesPanel:
    found = queries.scheduled(user=None if everybody else user, now=utcnow())
    return StoriesPanel(
        "scheduled",
        _("Scheduled"),
        [("", found.scheduled)],
        order=120,
        loud=(_("A time is set, and nobody has pressed the button"), found.forgotten),
        empty=_("Nothing is scheduled."),
    )


def _held(user: Any, *, everybody: bool) -> StoriesPanel:
    rows = queries.under_embargo(user=None if everybody else user, now=utcnow())
    empty = _("Nothing is under embargo.")
    return StoriesPanel("embargo", _("Under embargo"), [("", rows)], order=130, empty=empty)
