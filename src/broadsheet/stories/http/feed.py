"""Feeds of the newest stories: of the site, a section, a topic, a series, a person; of corrections.

Each has three addresses, by ending: `feed.xml` (RSS), `feed.atom`, `feed.json`.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import public
from broadsheet.kit.html import plain_words
from broadsheet.stories import list_keys, listings, queries, subjects
from broadsheet.stories.addresses import url_of
from broadsheet.stories.http.formats import Channel, Entry, feed
from broadsheet.stories.http.lists import found_or_404
from broadsheet.stories.models import Person, SectionPage, Series, Topic
from broadsheet.stories.publication.queries import publication
from broadsheet.stories.records import queries as records
from broadsheet.stories.shown import Card


@public(shows=())
def of_site(request: HttpRequest, ending: str) -> HttpResponse:
    face = publication(now=utcnow())
    about = _("The newest stories of %(name)s") % {"name": face.name}
    return _stories(list_keys.ALL, page="/", title="", about=about, ending=ending)


@public(shows=())
def of_section(request: HttpRequest, path: str, ending: str) -> HttpResponse:
    page = queries.live_page(path=path)
    if not isinstance(page, SectionPage):
        raise Http404
    key, url = list_keys.of_section(pk=page.pk), url_of(page)
    return _stories(key, page=url, title=page.title, about=page.standfirst, ending=ending)


@public(shows=())
def of_topic(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    # As its page: a name that only drafts have is not there.
    page = found_or_404(lambda: subjects.topic(slug=slug))
    key = list_keys.of_topic(pk=Topic.objects.get(slug=slug).pk)
    return _stories(key, page=page.url, title=page.title, about=page.description, ending=ending)


@public(shows=())
def of_series(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    page = found_or_404(lambda: subjects.series(slug=slug))
    # Its page has the parts in their order; a feed has the newest first.
    key = list_keys.of_series(pk=Series.objects.get(slug=slug).pk)
    return _stories(key, page=page.url, title=page.title, about=page.description, ending=ending)


@public(shows=())
def of_person(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    # As its page: a name that only drafts have is not there.
    page = found_or_404(lambda: subjects.person(slug=slug))
    key = list_keys.of_person(pk=Person.objects.get(slug=slug).pk)
    return _stories(key, page=page.url, title=page.name, about=page.bio, ending=ending)


@public(shows=())
def of_corrections(request: HttpRequest, ending: str) -> HttpResponse:
    base = settings.BROADSHEET_URL
    entries = [
        Entry(
            identity=f"{base}/s/{one.key}/#{one.url.partition('#')[2]}",
            title=f"{one.correction.label}: {one.story.title}",
            url=base + one.url,
            summary=plain_words(one.correction.html),
            published_at=one.published_at,
            updated_at=one.published_at,
            categories=(one.correction.label,),
            language=one.language,
        )
        for one in records.corrections().corrections
    ]
    channel = _channel(page="/corrections/", title=_("Corrections"), about="", ending=ending)
    return feed(channel, entries, ending=ending)


def _stories(key: str, *, page: str, title: str, about: str, ending: str) -> HttpResponse:
    cards = listings.page_of(list_key=key).cards
    channel = _channel(page=page, title=title, about=about, ending=ending)
    return feed(channel, [_entry(card) for card in cards], ending=ending)


def _channel(*, page: str, title: str, about: str, ending: str) -> Channel:
    face, base = publication(now=utcnow()), settings.BROADSHEET_URL
    name = f"{title} | {face.name}" if title else face.name
    return Channel(
        title=name,
        page=base + page,
        url=f"{base}{page}feed.{ending}",
        description=about or name,
        language=face.language,
        icon=base + face.logo.src if face.logo else "",
    )


def _entry(card: Card) -> Entry:
    base = settings.BROADSHEET_URL
    return Entry(
        identity=f"{base}/s/{card.key}/",
        title=card.headline,
        url=base + card.url,
        summary=card.standfirst,
        published_at=card.published_at,
        updated_at=card.updated_at or card.published_at,
        authors=card.bylines,
        categories=(card.section.title,),
        image=base + card.picture.src if card.picture else "",
        language=card.language,
    )
