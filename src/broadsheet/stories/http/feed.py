"""The feed: RSS 2.0 of the newest stories."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public
from broadsheet.stories import listings
from broadsheet.stories.publication.queries import publication


@public()
def rss(request: HttpRequest) -> HttpResponse:
    base, face = settings.BROADSHEET_URL, publication(now=utcnow())
    feed = Rss201rev2Feed(
        title=face.name,
        link=base + "/",
        description=_("The newest stories of %(name)s") % {"name": face.name},
        language=face.language,
        feed_url=base + "/feed.xml",
    )
    for card in listings.page_of().cards:
        feed.add_item(
            title=card.headline,
            link=base + card.url,
            description=card.standfirst,
            unique_id=f"{base}/s/{card.key}/",
            unique_id_is_permalink=True,
            pubdate=card.published_at,
            author_name=", ".join(card.bylines) or None,
            categories=(card.section.title,),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"
    )
