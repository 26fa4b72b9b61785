"""Loading the demonstration, once, through the doors of the rooms."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.files.images import ImageFile
from django.db import transaction

from broadsheet.discussion import api as discussion
from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.money import Money
from broadsheet.readers import api as readers
from broadsheet.site.demo import content, policies
from broadsheet.site.demo.content import DemoComment, DemoStory
from broadsheet.stories import api as stories
from broadsheet.stories.api import Byline, NewsImage, Person, SectionPage, StoryPage

# The one campaign whose meter the pages show.
CAMPAIGN = "main"
# Comments of people who have written here before are not held.
POLICY = discussion.Policy(hold_first=False, hold_links=False)


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Load the demonstration unless the newsroom has a section already; say whether it did."""
    front = stories.front()
    if front is None or SectionPage.objects.exists():
        return False
    owner = readers.ensure_staff(email="ada@harbourpost.example", name="Ada Holm", role=Role.OWNER)
    moderator = readers.ensure_staff(
        email="noor@harbourpost.example", name="Noor Idris", role=Role.MODERATOR
    )
    title, standfirst = content.SECTION
    section = front.add_child(instance=SectionPage(title=title, standfirst=standfirst))
    pages = [_publish(section, story, now) for story in reversed(content.STORIES)]
    thread_id = stories.open_discussion(story=pages[-1], site=settings.SITE_SLUG, now=now)
    for comment in content.THREAD:
        _post(comment, None, thread_id, moderator=readers.actor_for(moderator), now=now)
    _fund(readers.actor_for(owner), now)
    policies.publish_policies(now=now)
    return True


def _publish(section: SectionPage, story: DemoStory, now: datetime) -> StoryPage:
    at = now - timedelta(hours=story.hours_ago)
    person, _ = Person.objects.get_or_create(
        slug=story.byline.lower().replace(" ", "-"), defaults={"name": story.byline}
    )
    page = StoryPage(
        title=story.headline,
        slug=story.slug,
        standfirst=story.standfirst,
        first_published_at=at,
        live=False,
        lead_image=_lead_image() if story.lead else None,
        lead_caption=content.LEAD_CAPTION if story.lead else "",
    )
    page.body = page.body.stream_block.to_python(
        [{"type": kind, "value": value} for kind, value in story.blocks]
    )
    section.add_child(instance=page)
    page.bylines.add(Byline(person=person))
    page.tags.add(*story.tags)
    page.save_revision().publish()
    published: StoryPage = StoryPage.objects.get(pk=page.pk)
    return published


def _lead_image() -> NewsImage:
    with (
        as_file(files("broadsheet.site.demo") / "images" / "ferry.jpg") as path,
        path.open("rb") as file,
    ):
        image: NewsImage = NewsImage.objects.create(
            title="The Greta Marie at dusk",
            description=content.LEAD_ALT,
            credit=content.LEAD_CREDIT,
            file=ImageFile(file, "greta-marie.jpg"),
        )
        return image


def _post(
    comment: DemoComment, parent: int | None, thread_id: int, *, moderator: Actor, now: datetime
) -> None:
    at = now - timedelta(minutes=comment.minutes_ago)
    posted = discussion.post_comment(
        actor=_guest(comment.by or comment.text),
        thread_id=thread_id,
        parent_id=parent,
        source=comment.text,
        name=comment.by,
        email="",
        idempotency_key="",
        policy=POLICY,
        now=at,
    )
    for voter, value in _votes(comment):
        discussion.vote(actor=voter, comment_id=posted.number, value=value, now=at)
    for reply in comment.replies:
        _post(reply, posted.number, thread_id, moderator=moderator, now=now)
    if comment.removed:
        discussion.decide(
            actor=moderator,
            comment_id=posted.number,
            verb="remove",
            rule="personal_attack",
            reason=comment.removed,
            now=at + timedelta(minutes=20),
        )


def _votes(comment: DemoComment) -> Iterator[tuple[Actor, int]]:
    for number in range(comment.up + comment.down):
        yield _guest(f"reader {number}"), 1 if number < comment.up else -1


def _guest(name: str) -> Actor:
    token = uuid5(NAMESPACE_URL, f"https://harbourpost.example/{name}").hex
    return Actor(id=f"device:{token}", roles=frozenset({Role.GUEST}))


def _fund(owner: Actor, now: datetime) -> None:
    face = stories.publication(now=now)
    currency = face.currency
    funding.open_campaign(
        actor=owner,
        slug=CAMPAIGN,
        title=face.name,
        goal=Money(content.GOAL, currency),
        zone=face.time_zone,
        steps=[
            funding.Step(amount=Money(minor, currency), label=label)
            for minor, label in content.STEPS
        ],
        how_to_give=content.HOW_TO_GIVE,
        now=now,
    )
    meter = funding.meter(now=now)
    if meter is None:
        raise RuntimeError("the campaign that was just opened has no month")
    apart = (now - meter.starts_at) / (len(content.GIFTS) + 1)
    gifts: list[UUID] = []
    for number, minor in enumerate(content.GIFTS):
        booked = funding.record_gift(
            actor=owner,
            campaign=CAMPAIGN,
            amount=Money(minor, currency),
            method="cash" if number % 4 == 0 else "bank",
            effective_at=meter.starts_at + apart * (number + 1),
            now=now,
        )
        if booked.gift is not None:
            gifts.append(booked.gift)
    funding.refund_gift(
        actor=owner,
        gift=gifts[-1],
        amount=Money(content.REFUND, currency),
        effective_at=now,
        reason="Sent twice by mistake",
        now=now,
    )
