"""Public pages of the newsroom: HTTP in, one reading, a template out."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from wagtail.models import Page

from broadsheet.discussion.http.thread import thread_context
from broadsheet.funding.http.context import meter_context
from broadsheet.kit.exposure import public
from broadsheet.stories import cursors, kept, list_keys, listings, queries
from broadsheet.stories.addresses import url_of
from broadsheet.stories.bodies import shown_body
from broadsheet.stories.documents import AddressOf, desk_address, public_address
from broadsheet.stories.front import front_of, most_discussed
from broadsheet.stories.http import jsonld
from broadsheet.stories.models import FrontPage, SectionPage, StoryPage, TextPage
from broadsheet.stories.noted import with_notes
from broadsheet.stories.shown import DraftBar


@public(query=("after",), shows=())
def front_page(request: HttpRequest) -> HttpResponse:
    page = queries.front()
    if page is None:
        raise Http404
    return draw(request, page)


@public(query=("after", "before", "at", "sort", "show", "reply", "quote", "note"), shows=())
def page(request: HttpRequest, path: str) -> HttpResponse:
    found = queries.live_page(path=path)
    if found is None or isinstance(found, FrontPage):
        raise Http404
    return draw(request, found)


@public(shows=())
def story_for_ever(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead from the address that never changes to the present one."""
    found = queries.story_by_uuid(uuid=uuid)
    if found is None:
        raise Http404
    return HttpResponsePermanentRedirect(url_of(found))


def draw_draft(request: HttpRequest, page: Page) -> HttpResponse:
    """Draw the desk's preview of a page: a story says that it is a draft."""
    embargo = page.embargo_until if isinstance(page, StoryPage) else None
    live_url = url_of(page) if page.live else ""
    return draw(request, page, draft=DraftBar(embargo_until=embargo, live_url=live_url))


def draw(
    request: HttpRequest,
    page: Page,
    *,
    draft: DraftBar | None = None,
    address: AddressOf = desk_address,
) -> HttpResponse:
    """Draw a page of any type; `draft` is what a preview of a story says above it.

    `address` says where the documents of a draft are fetched, which readers cannot yet.
    """
    match page:
        case StoryPage() if draft is not None:
            return render(request, "stories/story.html", _draft_context(page, draft, address))
        case StoryPage():
            return render(request, "stories/story.html", _story_context(request, page))
        case FrontPage() if not request.GET.get("after"):
            context = {
                "front": front_of(page=page),
                "canonical": settings.BROADSHEET_URL + "/",
                "jsonld": jsonld.of_front(),
            }
            return render(request, "stories/front.html", context)
        case SectionPage() | FrontPage():
            return _draw_list(request, page)
        case TextPage():
            where = public_address if draft is None else address
            context = {"page_title": page.title, "body": shown_body(page.body, address=where)}
            context["canonical"] = settings.BROADSHEET_URL + url_of(page)
            if draft is None:
                key = kept.thread_key(page=page)
                context |= thread_context(request, site=settings.SITE_SLUG, key=key)
            return render(request, "stories/page.html", context)
        case _:
            raise Http404


def _draw_list(request: HttpRequest, page: SectionPage | FrontPage) -> HttpResponse:
    after = request.GET.get("after", "")
    section = page if isinstance(page, SectionPage) else None
    list_key = list_keys.of_section(pk=section.pk) if section else list_keys.ALL
    try:
        listed = listings.page_of(list_key=list_key, after=after)
    except cursors.UnknownCursorError as error:
        raise Http404 from error
    context = {
        "listed": listed,
        "after": after,
        "section": section,
        "canonical": settings.BROADSHEET_URL + url_of(page),
    }
    if section is None:
        return render(request, "stories/earlier.html", context)
    context["jsonld"] = jsonld.of_list(
        name=section.title,
        url=url_of(section),
        description=section.standfirst,
        cards=listed.cards,
    )
    return render(request, "stories/section.html", context)


def _draft_context(page: StoryPage, draft: DraftBar, address: AddressOf) -> dict[str, Any]:
    """A draft has no discussion, and nothing that machines would take for a published story."""
    return {"story": queries.story(page, address=address), "draft": draft, **meter_context()}


def _story_context(request: HttpRequest, page: StoryPage) -> dict[str, Any]:
    story = queries.story(page)
    discussed = thread_context(request, site=settings.SITE_SLUG, key=story.key)
    thread_page = discussed["thread_page"]
    noted = with_notes(
        body=story.body, stream=page.body, notes=thread_page.notes if thread_page else ()
    )
    return {
        "story": replace(story, body=noted.body),
        "notes_without_place": noted.rest,
        "canonical": settings.BROADSHEET_URL + story.url,
        "jsonld": jsonld.of_story(story, thread_page),
        "talked_about": most_discussed(except_key=story.key),
        "beside": "stories/talk.html",
        **discussed,
        **meter_context(),
    }
