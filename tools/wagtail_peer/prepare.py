"""Make the site's database: python -m wagtail_peer.prepare COMMENTS, in `tools/`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import django

WORDS = "The ferry was late again, and the timetable says nothing about it. " * 3
NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
STORIES, GIFTS = 6, 100
# Every third comment begins a conversation, the others answer the one before.
CONVERSATION = 3


def main(comments: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "wagtail_peer.settings"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - needs Django set up
    from django.core.files.images import ImageFile  # noqa: PLC0415 - as above
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from PIL import Image as Drawing  # noqa: PLC0415 - as above
    from wagtail.images import get_image_model  # noqa: PLC0415 - as above
    from wagtail.models import Page, Site  # noqa: PLC0415 - as above

    from wagtail_peer.models import Comment, Gift, Person, StoryPage  # noqa: PLC0415 - as above

    migrations = settings.HOME / "peer_migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    call_command("makemigrations", "wagtail_peer", verbosity=0)
    call_command("migrate", verbosity=0)
    drawn = BytesIO()
    Drawing.new("RGB", (1200, 800), "navy").save(drawn, "JPEG")
    image = get_image_model().objects.create(title="Ferry", file=ImageFile(drawn, "ferry.jpg"))
    writer = Person.objects.create(name="Ruben Tallow", slug="ruben-tallow")
    reader = Person.objects.create(name="Rhea Sands", slug="rhea-sands")
    Gift.objects.bulk_create(Gift(amount=10, at=NOW) for _ in range(GIFTS))
    home = Page.objects.get(slug="home")
    sections = [
        home.add_child(instance=Page(title=title, slug=title.lower(), show_in_menus=True))
        for title in ("Town", "Harbour", "Council")
    ]
    body: Any = [
        *[("paragraph", f"<p>{WORDS}</p>")] * 4,
        ("heading", "At the quay"),
        ("image", image),
        *[("paragraph", f"<p>{WORDS}</p>")] * 4,
    ]
    stories = []
    for n in range(STORIES):
        story = StoryPage(
            title=f"Story {n}", slug=f"s{n}", standfirst=WORDS, lead=image, body=body,
            people=[writer],
        )  # fmt: skip
        stories.append(sections[0].add_child(instance=story))
        story.tags.add("Ferry", "Harbour")
        story.save_revision().publish()
    Site.objects.update(hostname="127.0.0.1", site_name="The Harbour Post")
    above = None
    for n in range(comments):
        comment = Comment.objects.create(
            page=stories[0], author=reader, html=f"<p>{WORDS}</p>",
            parent=above if n % CONVERSATION else None, created_at=NOW - timedelta(minutes=n),
        )  # fmt: skip
        above = comment


if __name__ == "__main__":
    main(int(sys.argv[1]))
