"""People of a thread who are named after an "@": who is meant, what is shown, what is forgotten."""

from dataclasses import replace
from datetime import datetime

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.comments.operations import preview
from broadsheet.discussion.http.fragment import draw
from broadsheet.discussion.models import Comment, CommentRevision, Mention
from broadsheet.discussion.rules import mentioning
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.test_posting import queries_of

LAYLA = "\u0644\u064a\u0644\u0649 \u062d\u062f\u0627\u062f"
GUESTS = replace(OPEN, guest_name="Guest NUMBER")


def link(number: int, name: str) -> str:
    return f'<a href="/c/{number}/" rel="ugc nofollow noopener">@{name}</a>'


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [
        ("@Ann, look", {"Ann"}, ["Ann"]),
        ("Thanks @Ann Lee!", {"Ann", "Ann Lee"}, ["Ann Lee"]),
        ("Thanks @Ann Lea.", {"Ann", "Ann Lee"}, ["Ann"]),
        ("@Anna", {"Ann"}, []),
        ("@Ann_a @Ann\u0301 @ann", {"Ann"}, []),
        ("ann@Ann.org, @@Ann, /@Ann, .@Ann", {"Ann"}, []),
        ("(@Ann) \u201c@Ann\u201d @Ann\u2019s", {"Ann"}, ["Ann", "Ann", "Ann"]),
        ("@J. R. Smith, Jr. said", {"J", "J. R. Smith, Jr."}, ["J. R. Smith, Jr."]),
        ("@Ann\nLee", {"Ann Lee", "Ann"}, ["Ann"]),
        ("@Jose\u0301 Diaz", {"Jos\u00e9 Diaz"}, ["Jos\u00e9 Diaz"]),
        (f"@{LAYLA}\u060c \u0646\u0639\u0645", {LAYLA}, [LAYLA]),
        ("@Ann @Bo", {"Ann @Bo", "Ann", "Bo"}, ["Ann @Bo"]),
        ("@ Ann @", {"Ann", " Ann"}, []),
    ],
)
def test_the_longest_name_is_meant(text: str, known: set[str], found: list[str]) -> None:
    assert [name for _, _, name in mentioning.mentioned(text, known)] == found
    assert all(text[start] == "@" for start, _, _ in mentioning.mentioned(text, known))
    assert known & set(mentioning.candidates(text)) >= set(found)


def test_a_text_full_of_signs_asks_for_few_names() -> None:
    assert len(mentioning.candidates("@a b c d e f g h " * 500)) <= 10 * 60


def test_a_mention_leads_to_what_the_person_wrote_last(room: Room) -> None:
    room.post("First.", by=reader("Ann Lee"))
    latest = room.post("Second.", by=reader("Ann Lee")).number
    room.post("A shorter name.", by=reader("Ann"))
    posted = room.post("**@Ann Lee** & <b>@Ann Lee</b>: yes.", by=reader("Bo")).number
    shown = row(posted).html
    assert shown.count(link(latest, "Ann Lee")) == 2
    assert "<b>" not in shown
    mention = Mention.objects.get()
    assert (mention.comment_id, mention.name) == (posted, "Ann Lee")
    assert mention.person == row(latest).author
    assert problems() == []


def test_staff_and_guests_are_mentioned_as_they_are_signed(room: Room) -> None:
    staff = room.post("From the newsroom.", by=moderator("Mona Keel")).number
    named = room.post("I saw it.", by=guest(), name="Old Tom").number
    numbered = room.post("Me too.", by=guest()).number
    words = "@Mona Keel @Old Tom @Guest 1 @Guest 2"
    shown = row(room.post(words, policy=GUESTS).number).html
    assert link(staff, "Mona Keel") in shown
    assert link(named, "Old Tom") in shown
    assert link(numbered, "Guest 1") in shown
    assert shown.count("<a ") == 3
    assert "<a " not in row(room.post("@Guest 1").number).html, "nobody said what guests are called"


@pytest.mark.parametrize(
    "words",
    ["`@Ann`", "[see @Ann](https://example.org)", "```\n@Ann\n```", "https://example.org/@Ann"],
)
def test_not_within_code_or_links(room: Room, words: str) -> None:
    number = room.post("Here.", by=reader("Ann")).number
    posted = room.post(words).number
    assert f"/c/{number}/" not in row(posted).html
    assert not Mention.objects.exists()


def test_a_name_that_two_people_have_means_neither(room: Room) -> None:
    room.post("One.", by=guest("first"), name="Kim")
    room.post("Another.", by=guest("second"), name="Kim")
    assert "<a " not in row(room.post("@Kim?").number).html


def test_only_who_can_be_read_in_this_thread_is_known(room: Room, now: datetime) -> None:
    open_room(now=now, key="elsewhere").post("Elsewhere.", by=reader("Ann"))
    room.post("Held.", by=reader("Bo"), policy=api.Policy())
    removed = room.post("Bad.", by=reader("Cy")).number
    room.decide(removed, "remove")
    assert "<a " not in row(room.post("@Ann @Bo @Cy").number).html


@pytest.mark.parametrize(
    "name",
    [
        '<img src=x onerror="alert(1)">',
        "javascript:alert(1)",
        "a](javascript:alert(1))",
        "&lt;b",
        '"onfocus="x',
    ],
)
def test_a_name_is_only_ever_text(room: Room, name: str) -> None:
    number = room.post("Here.", by=guest(), name=name).number
    shown = row(room.post(f"@{name} hello").number).html
    bare = shown.replace(f'<a href="/c/{number}/" rel="ugc nofollow noopener">', "")
    assert "<img" not in shown
    assert "href" not in bare


