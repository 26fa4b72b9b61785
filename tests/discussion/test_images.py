"""Images with comments: what is taken, who sees it while it may be seen, and what is left after."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

import uploads
from broadsheet.discussion import api
from broadsheet.discussion.http import limits
from broadsheet.discussion.http.structured import forum_posting
from broadsheet.discussion.images import darkroom, files
from broadsheet.discussion.models import Comment, CommentImage, Decision, Participant
from broadsheet.discussion.rules.posting import hold_reason
from broadsheet.kit import pictures
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from crowd import at_once
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from people import Cast

FROM_US = {"HTTP_SEC_FETCH_SITE": "same-origin"}
JSON = {"HTTP_ACCEPT": "application/json"}
ALT = "The ferry, half under water"
TAKES = replace(OPEN, image_mb=10)

_current: dict[str, Actor] = {}


def actor_of(request: Any) -> Actor:
    return _current["actor"]


def remember_device(request: Any, response: HttpResponse, *, as_id: str) -> None:
    """Devices are known here by what the test says."""


def as_(actor: Actor) -> Client:
    _current["actor"] = actor
    return Client()


def html(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.fixture(autouse=True)
def _newsroom(settings: Any, tmp_path: Path) -> None:
    settings.BROADSHEET_ACTOR = f"{__name__}.actor_of"
    settings.MEDIA_ROOT = tmp_path
    settings.DISCUSSION_LIMITS = {"image.person": (20, 1.0), "post.person": (20, 1.0)}
    policy = {"comment_images": True, "hold_first_comment": False, "hold_links": False}
    settings.CONFIG = replace(settings.CONFIG, values=settings.CONFIG.values | policy)


@pytest.fixture(autouse=True)
def made_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make pictures in this process: another one takes a moment, and has a test of its own."""
    made: list[int] = []

    def in_process(upload: bytes) -> tuple[dict[str, Any], bytes]:
        made.append(len(upload))
        try:
            one = pictures.remade(upload)
        except pictures.NotAPictureError as error:
            return {"code": error.code, "facts": error.facts}, b""
        sizes = [len(one.full), len(one.small)]
        return {"width": one.width, "height": one.height, "sizes": sizes}, one.full + one.small

    monkeypatch.setattr(darkroom, "_made", in_process)
    return made


@pytest.fixture
def setting(settings: Any) -> Callable[..., None]:
    def change(**values: object) -> None:
        settings.CONFIG = replace(settings.CONFIG, values=settings.CONFIG.values | values)

    return change


def upload(content: bytes = b"", name: str = "IMG_2201.jpg") -> SimpleUploadedFile:
    # Neither its name nor the type that a browser makes of it says what it is.
    content = content or uploads.plain("JPEG")
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def send(
    room: Room, actor: Actor, image: Any = None, *, script: bool = False, **fields: Any
) -> HttpResponse:
    values: dict[str, Any] = {"body": "Look at this.", "alt": ALT} | fields
    if image is not None:
        values["image"] = image
    extra = FROM_US | (JSON if script else {})
    return as_(actor).post(f"/t/{room.id}/comments/", values, **extra)  # type: ignore[return-value, arg-type]  # of the test client


def keep(content: bytes = b"") -> api.KeptImage:
    """Return an image whose files are kept, as an operation takes it."""
    made = api.develop(content or uploads.plain("JPEG"))
    with pytest.raises(KeyboardInterrupt), api.kept_image(made, alt=ALT) as kept:
        # Whoever leaves in this way does not know what became of the comment: the files stay.
        raise KeyboardInterrupt
    return kept


def pictured(room: Room, **more: Any) -> int:
    return room.post("Look at this.", image=keep(), **more).number


def folder(root: str) -> list[str]:
    return sorted(file.name for file in (Path(root) / files.FOLDER).glob("*"))


def addresses(number: int) -> tuple[str, str, str]:
    key = CommentImage.objects.get(comment=number).key
    return (
        f"/c/{number}/image/{key}.webp",
        f"/c/{number}/image/{key}.small.webp",
        f"/c/{number}/status/{key}.webp",
    )


def drawn(page: str) -> list[str]:
    return re.findall(r'<figure class="pic">.*?</figure>', page)


