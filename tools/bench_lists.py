"""A newsroom grows from a hundred stories to ten thousand; bench.py starts this with Django set up.

Whole pages are asked for, as a reader does, and timed at both sizes. The last line that is printed
is JSON.
"""

import json
import string
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import batched
from statistics import median
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from broadsheet.stories import api as stories
from broadsheet.stories import filing
from broadsheet.stories.models import SectionPage, StoryPage, StoryTopic, StoryVersion, Topic

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
SMALL, LARGE, BATCH = 100, 10_000, 500
ROUNDS, WARM = 15, 3
DIGITS = string.digits + string.ascii_uppercase
PAGES = {
    "front": "/",
    "section": "/town/",
    "story": "/town/story-7/",
    "topic": "/topics/ferry/",
    "archive": "/archive/",
    "month": "/archive/2026/06/",
    "search": "/search/?q=ferry+word7",
    "search_common": "/search/?q=council",
}


def main() -> None:
    """Measure on the database of the settings, which is empty; print name → value."""
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", interactive=False, verbosity=0)
    front = stories.set_up_site(name="The Harbour Post", url=settings.BROADSHEET_URL)
    section = front.add_child(instance=SectionPage(title="Town"))
    topic = Topic.objects.create(name="Ferry", slug="ferry")
    fill(section, topic, 0, SMALL)
    small = timed()
    fill(section, topic, SMALL, LARGE)
    large = timed()
    values = {f"lists.{name}_10k_over_100": large[name] / small[name] for name in PAGES}
    values["page.render_ms"] = large["story"] * 1000
    for name in PAGES:
        print(f"{name}: {small[name] * 1000:.1f} ms, then {large[name] * 1000:.1f} ms")
    print(json.dumps(values))


def fill(section: SectionPage, topic: Topic, begin: int, end: int) -> None:
    """Write rows as publishing would have; one at a time it would take an hour."""
    kind = ContentType.objects.get_for_model(StoryPage)
    for numbers in batched(range(begin, end), BATCH):
        pages = [row(section, number, kind) for number in numbers]
        # Wagtail's tables of a story are two; the ORM makes many rows of one only.
        plain = Page.objects.bulk_create(pages)
        made = [story(page) for page in plain]
        fields = StoryPage._meta.local_concrete_fields  # noqa: SLF001 - Django documents it
        StoryPage._base_manager._insert(made, fields=fields, using="default")  # noqa: SLF001 - as Model.save() does
        StoryTopic.objects.bulk_create(
            StoryTopic(tag=topic, content_object_id=page.pk) for page in plain[::2]
        )
        StoryVersion.objects.bulk_create(version(page) for page in plain)
        rows = list(StoryPage.objects.filter(pk__in=[page.pk for page in plain]))
        get_search_backend().get_index_for_model(StoryPage).add_items(StoryPage, rows)
    Page.objects.filter(pk=section.pk).update(numchild=end)
    filing.mend()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def step(number: int) -> str:
    """Return a page's place among its siblings, as Wagtail's tree writes it: from 0001 to ZZZZ."""
    found, number = "", number + 1
    while number:
        number, digit = divmod(number, len(DIGITS))
        found = DIGITS[digit] + found
    return found.rjust(4, "0")


def row(section: SectionPage, number: int, kind: ContentType) -> Page:
    at = NOW - timedelta(hours=number * 5)
    title = f"Headline {number} of the harbour, word{number % 97}"
    return Page(
        path=section.path + step(number), depth=4, numchild=0,
        title=title, draft_title=title, slug=f"story-{number}", content_type=kind, live=True,
        url_path=f"{section.url_path}story-{number}/", first_published_at=at, last_published_at=at,
        locale=section.locale,
    )  # fmt: skip


def story(page: Page) -> StoryPage:
    made = StoryPage(page_ptr_id=page.pk, uuid=UUID(int=page.pk), standfirst="The council voted.")
    made.body = json.dumps([{"type": "paragraph", "value": f"<p>{text(page)}</p>"}])
    return made


def text(page: Page) -> str:
    return f"The council of {page.title} spoke about the ferry. " + "More was said. " * 60


def version(page: Page) -> StoryVersion:
    return StoryVersion(
        story_id=page.pk, number=1, published_at=page.first_published_at, headline=page.title,
        text=text(page), digest="-",
    )  # fmt: skip


def timed() -> dict[str, float]:
    """Return the median time of the processor for each page, by turns, in seconds."""
    client, times = Client(), {name: [] for name in PAGES}
    for attempt in range(ROUNDS + WARM):
        for name, address in PAGES.items():
            started = time.process_time()
            answer: Any = client.get(address)
            if answer.status_code != HTTPStatus.OK:
                raise RuntimeError(f"{address} answers {answer.status_code}")
            if attempt >= WARM:
                times[name].append(time.process_time() - started)
    return {name: median(found) for name, found in times.items()}
