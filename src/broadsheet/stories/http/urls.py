from django.urls import path, re_path

from broadsheet.stories.http import feed, pages

app_name = "stories"

urlpatterns = [
    path("", pages.front_page, name="front"),
    path("feed.xml", feed.rss, name="feed"),
    path("s/<uuid:uuid>/", pages.story_for_ever, name="story"),
    # Last: whatever an editor called a page.
    re_path(r"^((?:[\w\-]+/)+)$", pages.page, name="page"),
]