def test_an_image_stands_in_its_comment(room: Room, settings: Any) -> None:
    response = send(room, guest(), upload(uploads.photograph()), body="See <this>")
    assert response.status_code == 303
    comment = Comment.objects.get()
    full, small, _ = addresses(comment.pk)
    page = html(as_(guest()).get(f"/c/{comment.pk}/"))
    # The camera was held upright: 900 × 600 pixels in the file, 600 × 900 to be seen.
    link = f'<a class="full" href="{full}">'
    shown = f'<img src="{small}" alt="{ALT}" width="213" height="320"'
    lazily = ' loading="lazy" decoding="async">'
    assert drawn(page) == [f'<figure class="pic">{link}{shown}{lazily}</a></figure>']
    for address in (full, small):
        answer = as_(guest()).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert uploads.SECRET not in answer.content
        again = as_(guest()).get(address, HTTP_IF_NONE_MATCH=answer["ETag"])
        assert again.status_code == 304
    assert len(folder(settings.MEDIA_ROOT)) == 2
    assert problems() == []


def test_what_the_form_asks_for(room: Room, setting: Callable[..., None]) -> None:
    def composer() -> str:
        return html(send(room, guest(), body=" ", alt=""))

    page = composer()
    assert 'enctype="multipart/form-data"' in page
    assert '<input class="in" id="image" name="image" type="file"' in page
    assert "at most 10 MB" in page
    setting(comment_images=False)
    page = composer()
    assert "enctype" not in page
    assert 'type="file"' not in page
    assert 'name="alt"' not in page


