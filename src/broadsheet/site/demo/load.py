"""Loading the demonstration, once, through the doors of the rooms."""

from datetime import datetime

from django.db import transaction

from broadsheet.site.demo import books, people, policies, publishing, talking
from broadsheet.site.demo.files import newsroom
from broadsheet.stories import api as stories
from broadsheet.stories.api import NewsImage, SectionPage


def load(*, now: datetime) -> bool:
    """Load the demonstration unless the newsroom has a section already; say whether it did."""
    if not _write(now):
        return False
    # Its first reader sees it with pictures.
    uploads = NewsImage.objects.values_list("pk", flat=True)
    stories.make_first_renditions(image_ids=list(uploads))
    return True


@transaction.atomic
def _write(now: datetime) -> bool:
    front = stories.front()
    if front is None or SectionPage.objects.exists():
        return False
    cast = people.invite()
    pages = publishing.publish_all(front=front, cast=cast, now=now)
    talking.talk(pages=pages, cast=cast, now=now)
    books.keep(owner=cast.actor_of_role("owner"), now=now)
    policies.publish_policies(now=now)
    face = stories.Wanted(tagline=newsroom()["tagline"])
    stories.set_publication(actor=cast.actor_of_role("owner"), wanted=face, now=now)
    return True
