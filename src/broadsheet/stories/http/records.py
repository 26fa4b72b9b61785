"""Public pages of what is kept about stories: corrections, and versions where a section opts in."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.kit.exposure import public
from broadsheet.stories import queries
from broadsheet.stories.http.lists import found_or_404
from broadsheet.stories.records import queries as records


@public(query=("after",), shows=())
def corrections(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    listed = found_or_404(lambda: records.corrections(after=after))
    context = {
        "listed": listed,
        "after": after,
        "canonical": f"{settings.BROADSHEET_URL}/corrections/",
    }
    return render(request, "stories/corrections.html", context)


@public(shows=())
def versions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    story = found_or_404(lambda: queries.story_by_uuid(uuid=uuid))
    found = found_or_404(lambda: records.versions(story=story))
    canonical = settings.BROADSHEET_URL + records.versions_url(story=story)
    context = {"versions": found, "canonical": canonical}
    return render(request, "stories/versions.html", context)


@public(shows=())
def version(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    story = found_or_404(lambda: queries.story_by_uuid(uuid=uuid))
    found = found_or_404(lambda: records.version(story=story, number=number))
    context = {"version": found, "canonical": settings.BROADSHEET_URL + found.line.url}
    return render(request, "stories/version.html", context)