KINDS: dict[str, tuple[dict[str, Any], str, int]] = {
    "svg": ({"image": uploads.SVG}, "This file is SVG, which is not taken.", 422),
    "html": ({"image": uploads.HTML}, "This file is HTML, which is not taken.", 422),
    "bomb": ({"image": uploads.bomb()}, "more than 25 million pixels", 422),
    "cut": ({"image": uploads.photograph()[:3000]}, "This file is damaged", 422),
    "words": ({"image": b"no picture"}, "This file is damaged", 422),
    "heavy": (
        {"image": uploads.plain() + bytes(10 * 1024 * 1024)},
        "The image has 11 MB, and at most 10 MB are taken.",
        422,
    ),
    "undescribed": ({"alt": "  "}, "Say in a few words what is to be seen in the image", 422),
    "long-winded": ({"alt": "x" * 301}, "takes 301 characters, and at most 300 fit", 422),
    "two": ({"image": [upload(), upload()]}, "One image fits on a comment.", 422),
    "empty": ({"body": " "}, "There is nothing to read in it yet.", 422),
    "parent": ({"parent": str(2**60)}, "The comment you answer is no longer there.", 422),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_refusal_keeps_all_but_the_file_and_says_so(room: Room, settings: Any, name: str) -> None:
    fields, words, status = KINDS[name]
    values: dict[str, Any] = {"body": "Kept & words", "alt": ALT, "image": upload()} | fields
    if isinstance(values["image"], bytes):
        values["image"] = upload(values["image"])
    response = as_(guest()).post(f"/t/{room.id}/comments/", values, **FROM_US)  # type: ignore[arg-type]  # of the test client
    page = html(response)  # type: ignore[arg-type]  # the same
    assert response.status_code == status
    assert words in page
    assert "A page cannot keep a file: choose the image again." in page
    assert f'maxlength="300" value="{escape(values["alt"])}"' in page
    assert escape(values["body"]) in page
    assert Comment.objects.count() == 0
    assert folder(settings.MEDIA_ROOT) == [], "what was refused leaves nothing"


def test_a_script_is_told_which_field(room: Room) -> None:
    refused = send(room, guest(), upload(uploads.SVG), script=True)
    assert refused.status_code == 422
    assert (refused.json()["code"], refused.json()["field"]) == ("image_kind", "image")
    taken = send(room, guest(), upload(), script=True, key="k")
    assert taken.status_code == 201
    assert row(taken.json()["number"]).has_image


def test_words_without_the_image_they_describe_are_not_posted(room: Room) -> None:
    """After a refusal the field for the file is empty again, and easily left so."""
    response = send(room, guest())
    assert response.status_code == 422
    assert "none came with it" in html(response)
    assert send(room, guest(), alt="").status_code == 303


def test_switched_off_nothing_is_taken_and_what_is_there_stays(
    room: Room, setting: Callable[..., None], made_here: list[int]
) -> None:
    number = pictured(room)
    made_here.clear()
    setting(comment_images=False)
    response = send(room, guest(), upload(), body="Kept words")
    assert response.status_code == 403
    assert "No images are taken with comments here." in html(response)
    assert "Kept words" in html(response)
    assert send(room, guest(), alt="left over").status_code == 303, "there is no such field"
    assert made_here == []
    assert len(drawn(html(as_(guest()).get(f"/c/{number}/")))) == 1
    assert as_(guest()).get(addresses(number)[0]).status_code == 200


def test_an_image_waits_where_a_link_does(room: Room, setting: Callable[..., None]) -> None:
    setting(hold_links=True)
    answer = send(room, guest(), upload(), script=True)
    assert answer.status_code == 202
    assert "comments with an image are read by a moderator" in answer.json()["message"]
    known = {"policy": api.Policy(), "known": True}
    assert hold_reason(actor=guest(), has_link=False, has_image=True, **known) == "image"  # type: ignore[arg-type]  # as given
    assert hold_reason(actor=guest(), has_link=True, has_image=True, **known) == "link"  # type: ignore[arg-type]  # as given
    assert hold_reason(actor=moderator(), has_link=False, has_image=True, **known) == ""  # type: ignore[arg-type]  # as given


STATES: dict[str, Callable[[Room, int, Actor], object]] = {
    "held again": lambda room, number, _: room.decide(number, "hold"),
    "removed": lambda room, number, _: room.decide(number, "remove"),
    "hidden": lambda room, _number, _: api.hide_thread(site="main", key=room.key, now=room.tick()),
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_public_is_read_by_author_and_moderators_alone(
    room: Room, actors: Cast[Actor], state: str
) -> None:
    author = reader("Nell Roe")
    number = pictured(room, by=author, policy=TAKES)
    *everybodys, own = addresses(number)
    for address in everybodys:
        assert as_(author).get(address).status_code == 200
    STATES[state](room, number, author)
    for address in everybodys:
        assert as_(author).get(address).status_code == 404, "a public address knows nobody"
    allowed = {name for name, actor in actors if as_(actor).get(own).status_code == 200}
    assert allowed == {"owner", "editor", "moderator"}
    answer = as_(author).get(own)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert len(drawn(html(as_(author).get(f"/c/{number}/status/")))) == 1
    assert len(drawn(html(as_(author).get(f"/me/thread/{room.id}/comments/")))) == 1
    assert len(drawn(html(as_(actors.moderator).get(f"/moderation/queue/?comment={number}")))) == 1
    assert "figure" not in html(as_(author).get(f"/c/{number}/")), "a stub shows none"


def test_a_comment_that_waits_shows_its_image_when_it_is_published(room: Room) -> None:
    number = pictured(room, policy=api.Policy(image_mb=10))
    full, *_ = addresses(number)
    assert as_(guest()).get(full).status_code == 404
    page = html(as_(moderator()).get("/moderation/queue/"))
    assert len(drawn(page)) == 1
    assert f'<q dir="auto">{ALT}</q>' in page
    room.decide(number, "publish")
    assert as_(guest()).get(full).status_code == 200
    room.decide(number, "remove")
    room.decide(number, "restore")
    assert as_(guest()).get(full).status_code == 200, "a removal keeps it, as it keeps the words"
    assert problems() == []


def test_an_address_of_another_comment_or_name_is_none(room: Room) -> None:
    one, other = pictured(room), pictured(room)
    full = addresses(one)[0]
    assert as_(guest()).get(full.replace(f"/c/{one}/", f"/c/{other}/")).status_code == 404
    assert as_(guest()).get(f"/c/{one}/image/none.webp").status_code == 404
    assert as_(guest()).get(f"/c/{one}/image/../x.webp").status_code == 404


def test_withdrawn_it_is_gone_for_good(
    room: Room, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    author = guest()
    number = pictured(room, by=author)
    every = addresses(number)
    with django_capture_on_commit_callbacks(execute=True):
        room.withdraw(number, by=author)
    assert folder(settings.MEDIA_ROOT) == []
    assert [as_(author).get(address).status_code for address in every] == [404, 404, 404]
    assert not CommentImage.objects.exists()
    assert problems() == []


def test_of_somebody_who_is_erased_no_image_is_left(
    room: Room, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    author = reader("Nell Roe")
    number = pictured(room, by=author)
    other = pictured(room)
    person = Participant.objects.get(owner=author.id)
    with django_capture_on_commit_callbacks(execute=True):
        api.erase_participant(actor=author, participant=person.uuid, now=room.tick())
    assert row(number).source == "Look at this."
    assert not row(number).has_image
    key = CommentImage.objects.get().key
    assert folder(settings.MEDIA_ROOT) == [f"{key}.small.webp", f"{key}.webp"]
    assert row(other).has_image
    assert problems() == []


def test_a_moderator_takes_an_image_away_and_leaves_the_words(
    room: Room, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    device = guest("pictured")
    number = pictured(room, by=device)
    before = room.page().thread.event
    fields = {"number": number, "verb": "blank_image", "reason": ""}

    def decide(actor: Actor) -> HttpResponse:
        return as_(actor).post("/moderation/queue/decisions/", fields, **FROM_US)  # type: ignore[return-value, arg-type]  # of the test client

    assert decide(reader("Nell")).status_code == 403
    refused = decide(moderator())
    assert refused.status_code == 422
    assert "kept in the record" in html(refused)
    fields["reason"] = "A face."
    with django_capture_on_commit_callbacks(execute=True):
        answer = decide(moderator())
    assert answer.status_code == 303
    assert "The image of comment" in html(as_(moderator()).get(answer["Location"]))
    assert folder(settings.MEDIA_ROOT) == []
    assert "figure" not in html(as_(guest()).get(f"/c/{number}/"))
    decision = Decision.objects.get()
    assert (decision.verb, decision.rule, decision.comment_id) == ("blank", "image", number)
    # What the form said is for its author, too.
    told = html(as_(device).get(f"/c/{number}/status/"))
    assert "took earlier words or an image of it away" in told
    assert "A face." in told
    news = as_(guest()).get(f"/t/{room.id}/since/{before}/").json()
    assert news["changed"] == [number], "an open page draws it anew"
    assert decide(moderator()).status_code == 409
    assert problems() == []


def test_an_edit_leaves_the_image_and_says_so(room: Room, setting: Callable[..., None]) -> None:
    setting(edit_minutes=-1)
    author = reader("Nell Roe")
    number = pictured(room, by=author)
    assert "Its image stays as it is" in html(as_(author).get(f"/c/{number}/edit/"))
    room.edit(number, "Other words.", by=author)
    assert len(drawn(html(as_(guest()).get(f"/c/{number}/")))) == 1


@pytest.mark.parametrize("key", ["", "k1"])
def test_sent_twice_it_is_one_image(room: Room, settings: Any, key: str) -> None:
    device = guest()
    places = {send(room, device, upload(), key=key)["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Comment.objects.count() == CommentImage.objects.count() == 1
    assert len(folder(settings.MEDIA_ROOT)) == 2
    if not key:
        send(room, device, upload(uploads.plain(colour="red")))
        assert Comment.objects.count() == 2, "with another image it is another comment"
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one_image(now: datetime, settings: Any) -> None:
    room, device = open_room(now=now), guest()
    developed = api.develop(uploads.plain("JPEG"))

    def post() -> api.Posted:
        with api.kept_image(developed, alt=ALT) as image:
            return api.post_comment(
                actor=device,
                thread_id=room.id,
                source="Look.",
                policy=TAKES,
                now=now,
                image=image,
            )

    at_once(*(post for _ in range(4)))
    assert Comment.objects.count() == CommentImage.objects.count() == 1
    assert len(folder(settings.MEDIA_ROOT)) == 2
    assert problems() == []


def test_images_are_fewer_than_comments(room: Room, settings: Any, made_here: list[int]) -> None:
    settings.DISCUSSION_LIMITS = {"image.person": (1, 60.0)}
    limits.forget()
    device = guest()
    assert send(room, device, upload(), body="One.").status_code == 303
    response = send(room, device, upload(), body="Two, kept.")
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Two, kept." in html(response)
    assert len(made_here) == 1, "nothing is decoded for who has to wait"
    assert send(room, device, body="Two.", alt="").status_code == 303


@pytest.mark.parametrize("name", ["banned_reader", "stranger"])
def test_nothing_is_decoded_for_who_may_not_write(
    room: Room, actors: Cast[Actor], made_here: list[int], name: str
) -> None:
    assert send(room, actors[name], upload()).status_code == 403
    assert made_here == []


def test_where_too_many_are_at_it_the_words_are_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_left = darkroom.BoundedSemaphore(1)
    room_left.acquire()
    monkeypatch.setattr(darkroom, "_room", room_left)
    response = send(room, guest(), upload(), body="Kept words")
    assert response.status_code == 503
    assert "Kept words" in html(response)


def test_a_page_with_images_asks_once_more_and_one_without_does_not(room: Room) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            room.page()
        return len(queries)

    room.post("No image.")
    without = asked()
    for _ in range(5):
        pictured(room)
    assert asked() == without + 1


def test_files_that_no_comment_has_are_collected(room: Room, settings: Any, now: datetime) -> None:
    number = pictured(room)
    keep()
    assert len(folder(settings.MEDIA_ROOT)) == 4
    # By the clock of the files, which no test sets.
    written = datetime.fromtimestamp(
        max(file.stat().st_mtime for file in Path(settings.MEDIA_ROOT).rglob("*.webp")),
        tz=now.tzinfo,
    )
    assert api.collect_images(now=written + timedelta(hours=1)) == 0, "it may be under way"
    assert api.collect_images(now=written + timedelta(days=2)) == 2
    assert as_(guest()).get(addresses(number)[0]).status_code == 200
    assert problems() == []


def test_selfcheck_misses_a_file_and_a_word_about_it(room: Room, settings: Any) -> None:
    number = pictured(room)
    key = CommentImage.objects.get().key
    (Path(settings.MEDIA_ROOT) / files.path_of(key)).unlink()
    Comment.objects.filter(pk=number).update(has_image=False)
    assert problems() == [
        f"comment {number} has an image and does not say so",
        f"the image of comment {number} has no file comments/{key}.webp",
    ]
    assert as_(guest()).get(addresses(number)[0]).status_code == 404


def test_a_name_that_nobody_can_guess(room: Room) -> None:
    keys = {CommentImage.objects.get(comment=pictured(room)).key for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) >= 22 for key in keys)


def test_what_is_said_of_an_image_is_escaped(room: Room) -> None:
    send(room, guest(), upload(), alt='"><script>x</script>\n line')
    page = html(as_(guest()).get(f"/c/{Comment.objects.get().pk}/"))
    assert "<script>x" not in page
    assert 'alt="&quot;&gt;&lt;script&gt;x&lt;/script&gt; line"' in page


def test_structured_data_has_the_words_alone(room: Room) -> None:
    """A search that showed the picture would show it as the publisher's."""
    pictured(room)
    author = {"@type": "Person", "name": "Rhea"}
    node = forum_posting(
        room.page(), base_url="https://post.example", author=author, published="2026", text="x"
    )
    assert node is not None
    assert "image" not in node["comment"][0]


@pytest.mark.parametrize("content", [uploads.plain(), uploads.SVG])
def test_the_process_that_decodes_may_fall_over(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.undo()
    if content == uploads.SVG:
        with pytest.raises(RefusalError):
            api.develop(content)
        return
    assert api.develop(content).width == 60
    monkeypatch.setattr(darkroom, "_COMMAND", ("/bin/sh", "-c", "kill -SEGV $$"))
    with pytest.raises(RefusalError) as caught:
        api.develop(content)
    assert caught.value.verdict.code == "image_broken"


def test_a_preview_leaves_the_file_alone(room: Room, made_here: list[int]) -> None:
    values = {"body": "Look.", "alt": ALT, "image": upload()}
    response = as_(guest()).post(f"/t/{room.id}/preview/", values, **FROM_US)  # type: ignore[arg-type]  # of the test client
    assert response.status_code == 200
    assert made_here == []
    assert "choose the image again" in html(response)  # type: ignore[arg-type]  # the same
