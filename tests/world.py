"""A newsroom with one of everything that an address can be about, and all routes there are."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.discussion import api as discussion
from broadsheet.discussion.http import limits
from broadsheet.discussion.models import Comment, CommentRevision, DutyCall, Switch
from broadsheet.kit.exposure import Exposure, mark_of
from broadsheet.readers import api as readers
from broadsheet.readers.models import User
from broadsheet.stories.desk.previews import share_preview
from broadsheet.stories.models import Person as Writer
from broadsheet.stories.models import Series
from newsroom import make_document, make_section, make_story
from people import Cast, Person
from treasury import open_campaign, usd

SAME: Final = {"Sec-Fetch-Site": "same-origin"}
# The author wrote the comment, and filed the draft, that the addresses are about.
WHO: Final = (
    *("stranger", "guest", "banned_reader", "reader", "author"),
    *("reporter", "moderator", "editor", "owner"),
)
OURS: Final = "broadsheet."

# Parameters that a page depends on, where it takes them.
QUERIES: Final = ("sort=oldest", "sort=votes", "show=staff", "q=ferry", "after=x", "sort=none")


def every_route(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_route(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def is_ours(view: Any) -> bool:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return str(view.__module__).startswith(OURS)


def said(route: str, response: HttpResponse) -> str:
    """Return what an answer says of who asks, whatever else is wrong with their form."""
    status = response.status_code
    leads_to = response.headers.get("Location", "")
    if status in {301, 302, 303} and leads_to.startswith("/account/login/"):
        return "sign-in"
    if route.startswith("desk/") and leads_to == "/desk/":
        return "no"  # Wagtail's way to say so
    words = {
        HTTPStatus.UNAUTHORIZED: "sign-in",
        HTTPStatus.FORBIDDEN: "no",
        HTTPStatus.NOT_FOUND: "none",
        HTTPStatus.METHOD_NOT_ALLOWED: "-",
    }
    assert status < 500, response.request  # type: ignore[attr-defined]
    return words.get(HTTPStatus(status), "yes")


class World:
    """A newsroom with one of everything that an address can be about."""

    def __init__(self, cast: Cast[Person], now: datetime) -> None:
        self.clients = {who: self._client(user) for who, user in _accounts(cast, now).items()}
        author = self.clients["author"]
        section = make_section(show_versions=True)
        story = make_story(
            section, at=now - timedelta(hours=3), bylines=("Ruben Tallow",), pictures=False,
            series=Series.objects.create(title="Winter", slug="winter"), series_part=1,
        )  # fmt: skip
        story.tags.add("Ferry")
        story.save_revision().publish()
        draft = make_story(section, at=now, live=False, headline="Draft")
        draft.owner = cast.reporter.user
        draft.save(update_fields=["owner"])
        paper = make_document("papers.pdf")
        shared = share_preview(actor=cast.reporter.actor, story=draft, days=7, now=now)
        preview = shared.rstrip("/").rpartition("/")[2]
        month = open_campaign(actor=cast.owner.actor, now=now)
        gift = _gift(month, cast, now)
        self.story = f"/town/{story.slug}/"
        thread = int(re.findall(r'data-thread="(\d+)"', text(author.get(self.story)))[0])
        self.clients["guest"].post(
            f"/t/{thread}/comments/", {"body": "From a device", "name": "Jo"}
        )
        author.post(f"/t/{thread}/comments/", {"body": "The boat came."})
        comment = Comment.objects.order_by("-pk")[0]
        decided = discussion.decide(
            actor=cast.moderator.actor, comment_id=comment.pk, verb="publish", rule="", reason="",
            now=now,
        )  # fmt: skip
        CommentRevision.objects.create(
            comment=comment, number=1, source="Old", html="<p>Old</p>", written_at=now
        )
        Comment.objects.filter(pk=comment.pk).update(revision=2, edited_at=now)
        self.values: dict[str, Any] = {
            "thread_id": thread, "number": comment.pk, "quote_id": 1, "event": 0, "key": "none",
            "foreign_id": "7", "sequence": decided.sequence, "digest": "none", "token": preview,
            "pk": draft.pk, "story": story.pk, "verb": "look", "gift": gift, "month": "2026-06",
            "slug": "ferry", "ending": "xml", "path": "town", "year": "2026", "uuid": story.uuid,
        }  # fmt: skip
        reader, moderator = cast.reader.user, cast.moderator.user
        assert reader is not None
        assert moderator is not None
        self.special: dict[str, dict[str, Any]] = {
            "account/staff/": {"token": readers.sign_in_token(user=cast.owner.user)},
            "desk/readers/": {"uuid": reader.uuid},
            "desk/staff/": {"uuid": moderator.uuid},
            "^archive/": {"month": "06"},
            "^sitemap/": {"month": "06"},
            "^people/": {"slug": Writer.objects.get().slug},
            "^series/": {"slug": "winter"},
            "documents/": {"number": paper.pk, "name": "papers.pdf"},
            "^preview/": {"number": paper.pk, "name": "papers.pdf"},
            "s/<uuid:uuid>/versions/<": {"number": 1},
            "rules/<": {"number": 1},
            "moderation/statements": {"ending": "csv"},
            "moderation/<number": {"number": decided.sequence},
        }
        # Of another one's comment: it stops none of those who try.
        limited = discussion.limit_person(
            actor=cast.moderator.actor, comment_id=Comment.objects.order_by("pk")[0].pk,
            wanted=discussion.Wanted("hold_author", "hate", ""), now=now,
        )  # fmt: skip
        for beginning in ("moderation/limits/", "me/limits/<"):
            self.special[beginning] = {"number": limited.limit}
        raid: dict[str, Any] = {
            "actor": cast.moderator.actor, "scope": discussion.Scope(thread), "kind": "raid",
        }  # fmt: skip
        discussion.turn_on(**raid, until=now + timedelta(hours=2), now=now)
        discussion.turn_off(**raid, now=now)
        self.special["moderation/raid/<"] = {"raid_id": Switch.objects.get().pk}
        self.special["moderation/duty/calls/"] = {"call_id": DutyCall.objects.create(at=now).pk}
        self.special["moderation/people/<"] = {"uuid": comment.author.uuid}
        seen = discussion.mark_of(comment.source)
        self.forms: dict[str, dict[str, Any]] = {
            "desk/readers/<uuid:uuid>/ban/": {"reason": "Insults"},
            "desk/staff/new/": {"email": "new@post.example", "name": "New", "roles": "reporter"},
            "t/<number:thread_id>/comments/": {"body": "What now?"},
            "t/<number:thread_id>/notes/new/": {"body": "What?", "phrase": "ferry is coming back"},
            "c/<number:number>/vote/": {"value": "1"},
            "c/<number:number>/edit/": {"body": "It came.", "seen": seen},
            "c/<number:number>/second-look/": {"words": "Look again."},
            "c/<number:number>/report/": {"rule": "hate", "words": "Look."},
            "c/<number:number>/versions/blank/": {"version": "1", "reason": "A name"},
            "moderation/queue/decisions/": {
                "comment": comment.pk, "does": "remove hate", "seen": seen, "reason": "No."
            },
            "moderation/people/<uuid:uuid>/limit/": {
                "number": comment.pk, "kind": "warn", "does": "limit hate"
            },
            "moderation/queue/batch/": {"comments": comment.pk, "does": "remove hate"},
            "moderation/queue/threads/<number:thread_id>/": {"verb": "close", "reason": "Night"},
        }  # fmt: skip

    def ask(self, who: str, method: str, route: str) -> str:
        """Send a request and forget what it did."""
        form = self.forms.get(route, {}) if method == "post" else {}
        return said(route, self.send(who, method, self.address(route), form))

    def answers(self, method: str, route: str, view: Any) -> list[str]:
        """Return what everybody is told.

        A public page knows nobody (test_exposure): where the first and the last of them are told
        the same, so are those between.
        """
        mark = mark_of(view)
        if mark is not None and mark.exposure is Exposure.PUBLIC:
            first, last = (self.ask(who, method, route) for who in (WHO[0], WHO[-1]))
            if first == last:
                return [first] * len(WHO)
        return [self.ask(who, method, route) for who in WHO]

    def send(self, who: str, method: str, path: str, form: dict[str, Any]) -> HttpResponse:
        client = self.clients[who]
        kept = client.cookies.copy()
        limits.forget()
        with transaction.atomic():
            answer: HttpResponse = getattr(client, method)(path, form)
            transaction.set_rollback(True)
        client.cookies = kept
        return answer

    def address(self, route: str) -> str:
        """Return an address of a route, about what there is."""
        names = dict(self.values)
        for beginning, values in self.special.items():
            names |= values if route.startswith(beginning) else {}
        path = route.removeprefix("^").removesuffix("$").replace("\\.", ".")
        path = path.replace("((?:[\\w\\-]+/)+)", "town/")
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda name: str(names[name[1]]), path)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(names[name[1]]), path)

    @staticmethod
    def _client(user: User | None) -> Client:
        client = Client(headers=SAME)
        if user is not None:
            client.force_login(user)
        return client


def _gift(campaign: str, cast: Cast[Person], now: datetime) -> Any:
    from broadsheet.funding import api as funding

    return funding.record_gift(
        campaign=campaign, amount=usd(1250), actor=cast.editor.actor, method="cash",
        effective_at=now, now=now,
    ).gift  # fmt: skip


def _accounts(cast: Cast[Person], now: datetime) -> dict[str, User | None]:
    author = User.objects.create_user("author@harbour.example", name="Ana Wren", uuid=uuid4())
    return {who: author if who == "author" else cast[who].user for who in WHO}


def text(response: HttpResponse) -> str:
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def public_addresses(world: World) -> Iterator[str]:
    """Yield an address of each public route, and of those that take parameters some more."""
    for route, view in every_route():
        mark = mark_of(view)
        assert mark is not None, route
        if mark.exposure is Exposure.PUBLIC:
            address = world.address(route)
            yield address
            for query in QUERIES:
                if query.partition("=")[0] in mark.query:
                    yield f"{address}?{query}"
    story = world.story
    yield from (story, f"{story}?sort=oldest", f"{story}?reply={world.values['number']}")
