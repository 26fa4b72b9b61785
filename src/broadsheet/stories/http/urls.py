from django.urls import path, re_path

from broadsheet.stories.http import (
    documents,
    feed,
    lists,
    oembed,
    pages,
    preview,
    records,
    sitemaps,
    trust,
)

app_name = "stories"

_FEED = r"feed\.(?P<ending>xml|atom|json)"

urlpatterns = [
    path("", pages.front_page, name="front"),
    re_path(rf"^{_FEED}$", feed.of_site, name="feed"),
    re_path(rf"^topics/(?P<slug>[\w-]+)/{_FEED}$", feed.of_topic, name="topic_feed"),
    re_path(rf"^series/(?P<slug>[\w-]+)/{_FEED}$", feed.of_series, name="series_feed"),
    re_path(rf"^people/(?P<slug>[\w-]+)/{_FEED}$", feed.of_person, name="person_feed"),
    re_path(rf"^corrections/{_FEED}$", feed.of_corrections, name="corrections_feed"),
    re_path(rf"^(?P<path>[\w-]+)/{_FEED}$", feed.of_section, name="section_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="news_sitemap"),
    path("sitemap/pages.xml", sitemaps.pages, name="pages_sitemap"),
    re_path(
        r"^sitemap/(?P<year>\d{4})-(?P<month>\d{2})\.xml$", sitemaps.month, name="month_sitemap"
    ),
    path("oembed", oembed.oembed, name="oembed"),
    path("robots.txt", trust.robots, name="robots"),
    path("trust.txt", trust.trust, name="trust"),
    path(".well-known/trust.txt", trust.trust),
    path(".well-known/security.txt", trust.security, name="security"),
    path("s/<uuid:uuid>/", pages.story_for_ever, name="story"),
    path("documents/<int:number>/<str:name>", documents.document, name="document"),
    # A colon is in no slug, so a section called "preview" has its stories all the same.
    re_path(r"^preview/(?P<token>[\w\-]+:[\w\-]+)/$", preview.preview, name="preview"),
    re_path(
        r"^preview/(?P<token>[\w\-]+:[\w\-]+)/documents/(?P<number>\d{1,18})/(?P<name>[^/]+)$",
        preview.document,
        name="preview_document",
    ),
    path("s/<uuid:uuid>/versions/", records.versions, name="versions"),
    path("s/<uuid:uuid>/versions/<int:number>/", records.version, name="version"),
    # A name has letters of any alphabet; a number is written in one way only.
    re_path(r"^people/(?P<slug>[\w\-]+)/$", lists.person, name="person"),
    re_path(r"^topics/(?P<slug>[\w\-]+)/$", lists.topic, name="topic"),
    re_path(r"^series/(?P<slug>[\w\-]+)/$", lists.series, name="series"),
    path("archive/", lists.archive_years, name="archive"),
    re_path(
        r"^archive/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", lists.archive_month, name="month"
    ),
    path("search/", lists.search_stories, name="search"),
    path("corrections/", records.corrections, name="corrections"),
    # Last: whatever an editor called a page.
    re_path(r"^((?:[\w\-]+/)+)$", pages.page, name="page"),
]
