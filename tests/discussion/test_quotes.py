"""Quotes: words tied to the place where they were said, and what becomes of them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Participant, Quote, Thread
from broadsheet.discussion.quotes.operations import UnknownQuoteError
from broadsheet.discussion.quotes.texts import quotable, typed_quotations, without_quotations
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.test_http import _people as _people  # noqa: PLC0414 - a fixture
from discussion.test_http import as_, html, send
from discussion.test_posting import queries_of, refused
from people import Cast

SAID = "We wrote twice. Hardly anyone used it by the end, because by then the bus had gone. Ask."
STORY = "The last ferry is back.\n\nIt sails at 22:40 from the old quay, every night of the week."


def story_text(*, key: str, edition: int) -> str | None:
    return {1: STORY, 2: STORY.replace("every night", "each night")}.get(edition)


def of(source: int | None, exact: str = "", **more: Any) -> api.Chosen:
    return api.Chosen(source, exact, **more)


def said(room: Room, words: str = SAID) -> int:
    return room.post(words, by=reader("Rhea")).number


def quote(room: Room, *chosen: api.Chosen, **more: Any) -> api.Posted:
    return room.post("Is that so?", quotes=chosen, story_text=story_text, **more)


def shown(room: Room, number: int) -> tuple[Any, ...]:
    page = api.comment_page(number=number)
    assert page is not None
    return page.comment.quotes


@pytest.fixture
def told(room: Room) -> Room:
    """A thread whose story can be quoted."""
    Thread.objects.filter(pk=room.id).update(edition=1, editions_url="/s/x/versions/")
    return room


def test_quoted_words_stand_in_their_sentence_with_who_said_them(room: Room) -> None:
    source = said(room)
    number = quote(room, of(source, "Hardly anyone used it by the end"), to=source).number
    (one,) = shown(room, number)
    assert (one.before, one.exact) == ("", "Hardly anyone used it by the end")
    assert one.after == ", because by then the bus had gone."
    assert (one.source, one.name, one.standing, one.matched) == (source, "Rhea", "stands", False)
    kept = Quote.objects.get()
    assert quotable(row(source).html).text[kept.start : kept.end] == kept.exact
    assert (kept.revision, kept.place, kept.prefix) == (1, 0, "We wrote twice. ")
    assert problems() == []


def test_words_of_the_story_are_quoted_by_its_edition(told: Room) -> None:
    number = quote(told, of(None, "22:40 from the\nold quay")).number
    (one,) = shown(told, number)
    assert (one.source, one.exact, one.standing) == (None, "22:40 from the old quay", "stands")
    Thread.objects.filter(pk=told.id).update(edition=2)
    assert shown(told, number)[0].standing == "edited"
    assert problems() == []


def test_the_browser_says_only_where_to_look(room: Room) -> None:
    source = said(room, "Yes and no.\n\nNo and yes.")
    number = quote(room, of(source, "n o", prefix="d ", suffix=".No")).number
    kept = Quote.objects.get(comment=number)
    assert (kept.exact, kept.start) == ("no", 8)


def test_the_whole_is_quoted_as_far_as_it_fits(room: Room) -> None:
    short, long = said(room, "**All** of this."), said(room, "One more sentence. " * 60)
    numbers = [quote(room, of(number, whole=True), to=number).number for number in (short, long)]
    first, second = (Quote.objects.get(comment=number) for number in numbers)
    assert first.exact == "All of this."
    assert second.exact.endswith("sentence.")
    assert 500 < len(second.exact) <= 600
    assert problems() == []


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (of(1, "words nobody said"), "quote_not_found"),
        (of(1, "the"), "quote_not_found"),
        (of(1, "x" * 3000), "quote_too_long"),
        (of(2, "Elsewhere."), "quote_gone"),
        (of(3, "Held"), "quote_gone"),
        (of(4, "Removed"), "quote_gone"),
        (of(10**12, "Nothing"), "quote_gone"),
        (of(None, "not in the story"), "quote_not_found"),
    ],
)
def test_what_cannot_be_quoted(told: Room, chosen: api.Chosen, code: str) -> None:
    held = api.Policy(hold_first=True)
    numbers = {
        1: said(told, SAID + " The end, the end."),
        2: open_room(now=told.now, key="bridge").post("Elsewhere.").number,
        3: told.post("Held back.", policy=held).number,
        4: told.post("Removed later.").number,
    }
    told.decide(numbers[4], "remove")
    source = numbers.get(chosen.source or 0, chosen.source)
    before = Comment.objects.count()
    with pytest.raises(RefusalError) as call:
        quote(told, of(source, chosen.exact))
    assert (refused(call), Comment.objects.count()) == (code, before)


def test_a_story_that_nobody_has_cannot_be_quoted(room: Room) -> None:
    with pytest.raises(RefusalError) as call:
        quote(room, of(None, "22:40"))
    assert refused(call) == "quote_gone"


def test_three_quotes_and_no_more_none_of_them_twice(room: Room) -> None:
    source = said(room)
    chosen = [of(source, words) for words in ("We wrote", "Hardly anyone", "the bus", "Ask")]
    with pytest.raises(RefusalError) as call:
        quote(room, *chosen)
    assert refused(call) == "quote_too_many"
    three = quote(room, *chosen[:3]).number
    assert [one.exact for one in shown(room, three)] == ["We wrote", "Hardly anyone", "the bus"]
    twice = quote(room, chosen[0], chosen[0], to=source).number
    assert len(shown(room, twice)) == row(twice).quote_count == 1
    assert problems() == []


def test_the_same_words_with_another_quote_are_another_comment(room: Room) -> None:
    source, rhea = said(room), reader("Rhea")
    one = quote(room, of(source, "We wrote"), by=rhea)
    assert quote(room, of(source, "We wrote"), by=rhea).repeated
    assert quote(room, of(source, "the bus"), by=rhea).number != one.number


def test_a_source_that_is_not_public_is_not_readable_in_quotes(room: Room) -> None:
    source = said(room)
    number = quote(room, of(source, "Hardly anyone"), to=source).number
    for verb, standing in (("hold", "held"), ("remove", "removed"), ("restore", "stands")):
        room.decide(source, verb)
        (one,) = shown(room, number)
        assert one.standing == standing
        assert bool(one.exact or one.before or one.name) is (standing == "stands")
    Comment.objects.filter(pk=source).update(revision=2)
    assert shown(room, number)[0].standing == "edited"


def test_erasing_who_said_it_blanks_what_is_quoted(room: Room) -> None:
    source = said(room)
    number = quote(room, of(source, "Hardly anyone"), by=reader("Bo"), to=source).number
    rhea = Participant.objects.get(name="Rhea")
    api.erase_participant(actor=reader("Rhea"), participant=rhea.uuid, now=room.tick())
    kept = Quote.objects.get()
    assert (kept.exact, kept.sentence, kept.blanked_at) == ("", "", room.now)
    (one,) = shown(room, number)
    assert (one.standing, one.exact, one.name) == ("blanked", "", "")
    assert "Hardly" not in html(as_(guest()).get(f"/c/{number}/")).partition('id="q')[2]
    assert problems() == []


def test_words_that_are_taken_back_are_blank_wherever_they_are_quoted(room: Room) -> None:
    rhea, source = reader("Rhea"), said(room)
    first = quote(room, of(source, "Hardly anyone"), to=source).number
    edited = api.edit_comment(
        actor=rhea,
        comment_id=source,
        source="We wrote three times. Ask.",
        seen=api.mark_of(SAID),
        policy=OPEN,
        now=room.tick(),
    )
    assert edited.revision == 2
    second = quote(room, of(source, "three times"), to=source).number
    assert shown(room, first)[0].standing == "edited"
    # A moderator blanks the earlier version: what was quoted of it goes, and no more.
    api.blank_version(
        actor=moderator(), comment_id=source, number=1, reason="Names.", now=room.tick()
    )
    assert [shown(room, number)[0].standing for number in (first, second)] == ["blanked", "stands"]
    api.withdraw_comment(actor=rhea, comment_id=source, now=room.tick())
    assert shown(room, second)[0].standing == "blanked"
    assert not Quote.objects.exclude(exact="", sentence="").exists()
    assert problems() == []


# -- typed quotations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "> hardly anyone used it by the end\n\nSo they admit it.",
        "You said “Hardly anyone used it by the end”, and no more.",
        'It says "hardly anyone  used it by the end" there.',
        "Sie sagten: „hardly anyone used it by the end“.",
    ],
)
def test_a_typed_quotation_is_found(room: Room, words: str) -> None:
    source = said(room)
    for _ in range(3):
        room.post("Something else about boats.")
    number = room.post(words, to=source).number
    (one,) = shown(room, number)
    assert one.exact.casefold() == "hardly anyone used it by the end"
    assert (one.source, one.matched, one.name) == (source, True, "Rhea")
    # Who quotes the same again quotes the first, not who quoted it.
    again = room.post(words, to=number).number
    assert [found.source for found in shown(room, again)] == [source]
    assert problems() == []


@pytest.mark.parametrize(
    "words",
    [
        "> used it\n\nShort.",
        "> words that nobody said in this place\n\nNo.",
        "> The same sentence stands here twice.\n\nWhich?",
        "hardly anyone used it by the end",
    ],
)
def test_rather_none_than_a_wrong_one(room: Room, words: str) -> None:
    said(room)
    for _ in range(2):
        room.post("The same sentence stands here twice.")
    assert shown(room, room.post(words).number) == ()


def test_a_typed_quotation_of_the_story_and_of_an_ancestor_is_found(told: Room) -> None:
    ancestor = said(told)
    number = told.post("Well.", to=ancestor).number
    words = "> It sails at 22:40 from the old quay\n\n> hardly anyone used it by the end\n\nSo."
    both = told.post(words, to=number, story_text=story_text).number
    assert [one.source for one in shown(told, both)] == [None, ancestor]
    assert problems() == []


def test_a_chosen_quote_is_not_found_again(room: Room) -> None:
    source = said(room)
    number = room.post(
        "> hardly anyone used it by the end\n\nSo.", quotes=[of(source, "Hardly anyone used it")]
    ).number
    assert [one.matched for one in shown(room, number)] == [False]


def test_own_words_are_what_stands_outside_of_quotations() -> None:
    body = (
        "<p>Mine “these words are somebody else’s” mine.</p>"
        "<blockquote><p>Theirs, five words at least.</p><blockquote><p>deep</p></blockquote>"
        "</blockquote><p>Last.</p>"
    )
    assert without_quotations(body).text == "Mine mine.\n\nLast."
    assert typed_quotations(body) == [
        "Theirs, five words at least.\n\ndeep",
        "these words are somebody else’s",
    ]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("owner", "undone"),
        ("editor", "undone"),
        ("moderator", "undone"),
        ("reporter", "not_yours"),
        ("reader", "not_yours"),
        ("guest", "not_yours"),
        ("banned_reader", "not_yours"),
        ("stranger", "not_yours"),
    ],
)
def test_who_may_undo_what_was_found(
    room: Room, actors: Cast[Actor], name: str, outcome: str
) -> None:
    said(room)
    number = room.post("> hardly anyone used it by the end\n\nSo.", by=reader("Bo")).number
    assert undone(room, number, by=actors[name]) == outcome
    assert len(shown(room, number)) == (0 if outcome == "undone" else 1)
    assert problems() == []


def undone(room: Room, number: int, *, by: Actor) -> str:
    kept = Quote.objects.get(comment=number)
    try:
        api.undo_quote(actor=by, comment_id=number, quote_id=kept.pk, now=room.tick())
    except RefusalError as error:
        return error.verdict.code
    return "undone"


def test_its_author_undoes_it_once_and_never_what_was_chosen(room: Room) -> None:
    source, bo = said(room), reader("Bo")
    number = room.post("> hardly anyone used it by the end\n\nSo.", by=bo).number
    assert [undone(room, number, by=bo) for _ in range(2)] == ["undone", "quote_undone"]
    chosen = quote(room, of(source, "the bus"), by=bo).number
    assert undone(room, chosen, by=bo) == "quote_chosen"
    with pytest.raises(UnknownQuoteError):
        api.undo_quote(actor=bo, comment_id=source, quote_id=10**12, now=room.now)


# -- imports ----------------------------------------------------------------------------------


def test_typed_quotations_of_an_import_are_found_once(room: Room) -> None:
    asked = "<p>Who counted the people who stopped coming to the quay?</p>"
    first = room.bring("1", body=asked).number
    body = "<blockquote>who counted the people who stopped coming</blockquote><p>I did.</p>"
    second = room.bring("2", body=body, author_name="Bo").number
    for number in range(3, 9):
        room.bring(str(number), body=f"<p>Nothing about it, {number}.</p>")

    def match() -> int:
        return api.match_quotations(
            actor=moderator_system(), thread_id=room.id, story_text=None, now=room.tick()
        )

    assert match() == 1
    (one,) = shown(room, second)
    assert (one.source, one.matched) == (first, True)
    assert match() == 0
    assert undone(room, second, by=moderator()) == "undone"
    assert match() == 0
    assert problems() == []


def moderator_system() -> Actor:
    from discussion.making import IMPORTER

    return IMPORTER


def test_only_an_import_matches_a_whole_thread(room: Room, actors: Cast[Actor]) -> None:
    for name in ("editor", "moderator", "reader", "guest"):
        with pytest.raises(RefusalError) as call:
            api.match_quotations(
                actor=actors[name], thread_id=room.id, story_text=None, now=room.now
            )
        assert refused(call) == "not_yours"


# -- moderation -------------------------------------------------------------------------------


def test_a_moderator_sees_both_texts(told: Room) -> None:
    source = said(told)
    number = quote(told, of(source, "anyone used it by the end"), of(None, "every night")).number
    item = f'article[data-comment="{number}"]'

    def sides() -> list[list[str]]:
        page = html(as_(moderator()).get("/moderation/queue/?show=newest"))
        pairs = found_in(page, f"{item} .pair")
        return [[side.get_text() for side in pair.select("blockquote")] for pair in pairs]

    before, comment = "Hardly anyone used it by the end, because by then the bus had gone.", SAID
    assert sides()[0] == [before, comment]
    assert [len(side) for side in sides()] == [2, 2]
    Comment.objects.filter(pk=source).update(html="<p>Something else was said.</p>", revision=2)
    assert sides()[0] == [before, "Something else was said."]
    told.decide(source, "remove")
    page = html(as_(moderator()).get("/moderation/queue/?show=newest"))
    assert "not public now" in page


# -- figures ----------------------------------------------------------------------------------


def test_queries(told: Room) -> None:
    """A page without quotes asks nothing of them, a post without quotations neither."""
    source, bo = said(told), reader("Bo")
    told.post("Known.", by=bo)
    before = queries_of(lambda: api.comment_page(number=source))
    thread = queries_of(told.page)
    plain = queries_of(lambda: told.post("Nothing.", by=bo))
    chosen = queries_of(lambda: quote(told, of(source, "the bus"), by=bo))
    story = queries_of(lambda: quote(told, of(None, "22:40"), by=bo))
    typed = queries_of(lambda: told.post("> hardly anyone used it by the end\n\nSo.", by=bo))
    unknown = queries_of(lambda: told.post("> words that nobody ever said here\n\nSo.", by=bo))
    assert [cost - plain for cost in (chosen, story, typed, unknown)] == [2, 1, 2, 1]
    assert queries_of(told.page) == thread + 1
    number = quote(told, of(source, "We wrote"), of(source, "the bus"), by=bo, to=source).number
    assert queries_of(told.page) == thread + 1
    assert queries_of(lambda: api.comment_page(number=number)) <= before + 2


# -- pages ------------------------------------------------------------------------------------


def post(room: Room, *values: Any, script: bool = False, **fields: Any) -> Any:
    given = [value if isinstance(value, str) else json.dumps(value) for value in values]
    path = f"/t/{room.id}/comments/"
    return send(as_(guest()), path, script=script, body="So?", quote=given, **fields)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "[" * 5000,
        "9" * 5000,
        '{"source": true, "exact": "a"}',
        '{"source": -1, "exact": "a"}',
        '{"source": 1e3, "exact": "a"}',
        '{"source": 99999999999999999999, "exact": "a"}',
        '{"exact": 1}',
        '{"exact": " "}',
        '{"exact": "a", "more": 1}',
        '{"whole": true}',
        '{"source": 1, "whole": 1}',
        '{"source": 1, "whole": true, "exact": "a"}',
        '{"exact": "' + "a" * 20_000 + '"}',
    ],
)
def test_a_damaged_quote_is_refused_and_the_words_are_kept(room: Room, value: str) -> None:
    response = post(room, value)
    assert response.status_code == 422
    assert "A quotation was damaged" in html(response)
    assert ">So?</textarea>" in html(response)
    assert Comment.objects.count() == 0


def found_in(page: str, selector: str) -> list[Tag]:
    return list(BeautifulSoup(page, "html.parser").select(selector))


def test_a_refused_quote_stays_in_the_composer(room: Room) -> None:
    source = said(room)
    value = {"source": source, "exact": "words \ud800 nobody said & <b>"}
    response = post(room, value, parent=source)
    assert response.status_code == 422
    boxes = found_in(html(response), "input[name=quote]")
    whole = {"source": source, "whole": True}
    assert [json.loads(str(box["value"])) for box in boxes] == [value, whole]
    assert [box.has_attr("checked") for box in boxes] == [True, False]
    card = found_in(html(response), ".quoting blockquote")[0]
    assert card.get_text() == "words \ufffd nobody said & <b>"
    answer = post(room, value, script=True).json()
    assert (answer["code"], answer["field"]) == ("quote_not_found", "quote")
    assert post(room, *[value] * 4).status_code == 422


def test_a_page_shows_the_quote_and_leads_to_its_place(room: Room) -> None:
    source = said(room)
    value = {"source": source, "exact": "the bus"}
    assert post(room, value, parent=source).status_code == 303
    number = Quote.objects.get().comment_id
    page = html(as_(guest()).get(f"/c/{number}/"))
    (figure,) = found_in(page, f"#c{number} > figure.quote")
    words, told = figure.blockquote, figure.figcaption
    assert words
    assert told
    assert words.get_text() == "Hardly anyone used it by the end, because by then the bus had gone."
    assert [mark.get_text() for mark in words.select("p > mark")] == ["the bus"]
    assert [(link["href"], link.get_text()) for link in told.select("a")] == [
        (f"#c{source}", "Rhea")
    ]


def test_without_script_the_whole_comment_is_quoted(room: Room) -> None:
    from discussion.test_http import fragment

    source = said(room)
    whole = {"source": source, "whole": True}
    for query, checked in ((f"?reply={source}", False), (f"?reply={source}&quote=1", True)):
        page = fragment(room, query)
        (box,) = found_in(page, "input[name=quote]")
        assert box.has_attr("checked") is checked
        assert json.loads(str(box["value"])) == whole
    (link,) = found_in(page, f'a[data-quote="{source}"]')
    assert link["href"] == f"?reply={source}&quote=1#composer"
    assert post(room, whole, parent=source).status_code == 303
    assert Quote.objects.get().exact == SAID


def test_what_was_found_is_undone_on_a_page_of_its_own(room: Room) -> None:
    said(room)
    bo = reader("Bo")
    number = room.post("> hardly anyone used it by the end\n\nSo.", by=bo).number
    (link,) = found_in(html(as_(guest()).get(f"/c/{number}/")), "figure.quote a[rel=nofollow]")
    address = str(link["href"])
    assert address == f"/c/{number}/quotes/{Quote.objects.get().pk}/undo/"
    assert "Undo it" in html(as_(guest()).get(address))
    assert send(as_(guest()), address).status_code == 403
    assert send(as_(bo), address)["Location"] == f"/c/{number}/#c{number}"
    assert as_(bo).get(address).status_code == send(as_(bo), address).status_code == 404
    assert as_(bo).get(f"/c/{number}/quotes/999/undo/").status_code == 404


DRAWN = {"blockquote", "p", "mark", "figcaption", "a", "bdi", "time"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</mark></p></blockquote></figure><svg/onload=alert(1)>",
    "&lt;b&gt; &amp;amp; \u202e\u2066 {{ x }} {% y %}",
    "' onmouseover='alert(1)",
    "javascript:alert(1)//\u0301\u0301\u0301",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(room: Room, words: str) -> None:
    source = said(room, f"`{words}` and so on")
    number = quote(room, of(source, whole=True), to=source).number
    typed = room.post(f"> `{words}` and so on\n\nSo.", to=source).number
    for answered in (number, typed):
        figures = found_in(html(as_(guest()).get(f"/c/{answered}/")), "figure.quote")
        assert figures or answered == typed
        for figure in figures:
            assert {element.name for element in figure.find_all()} <= DRAWN
            assert not [e for e in figure.find_all() if any(n.startswith("on") for n in e.attrs)]


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.text(min_size=1, max_size=60),
    exact=st.text(max_size=40),
    around=st.tuples(st.text(max_size=20), st.text(max_size=20)),
    source=st.sampled_from(["there", "story", "none"]),
    cut=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    cutting=st.booleans(),
)
@pytest.mark.django_db
def test_no_selection_is_an_error(
    told: Room,
    body: str,
    exact: str,
    around: tuple[str, str],
    source: str,
    cut: tuple[int, int],
    cutting: bool,
) -> None:
    Comment.objects.exists()
    try:
        number = told.post(f"A {body} b", policy=OPEN).number
    except RefusalError:
        return
    words = quotable(row(number).html).text[min(cut) : max(cut)] if cutting else exact
    numbers = {"there": number, "story": None, "none": 10**9}
    value = {
        "source": numbers[source],
        "exact": words,
        "prefix": around[0],
        "suffix": around[1],
    }
    told.now += timedelta(minutes=10)
    from broadsheet.discussion.http import limits

    limits.forget()
    assert post(told, value).status_code in {303, 422}
    assert problems() == []
