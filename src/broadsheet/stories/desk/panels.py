"""The side panel of the editor that lists what is to be mended before a story goes out."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.side_panels import BaseSidePanel

from broadsheet.stories.checks import Finding
from broadsheet.stories.desk import wording
from broadsheet.stories.desk.checking import check_story


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as a page lists it; `anchor` leads to its place in the editor."""

    code: str
    sentence: str
    anchor: str


def shown(finding: Finding) -> ShownFinding:
    """Make a finding ready to be drawn."""
    place = finding.place
    anchor = f"block-{place.anchor}-section" if place.is_block else f"id_{place.anchor}"
    return ShownFinding(str(finding.code), wording.sentence(finding), anchor)


class FindingsSidePanel(BaseSidePanel):
    """Without the links, which take time: the page of findings asks them."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("What to mend")
        icon_name = "tasks"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": len(self.panel.findings)}

    name = "mend"
    title = gettext_lazy("Before it goes out")
    template_name = "stories/desk/findings_panel.html"
    order = 250

    def __init__(self, story: Any, request: Any) -> None:
        super().__init__(story, request)
        self.findings = [shown(finding) for finding in check_story(story=story, links=False)]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        url = reverse("stories_check", args=[self.object.pk]) if self.object.pk else ""
        return context | {"findings": self.findings, "check_url": url}
