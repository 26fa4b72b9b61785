"""Structured data of a story, as schema.org's NewsArticle."""

import json
from typing import Any

from broadsheet.kit.html import script_json
from broadsheet.stories.shown import Story


def news_article(story: Story, *, publication: str, base_url: str) -> str:
    """Return JSON-LD that is safe inside a script element."""
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.standfirst,
        "inLanguage": story.language,
        "url": base_url + story.url,
        "mainEntityOfPage": base_url + story.url,
        "datePublished": story.published_at.isoformat(),
        "dateModified": (story.updated_at or story.published_at).isoformat(),
        "articleSection": story.section.title,
        "publisher": {"@type": "NewsMediaOrganization", "name": publication, "url": base_url},
    }
    if story.bylines:
        article["author"] = [{"@type": "Person", "name": line.name} for line in story.bylines]
    if story.picture:
        article["image"] = [base_url + story.picture.src]
    if not story.standfirst:
        del article["description"]
    return script_json(json.dumps(article, ensure_ascii=False))
