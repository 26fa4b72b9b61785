"""The thread around one of its comments, and the ways on from there in both directions."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from broadsheet.discussion import api
from broadsheet.discussion.comments import cursors, root_pages
from broadsheet.discussion.comments.first_replies import ANSWERS_BELOW, reply_rows
from broadsheet.discussion.comments.ranges import ROOTS_PER_PAGE, stretches_of_roots
from broadsheet.discussion.comments.root_pages import ROOTS_BEFORE
from broadsheet.discussion.models import Comment
from discussion.filling import fill_chain, fill_replies, fill_roots
from discussion.making import Room, moderator, open_room, reader
from discussion.test_http import fragment, html
from discussion.test_marking import mark
from discussion.test_pages import (
    INDEXES,
    SORTS,
    check_nesting,
    check_plan,
    in_order,
    plan_of_many,
    roots,
)
from discussion.test_pages import long_room as long_room  # noqa: PLC0414 - a fixture
from discussion.test_posting import queries_of


def walk(room: Room, start: api.ThreadPage, way: str) -> Iterator[api.ThreadPage]:
    page = start
    while cursor := getattr(page, way):
        page = room.page(sort=page.sort, **{way: cursor})
        yield page


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("at", [0, 1, ROOTS_BEFORE, ROOTS_BEFORE + 1, 40, 80, 89, 90])
def test_around_a_comment_both_ways_lead_past_every_other_once(
    room: Room, sort: str, at: int
) -> None:
    fill_roots(room, 91)
    Comment.objects.filter(pk__in=in_order(room, "oldest")[10:40]).update(created_at=room.now)
    order = in_order(room, sort)
    page = room.page(sort=sort, at=order[at])
    assert page.at == order[at]
    assert roots(page) == order[max(at - ROOTS_BEFORE, 0) :][: len(roots(page))]
    assert order[at] in roots(page)
    assert page.first == (at <= ROOTS_BEFORE)

    earlier = list(walk(room, page, "before"))[::-1]
    later = list(walk(room, page, "after"))
    walked = [*earlier, page, *later]
    assert [number for each in walked for number in roots(each)] == order
    assert all(len(roots(each)) <= ROOTS_PER_PAGE for each in walked)
    assert [each.first for each in walked] == [True] + [False] * (len(walked) - 1)


@pytest.mark.parametrize("sort", SORTS)
def test_any_later_page_leads_to_the_one_before(room: Room, sort: str) -> None:
    fill_roots(room, 65)
    pages = [roots(page) for page in room.pages(sort=sort)]
    last = list(room.pages(sort=sort))[-1]
    assert [roots(page) for page in walk(room, last, "before")] == pages[-2::-1]
    for word in ("x", "%%%", cursors.write_path(b"x" * 8), room.page(sort="oldest").after + "A"):
        assert room.page(sort=sort, before=word).first
    # Nothing stands before the first: whoever asks is shown the first page.
    first = Comment.objects.get(pk=in_order(room, sort)[0])
    cursor = cursors.RootCursor(first.created_at, first.pk, first.score)
    assert room.page(sort=sort, before=cursors.write_root(cursor, sort=sort)).comments == (
        room.page(sort=sort).comments
    )


def test_what_is_pinned_stands_first_on_the_first_page_alone(room: Room) -> None:
    fill_roots(room, 60)
    order = in_order(room, "newest")
    pinned = order[50]
    mark(room, pinned, "pin")
    answer = room.post("below it", to=pinned).number

    there = room.page(at=answer)
    assert not there.first
    numbers = [comment.number for comment in there.comments]
    assert numbers.index(answer) == numbers.index(pinned) + 1
    assert roots(there)[ROOTS_BEFORE] == pinned

    near = room.page(at=order[1])
    assert near.first
    assert roots(near)[:3] == [pinned, *order[:2]]
    *_, first = walk(room, there, "before")
    assert roots(first)[0] == pinned
    assert roots(first).count(pinned) == 1


def test_a_reply_beyond_the_first_stands_there_with_what_it_answers(room: Room) -> None:
    fill_roots(room, 30)
    root = in_order(room, "newest")[25]
    fill_replies(room, root=root, number=60)
    replies = list(Comment.objects.filter(root=root).order_by("pk").values_list("pk", flat=True))
    asked = room.post("asked", to=replies[40], by=reader("Rhea")).number
    answer = room.post("answered", to=asked).number
    deep = room.post("and", to=answer).number
    below = [room.post("so", to=deep).number for _ in range(ANSWERS_BELOW + 3)]

    page = room.page(sort="newest", at=deep)
    shown = [comment.number for comment in page.comments if comment.root == root]
    wanted = [asked, answer, deep, *below[:ANSWERS_BELOW]]
    assert shown == [root, *replies[:30], *wanted]
    check_nesting(page.comments)
    # Below its root, and not in the list of whoever stands above it.
    levels = {comment.number: comment.level for comment in page.comments}
    assert [levels[number] for number in wanted[:4]] == [1, 2, 3, 4]
    assert not any(comment.opens for comment in page.comments if comment.number in replies)
    by_number = {comment.number: comment for comment in page.comments}
    total = Comment.objects.filter(root=root).count()
    last = by_number[replies[29]]
    assert (last.hidden, last.hidden_on) == (total + 1 - len(shown), root)
    assert (by_number[deep].hidden, by_number[deep].hidden_on) == (3, deep)
    assert by_number[asked].says_whom

    # Among the first, all is as it is on the plain page.
    plain = room.page(sort="newest", at=replies[3])
    assert [c.number for c in plain.comments if c.root == root] == [root, *replies[:30]]


def test_deep_in_a_chain_of_answers(room: Room) -> None:
    numbers = fill_chain(room, length=300)
    fill_roots(room, 3)
    page = room.page(at=numbers[200])
    shown = [comment.number for comment in page.comments if comment.root == numbers[0]]
    assert shown == [*numbers[:31], numbers[199], numbers[200]]
    check_nesting(page.comments)
    last = page.comments[[c.number for c in page.comments].index(numbers[200])]
    assert (last.hidden, last.hidden_on) == (1, numbers[200])
    assert last.answers == api.Person(name="Filler")


def test_the_last_of_the_answers_needs_no_way_to_the_rest(room: Room) -> None:
    root = room.post("root").number
    fill_replies(room, root=root, number=31)
    last = Comment.objects.filter(root=root).latest("pk").pk
    page = room.page(at=last)
    assert len(page.comments) == 32
    assert not any(comment.hidden for comment in page.comments)


def test_a_number_that_is_not_there_is_the_first_page(room: Room) -> None:
    fill_roots(room, 45)
    plain = room.page()
    other = open_room(now=room.now, key="other").post("elsewhere").number
    held = room.post("waits", policy=api.Policy()).number
    for number in (other, held, 10**15, 0):
        page = room.page(at=number)
        assert (page.at, page.comments) == (0, plain.comments)


def test_it_asks_one_question_more(room: Room) -> None:
    fill_roots(room, 60)
    key = room.key

    def asked(sort: str, **where: Any) -> int:
        return queries_of(lambda: api.thread_page(site="main", key=key, sort=sort, **where))

    for sort in SORTS:
        page = room.page(sort=sort, at=in_order(room, sort)[30])
        assert asked(sort, at=page.at) == 4
        assert asked(sort, before=page.before) == 3
    root = in_order(room, "oldest")[30]
    fill_replies(room, root=root, number=70)
    reply = Comment.objects.filter(root=root).latest("pk").pk
    deep = fill_chain(room, length=200)[-1]
    assert [asked(sort, at=number) for sort in SORTS for number in (reply, deep)] == [4, 5] * 3, (
        "one for who is answered where that stands flat below the last level"
    )


@pytest.mark.slow
def test_each_stretch_is_read_by_an_index(long_room: Room) -> None:
    room = long_room
    last = Comment.objects.exclude(root=None).latest("pk")
    chain = list(Comment.objects.filter(root=last.root_id).order_by("pk"))
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    for sort, index in INDEXES.items():
        place = root_pages.place_of(thread_id=room.id, number=in_order(room, sort)[100])
        assert place is not None
        for backwards in (True, False):
            for stretch in stretches_of_roots(
                thread_id=room.id, sort=sort, cursor=place.root, backwards=backwards
            ):
                statement = stretch.numbers(sort=sort, limit=21, backwards=backwards)
                check_plan(plan_of_many(*statement), index)
        arms = 3 if sort != "votes" else 5
        seen.clear()
        with connection.execute_wrapper(note):
            root_pages.roots_of(thread_id=room.id, sort=sort, place=place)
        assert plan_of_many(*seen[0]).count(index) == arms - 1, "each arm by the index"
    for reply in (chain[3], chain[300]):
        place = root_pages.place_of(thread_id=room.id, number=reply.pk)
        seen.clear()
        with connection.execute_wrapper(note):
            reply_rows([place.root.number if place else 0], (), place)
        text = plan_of_many(*seen[0])
        assert "comment_subtree" in text, text
        assert "Seq Scan on discussion_comment" not in text, text
        assert "SCAN discussion_comment" not in text, text


def test_from_parts_and_permalinks_it_leads_to_the_same_comment_among_all(room: Room) -> None:
    fill_roots(room, 80)
    asked = in_order(room, "newest")[30]
    number = room.post("The newsroom knows.", to=asked, by=moderator()).number
    back = f'<a href="?at={number}#c{number}" rel="nofollow">View all comments'
    assert back in fragment(room, "?show=staff")
    # Whoever reads in another order goes on in that.
    in_that = fragment(room, "?show=staff&sort=oldest")
    assert back.replace("?at", "?sort=oldest&amp;at") in in_that
    assert 'href="/harbour/ferry/?show=staff&amp;sort=oldest#discussion"' in in_that
    alone = html(Client().get(f"/c/{number}/"))
    assert f'<a href="/harbour/ferry/?at={number}#c{number}" rel="nofollow">View all' in alone

    for order in ("", "&sort=oldest", "&sort=votes"):
        page = fragment(room, f"?at={number}{order}")
        assert page.count(' aria-current="true"><header') == 1
        (marked,) = re.findall(r'<article class="c" id="c(\d+)"[^>]* aria-current', page)
        assert int(marked) == number
        ways = re.findall(r'rel="(prev|next)" href="/harbour/ferry/(\?[^"]*)#discussion"', page)
        assert [way for way, _ in ways] == ["prev", "next"]
        for _, query in ways:
            assert f'id="c{number}"' not in fragment(room, query.replace("&amp;", "&"))


def test_nonsense_in_the_address_is_the_first_page(room: Room) -> None:
    fill_roots(room, 25)
    plain = fragment(room)
    for query in ("at=x", "at=-1", "at=1e3", "at=" + "9" * 40, "at=%00", "before=%ff", "before=A"):
        assert fragment(room, f"?{query}") == plain, query


def test_a_removed_one_leads_to_its_stub(room: Room) -> None:
    fill_roots(room, 45)
    number = in_order(room, "newest")[30]
    room.decide(number, "remove")
    page = fragment(room, f"?at={number}")
    assert re.search(rf'id="c{number}"[^>]*><div class="gone"><p id="n{number}">Removed', page)
