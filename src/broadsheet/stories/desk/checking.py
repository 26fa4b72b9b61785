"""Checking a story: its facts, its links, the rules."""

from broadsheet.stories import checks
from broadsheet.stories.desk.facts import draft_of
from broadsheet.stories.desk.links import answers_for
from broadsheet.stories.models import StoryPage


def check_story(*, story: StoryPage, links: bool = True) -> tuple[checks.Finding, ...]:
    """Return what an editor should look at before this draft goes out.

    With `links` every link is asked, which may take some seconds. Call it outside a transaction.
    """
    draft = draft_of(story)
    answers = answers_for(link.url for link in draft.links) if links else {}
    return checks.findings(draft, answers=answers)
