"""Structured data of pages in the words of schema.org, as plain dictionaries.

A test holds every page's against schema.org's own terms (`tests/stories/schema_org.json`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.kit.html import plain_words
from broadsheet.stories.shown import Link, Picture, ShownCorrection, Story

type Node = dict[str, Any]

CONTEXT: Final = "https://schema.org"
# What a kind of story is called there; the others are news.
TYPES: Final = {
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "review": "ReviewNewsArticle",
    "explainer": "BackgroundNewsArticle",
}
# Which property of an organisation states which policy.
POLICY_PROPERTIES: Final = {
    "masthead": "masthead",
    "ethics": "ethicsPolicy",
    "corrections": "correctionsPolicy",
    "funding": "ownershipFundingInfo",
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. Addresses are whole; `policies` are (kind, address)."""

    name: str
    url: str
    logo: str = ""
    tagline: str = ""
    language: str = ""
    policies: tuple[tuple[str, str], ...] = ()


def graph(*nodes: Node | None) -> Node:
    """Join what a page says into one document; None says nothing."""
    return {"@context": CONTEXT, "@graph": [node for node in nodes if node]}


def organisation(publisher: Publisher) -> Node:
    """Return the newsroom, with the policies it has published."""
    node: Node = {
        "@type": "NewsMediaOrganization",
        "@id": f"{publisher.url}/#newsroom",
        "name": publisher.name,
        "url": f"{publisher.url}/",
        "publishingPrinciples": dict(publisher.policies).get("ethics"),
        "slogan": publisher.tagline,
    }
    if publisher.logo:
        node["logo"] = {"@type": "ImageObject", "url": publisher.logo}
    node |= {
        POLICY_PROPERTIES[kind]: url
        for kind, url in publisher.policies
        if kind in POLICY_PROPERTIES
    }
    return _told(node)


def newsroom_site(publisher: Publisher) -> Node:
    """Return the site, and how it is searched."""
    return _told(
        {
            "@type": "WebSite",
            "@id": f"{publisher.url}/#site",
            "name": publisher.name,
            "url": f"{publisher.url}/",
            "inLanguage": publisher.language,
            "publisher": {"@id": f"{publisher.url}/#newsroom"},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{publisher.url}/search/?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def article(story: Story, *, publisher: Publisher, comments: int) -> Node:
    """Return a story as the kind of NewsArticle it is."""
    url = publisher.url + story.url
    modified = max(filter(None, (story.published_at, story.updated_at, story.corrected_at)))
    node: Node = {
        "@type": TYPES.get(story.genre_code, "NewsArticle"),
        "@id": f"{url}#story",
        "headline": story.headline,
        "description": story.standfirst,
        "inLanguage": story.language,
        "url": url,
        "mainEntityOfPage": url,
        "identifier": story.key,
        "datePublished": story.published_at.isoformat(),
        "dateModified": modified.isoformat(),
        "articleSection": story.section.title,
        "keywords": [topic.title for topic in story.topics],
        "author": [
            _person(line.name, line.url, publisher) for line in story.bylines if not line.part
        ],
        "contributor": [
            _person(line.name, line.url, publisher) for line in story.bylines if line.part
        ],
        "image": [image(story.picture, base_url=publisher.url)] if story.picture else None,
        "publisher": organisation(publisher),
        "isAccessibleForFree": True,
        "commentCount": comments,
        "correction": [_correction(one, url) for one in story.corrections],
        "version": str(story.version) if story.version else "",
    }
    if story.series:
        node["isPartOf"] = {
            "@type": "CreativeWorkSeries",
            "name": story.series.link.title,
            "url": publisher.url + story.series.link.url,
        }
        node["position"] = story.series.part
    return _told(node)


def image(picture: Picture, *, base_url: str) -> Node:
    """Return a picture with whom it is by, and under which terms."""
    credit = picture.credit
    return _told(
        {
            "@type": "ImageObject",
            "url": base_url + picture.src,
            "width": picture.width,
            "height": picture.height,
            "caption": plain_words(picture.caption),
            "creditText": credit.name if credit else "",
            "creator": _creator(picture, base_url),
            "license": credit.licence if credit and credit.licence.startswith("http") else "",
        }
    )


def trail(*links: Link, base_url: str) -> Node:
    """Return where a page stands, from the front page down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": link.title,
                "item": {"@id": base_url + link.url},
            }
            for place, link in enumerate(links, start=1)
        ],
    }


def collection(*, name: str, url: str, description: str = "", urls: Sequence[str] = ()) -> Node:
    """Return a list of stories: a section, a topic, a series. Addresses are whole."""
    items = [
        {"@type": "ListItem", "position": place, "url": one}
        for place, one in enumerate(urls, start=1)
    ]
    return _told(
        {
            "@type": "CollectionPage",
            "name": name,
            "url": url,
            "description": description,
            "mainEntity": {"@type": "ItemList", "itemListElement": items} if items else None,
        }
    )


def profile(
    *, name: str, url: str, role: str = "", bio: str = "", picture: str = "", link: str = ""
) -> Node:
    """Return the page of somebody who writes here. Addresses are whole."""
    person = _told(
        {
            "@type": "Person",
            "name": name,
            "url": url,
            "jobTitle": role,
            "description": bio,
            "image": picture,
            "sameAs": link,
        }
    )
    return {"@type": "ProfilePage", "url": url, "mainEntity": person}


def _person(name: str, url: str, publisher: Publisher) -> Node:
    return _told({"@type": "Person", "name": name, "url": publisher.url + url if url else ""})


def _creator(picture: Picture, base_url: str) -> Node | None:
    credit = picture.credit
    if credit is None or not credit.url:
        return None
    return {"@type": "Person", "name": credit.name, "url": base_url + credit.url}


def _correction(correction: ShownCorrection, url: str) -> Node:
    return {
        "@type": "CorrectionComment",
        "@id": f"{url}#{correction.anchor}",
        "text": plain_words(correction.html),
        "datePublished": correction.day.isoformat(),
        "alternativeHeadline": correction.label,
    }


def _told(node: Node) -> Node:
    """Leave out what there is nothing to say about."""
    return {name: value for name, value in node.items() if value not in ("", None, [], ())}