def test_a_relative_link_that_is_typed_is_none(room: Room) -> None:
    number = room.post("Here.", by=reader("Ann")).number
    shown = row(room.post(f"@Ann [x](/c/{number}/) [y](/desk/) <a href='/c/1/'>z</a>").number).html
    assert shown.count("<a ") == 1


def test_a_mention_is_no_link_that_waits_for_a_moderator(room: Room) -> None:
    room.post("Here.", by=reader("Ann"))
    careful = api.Policy(hold_first=False, hold_links=True)
    assert room.post("@Ann hello", policy=careful).state == "published"
    assert room.post("@Ann https://example.org", policy=careful).state == "held"


def test_an_edit_mentions_anew(room: Room) -> None:
    ann = room.post("Here.", by=reader("Ann")).number
    bo = room.post("Here too.", by=reader("Bo")).number
    me = reader("Cy")
    number = room.post("@Ann", by=me).number
    room.edit(number, "@Bo", by=me)
    assert link(bo, "Bo") in row(number).html
    assert [mention.name for mention in Mention.objects.all()] == ["Bo"]
    room.edit(number, "Nobody.", by=me)
    assert not Mention.objects.exists()
    room.edit(number, "@Ann again", by=me)
    assert link(ann, "Ann") in row(number).html


def test_a_preview_shows_the_link(room: Room) -> None:
    ann = room.post("Here.", by=reader("Ann")).number
    assert link(ann, "Ann") in preview(thread_id=room.id, source="@Ann", policy=OPEN)


def test_a_rename_leaves_the_link_and_an_erasure_leaves_the_name_out(room: Room) -> None:
    ann = reader("Ann & Co")
    first = room.post("Here.", by=ann).number
    me = reader("Cy")
    number = room.post("@Ann & Co, really? Ann & Co!", by=me).number
    room.post("Noticed.", to=number)
    room.edit(number, "@Ann & Co, really and truly?", by=me)
    room.post("Under another name.", by=replace(ann, name="Anna"))
    assert link(first, "Ann &amp; Co") in row(number).html

    person = row(first).author
    api.erase_participant(actor=ann, participant=person.uuid, now=room.now)
    comment = row(number)
    assert comment.html == "<p>@[…], really and truly?</p>\n"
    assert comment.source == "@[…], really and truly?"
    version = CommentRevision.objects.get()
    assert version.html.startswith("<p>@[…], really?")
    assert "@Ann" not in version.source
    assert Mention.objects.get().name == ""
    assert problems() == []


def test_a_name_piled_high_is_left_out_too(room: Room) -> None:
    tall = "Zoe" + "\u0301\u0316\u0302\u0317" * 6
    number = room.post("Here.", by=guest("tall"), name=tall).number
    mention = room.post(f"@{tall}, yes").number
    assert f"/c/{number}/" in row(mention).html
    api.erase_participant(actor=guest("tall"), participant=row(number).author.uuid, now=room.now)
    assert row(mention).html == "<p>@[…], yes</p>\n"
    assert row(mention).source == "@[…], yes"


def test_however_its_letters_are_composed_it_is_one_name(room: Room) -> None:
    number = room.post("Here.", by=reader("Jos\u00e9")).number
    posted = room.post("@Jose\u0301, @Jos\u00e9").number
    assert row(posted).html.count(link(number, "Jos\u00e9")) == 2
    api.erase_participant(
        actor=reader("Jos\u00e9"), participant=row(number).author.uuid, now=room.now
    )
    assert (row(posted).source, row(posted).html) == ("@[…], @[…]", "<p>@[…], @[…]</p>\n")


def test_on_the_same_page_it_leads_to_the_place_there(room: Room) -> None:
    ann = room.post("Here.", by=reader("Ann")).number
    number = room.post("@Ann").number
    page = room.page()
    assert f'<a href="#c{ann}" rel="ugc nofollow noopener">@Ann</a>' in draw(
        page.comments, thread=page.thread
    )
    alone = [comment for comment in page.comments if comment.number == number]
    assert link(ann, "Ann") in draw(alone, thread=page.thread)


def test_what_a_mention_costs(room: Room) -> None:
    author = reader("Cy")
    room.post("Known.", by=author)
    room.post("Here.", by=reader("Ann"))
    room.post("Me.", by=guest())
    plain = queries_of(lambda: room.post("Nobody, 5 @ 3.", by=author, policy=GUESTS))
    assert queries_of(lambda: room.post("@Nobody.", by=author, policy=GUESTS)) == plain + 1
    assert queries_of(lambda: room.post("@Ann.", by=author, policy=GUESTS)) == plain + 2
    assert queries_of(lambda: room.post("@Ann @Guest 1", by=author, policy=GUESTS)) == plain + 3


def test_selfcheck_finds_a_mention_of_a_stranger(room: Room, now: datetime) -> None:
    stranger = row(
        open_room(now=now, key="elsewhere").post("Elsewhere.", by=reader("Ann")).number
    ).author
    comment = Comment.objects.get(pk=room.post("Here.").number)
    made = Mention.objects.create(comment=comment, person=stranger, name="Ann", created_at=room.now)
    assert problems() == [f"mention {made.pk} is of nobody who wrote in its thread"]
