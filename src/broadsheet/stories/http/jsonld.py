"""What a page says in structured data, ready for its script element."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from broadsheet.discussion.api import ThreadPage
from broadsheet.discussion.http.structured import forum_posting
from broadsheet.kit.clock import utcnow
from broadsheet.kit.html import SafeHtml, script_json
from broadsheet.stories import structured
from broadsheet.stories.publication.queries import publication
from broadsheet.stories.shown import Card, Link, ShownPerson, ShownSubject, Story
from broadsheet.stories.structured import Node, Publisher


def publisher() -> Publisher:
    """Return the publication with its policies."""
    face, base = publication(now=utcnow()), str(settings.BROADSHEET_URL)
    return Publisher(
        name=face.name,
        url=base,
        logo=base + face.logo.src if face.logo else "",
        tagline=face.tagline,
        language=face.language,
        policies=tuple((policy.kind, base + policy.url) for policy in face.policies),
    )


def of_story(story: Story, thread: ThreadPage | None) -> SafeHtml:
    """Return what a story's page says: the story, where it stands, and the discussion under it."""
    paper = publisher()
    discussed = None
    if thread is not None:
        discussed = forum_posting(
            thread,
            base_url=paper.url,
            author=structured.organisation(paper),
            published=story.published_at.isoformat(),
            text=story.standfirst,
        )
    return _printed(
        structured.article(story, publisher=paper, comments=thread.comment_count if thread else 0),
        _trail(story.section, Link(story.headline, story.url)),
        discussed,
    )


def of_front() -> SafeHtml:
    """Return what the front page says: the newsroom and its site."""
    paper = publisher()
    return _printed(structured.organisation(paper), structured.newsroom_site(paper))


def of_list(*, name: str, url: str, description: str, cards: Sequence[Card]) -> SafeHtml:
    """Return what a list of stories says: a section, a topic, a series."""
    base = str(settings.BROADSHEET_URL)
    return _printed(
        structured.collection(
            name=name,
            url=base + url,
            description=description,
            urls=[base + card.url for card in cards],
        ),
        _trail(Link(name, url)),
    )


def of_subject(subject: ShownSubject) -> SafeHtml:
    """Return what the page of a topic or a series says."""
    return of_list(
        name=subject.title,
        url=subject.url,
        description=subject.description,
        cards=subject.listed.cards,
    )


def of_person(person: ShownPerson) -> SafeHtml:
    """Return what the page of somebody who writes here says."""
    base = str(settings.BROADSHEET_URL)
    return _printed(
        structured.profile(
            name=person.name,
            url=base + person.url,
            role=person.role,
            bio=person.bio,
            picture=base + person.photo.src if person.photo else "",
            link=person.link,
        ),
        _trail(Link(person.name, person.url)),
    )


def _trail(*links: Link) -> Node:
    front = Link(publication(now=utcnow()).name, "/")
    return structured.trail(front, *links, base_url=str(settings.BROADSHEET_URL))


def _printed(*nodes: Node | None) -> SafeHtml:
    document: dict[str, Any] = structured.graph(*nodes)
    return script_json(json.dumps(document, ensure_ascii=False))
