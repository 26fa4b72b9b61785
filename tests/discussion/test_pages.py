"""Pages of a thread: complete, in order, stable while people write, and of constant cost."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.comments import cursors, root_pages
from broadsheet.discussion.comments.cursors import RootCursor
from broadsheet.discussion.comments.first_replies import reply_rows
from broadsheet.discussion.comments.parts import staff_numbers
from broadsheet.discussion.comments.ranges import stretches_of_roots
from broadsheet.discussion.comments.shown import (
    DEEPEST_INDENT,
    Person,
    ShownComment,
    nested,
)
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.quotes.matching import earlier_comments
from broadsheet.discussion.rules import paths
from broadsheet.kit.html import stored
from discussion.filling import fill_chain, fill_replies, fill_roots
from discussion.making import Room, guest, moderator, problems, reader
from discussion.test_posting import queries_of

SORTS = ("newest", "oldest", "votes")


def roots(page: api.ThreadPage) -> list[int]:
    return [comment.number for comment in page.comments if comment.parent is None]


def in_order(room: Room, sort: str) -> list[int]:
    """Return all roots in the order of `sort`, by sorting them here."""
    rows = Comment.objects.filter(thread=room.id, parent=None, published_at__isnull=False)
    keys = {
        "newest": lambda c: (-c.created_at.timestamp(), -c.pk),
        "oldest": lambda c: (c.created_at.timestamp(), c.pk),
        "votes": lambda c: (-c.score, -c.created_at.timestamp(), -c.pk),
    }
    return [comment.pk for comment in sorted(rows, key=keys[sort])]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_show_every_root_once_and_in_order(room: Room, sort: str) -> None:
    fill_roots(room, 73)
    # Imported comments may share an instant.
    Comment.objects.filter(pk__in=list(in_order(room, "oldest"))[10:40]).update(created_at=room.now)
    pages = list(room.pages(sort=sort))
    assert [len(roots(page)) for page in pages] == [20, 20, 20, 13]
    assert [number for page in pages for number in roots(page)] == in_order(room, sort)
    assert [page.first for page in pages] == [True, False, False, False]


def test_a_page_stays_where_it_was_while_people_write_and_vote(room: Room) -> None:
    fill_roots(room, 45)
    first = room.page()
    second = roots(room.page(after=first.after))
    for _ in range(3):
        room.post()
    room.vote(second[0], 1)
    assert roots(room.page(after=first.after)) == second

    by_votes = room.page(sort="votes")
    following = roots(room.page(sort="votes", after=by_votes.after))
    room.vote(following[-1], -1)
    room.vote(roots(by_votes)[-1], 1)
    again = roots(room.page(sort="votes", after=by_votes.after))
    assert again[: len(following) - 1] == following[:-1]


@pytest.mark.parametrize(
    "word",
    ["x", "%%%", "a" * 10_000, "bsAAAA", "\u00e9", "AA==", cursors.write_path(b"x" * 8)],
)
def test_a_strange_cursor_means_the_first_page(room: Room, word: str) -> None:
    room.post()
    assert room.page(after=word).first
    number = roots(room.page())[0]
    shown = api.comment_page(number=number, after=word + "?")
    assert shown is not None
    assert shown.first


@given(st.text(max_size=200), st.binary(max_size=90))
def test_no_cursor_is_an_error(word: str, data: bytes) -> None:
    for candidate in (
        word,
        cursors._word(data),
        cursors._word(b"n" + data),
        cursors._word(b"p" + data),
    ):
        cursors.read_path(candidate)
        for sort in SORTS:
            cursors.read_root(candidate, sort=sort)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(min_value=1, max_value=2**62),
    st.integers(min_value=-(2**31), max_value=2**31),
)
def test_cursors_say_what_was_written(at: datetime, number: int, score: int) -> None:
    cursor = RootCursor(at, number, score)
    for sort in SORTS:
        word = cursors.write_root(cursor, sort=sort)
        assert cursors.read_root(word, sort=sort) == cursor
        assert all(cursors.read_root(word, sort=other) is None for other in SORTS if other != sort)


def test_a_cursor_beyond_what_databases_count_is_harmless(room: Room) -> None:
    room.post()
    for number in (2**63 - 1, -(2**63)):
        word = cursors._word(cursors._ROOT.pack(b"v", number, number, number))
        room.page(sort="votes", after=word)


def test_an_unknown_order_is_the_newest(room: Room) -> None:
    assert room.page(sort="'; drop table").sort == "newest"


def test_answers_stand_below_what_they_answer(room: Room) -> None:
    a = room.post("a").number
    b = room.post("b").number
    a1 = room.post("a1", to=a).number
    a2 = room.post("a2", to=a).number
    a11 = room.post("a11", to=a1, by=reader("Rhea")).number
    a111 = room.post("a111", to=a11).number

    comments = room.page(sort="oldest").comments
    assert [comment.number for comment in comments] == [a, a1, a11, a111, a2, b]
    assert [comment.level for comment in comments] == [0, 1, 2, 3, 1, 0]
    assert [comment.opens for comment in comments] == [True, True, True, False, False, False]
    assert [len(comment.closes) for comment in comments] == [0, 0, 0, 2, 1, 0]
    assert comments[3].answers == api.Person(name="Rhea")
    assert not any(comment.says_whom for comment in comments)


def test_two_people_talking_stay_at_one_indent(room: Room) -> None:
    ada, ben, cora = reader("Ada"), reader("Ben"), reader("Cora")
    root = room.post("root", by=ada).number
    run = [root]
    for turn in (ben, ada, ben, ada):
        run.append(room.post("and", by=turn, to=run[-1]).number)
    aside = room.post("another", by=cora, to=root).number

    def talks() -> list[int]:
        return [comment.number for comment in room.page().comments if comment.talk]

    comments = {comment.number: comment for comment in room.page().comments}
    # The lists stay nested as the answers are; only the indent ends, and words say what it hid.
    assert [comments[number].level for number in run] == [0, 1, 2, 3, 4]
    assert talks() == run[1:4]
    assert [comments[number].says_whom for number in run] == [False, False, True, True, True]
    assert not comments[aside].says_whom

    # A third voice, or a second answer, and it is a branch again.
    room.post("I, too", by=cora, to=run[2])
    assert talks() == [run[1], run[3]]
    room.decide(run[4], "remove")
    assert talks() == [run[1]]


def test_two_of_one_name_are_not_taken_for_one(room: Room) -> None:
    first = room.post("root", by=reader("Ada")).number
    answer = room.post("answer", by=reader("Ben"), to=first).number
    namesake = replace(reader("Ada"), id="account:another-ada")
    room.post("and", by=namesake, to=answer)
    assert not any(comment.talk for comment in room.page().comments)


def check_nesting(comments: tuple[ShownComment, ...]) -> None:
    """Lists open and close in pairs, never deeper than the bound."""
    depth = 0
    for comment in comments:
        assert comment.level == depth <= DEEPEST_INDENT
        depth += comment.opens
        depth -= len(comment.closes)
        assert not (comment.opens and comment.closes)
    assert depth == 0


@pytest.mark.parametrize("length", [300, pytest.param(5000, marks=pytest.mark.deep)])
def test_a_long_chain_of_answers(room: Room, length: int) -> None:
    numbers = fill_chain(room, length=length)
    assert problems() == []
    page = room.page()
    assert [comment.number for comment in page.comments] == numbers[:31]
    check_nesting(page.comments)
    last = page.comments[-1]
    assert (last.hidden, last.hidden_on) == (length - 31, numbers[0])
    assert all(comment.says_whom for comment in page.comments if comment.level > 3)

    seen = [comment.number for comment in page.comments]
    after = last.hidden_after
    while after:
        shown = api.comment_page(number=numbers[0], after=after)
        assert shown is not None
        check_nesting(shown.comments)
        seen += [comment.number for comment in shown.comments if comment.parent]
        after = shown.after
    assert seen == numbers

    at = length - 100
    deep = api.comment_page(number=numbers[at])
    assert deep is not None
    assert [comment.number for comment in deep.comments] == [
        numbers[0],
        numbers[7],
        numbers[at - 1],
        numbers[at],
        numbers[at + 1],
    ]
    assert deep.gap == at - 3
    assert (deep.comments[-1].hidden, deep.comments[-1].hidden_on) == (1, numbers[at + 1])


def test_more_answers_than_a_page_shows(room: Room) -> None:
    root = room.post("root").number
    other = room.post("other").number
    fill_replies(room, root=root, number=75)
    comments = room.page(sort="oldest").comments
    assert len(comments) == 32
    assert (comments[30].hidden, comments[30].hidden_on) == (45, root)
    assert comments[31].number == other

    shown = api.comment_page(number=root, after=comments[30].hidden_after)
    assert shown is not None
    assert len(shown.comments) == 46
    assert shown.after == ""
    whole = api.comment_page(number=root)
    assert whole is not None
    assert len(whole.comments) == 51
    following = api.comment_page(number=root, after=whole.after)
    assert following is not None
    assert [comment.number for comment in whole.comments[1:]] + [
        comment.number for comment in following.comments[1:]
    ] == list(Comment.objects.filter(root=root).order_by("pk").values_list("pk", flat=True))


def test_the_page_of_one_comment(room: Room) -> None:
    root = room.post("root", by=reader("Rhea")).number
    one = room.post("one", to=root).number
    two = room.post("two", to=one).number
    three = room.post("three", to=two).number
    aside = room.post("aside", to=root).number
    four = room.post("four", to=three).number

    shown = api.comment_page(number=three)
    assert shown is not None
    assert [comment.number for comment in shown.comments] == [root, one, two, three, four]
    assert shown.comment.number == three
    assert shown.gap == 0
    check_nesting(shown.comments)
    from_root = api.comment_page(number=root)
    assert from_root is not None
    assert [c.number for c in from_root.comments] == [root, one, two, three, four, aside]
    assert api.comment_page(number=10**15) is None


def test_what_can_be_answered(room: Room) -> None:
    device = guest()
    number = room.post("here", by=device).number
    held = room.post("held", policy=api.Policy()).number
    target = api.reply_target(thread_id=room.id, number=number)
    assert target is not None
    assert (target.author, target.beginning) == (api.Person(guest=1), "here")
    assert api.reply_target(thread_id=room.id, number=held) is None
    assert api.reply_target(thread_id=room.id + 1, number=number) is None


def test_queries_of_pages(room: Room) -> None:
    fill_roots(room, 60)
    key = room.key

    def page(sort: str, after: str = "") -> int:
        return queries_of(lambda: api.thread_page(site="main", key=key, sort=sort, after=after))

    assert [page(sort) for sort in SORTS] == [3, 3, 3], "its row, its roots, their answers"
    cursors_of = {sort: room.page(sort=sort).after for sort in SORTS}
    assert [page(sort, cursors_of[sort]) for sort in ("newest", "oldest")] == [3, 3]
    assert page("votes", cursors_of["votes"]) in {3, 4}
    room.post(by=moderator())
    root = roots(room.page())[0]
    fill_replies(room, root=root, number=70)
    fill_chain(room, length=200)
    assert page("newest") == 3, "as many answers as there may be"
    assert queries_of(lambda: api.comment_page(number=root)) == 3
    reply = Comment.objects.filter(root=root).order_by("-pk").values_list("pk", flat=True)[0]
    assert queries_of(lambda: api.comment_page(number=reply)) == 4
    room.bring("77")
    assert page("newest") == 4, "one for the anchors of what was imported"
    assert queries_of(lambda: api.counts_for(site="main", keys=[key, "x", "y"])) == 1
    assert queries_of(room.queue) <= 20


def plan(sql: str, params: tuple[object, ...]) -> str:
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def plan_of_many(sql: str, params: tuple[object, ...]) -> str:
    """Return the plan of a statement, as if reading all rows and sorting them were no choice.

    PostgreSQL weighs rows, and a few are quicker read through and sorted; when it gathers its
    statistics is its own affair. What is asked with few rows is whether it must do so with many.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return plan(sql, params)


def check_plan(text: str, index: str) -> None:
    """The index serves both the condition and the order: nothing is sorted, nothing read whole."""
    assert index in text, text
    assert "TEMP B-TREE" not in text, text
    assert "Sort" not in text, text
    assert "Seq Scan on discussion_comment" not in text, text
    assert "SCAN discussion_comment" not in text, text


def test_what_the_newsroom_wrote_is_a_part_of_the_thread(room: Room) -> None:
    assert not room.page().by_staff
    numbers = []
    for _ in range(25):
        asked = room.post().number
        numbers.append(room.post(by=moderator(), to=asked).number)
    room.decide(numbers.pop(), "remove", by=moderator("Bo Quist"))
    assert room.page().by_staff
    first = room.page(show="staff", sort="votes")
    second = room.page(show="staff", after=first.after)
    assert [first.first, second.first, second.after] == [True, False, ""]
    shown = [*first.comments, *second.comments]
    assert [comment.number for comment in shown] == numbers[::-1]
    assert all(comment.says_whom and not comment.opens for comment in shown)
    # A cursor of the whole thread means nothing here, nor the other way round.
    assert room.page(show="staff", after=room.page().after).first
    assert room.page(after=first.after).first
    assert room.page(show="nonsense").comments == room.page().comments


@pytest.fixture
def long_room(room: Room) -> Room:
    fill_roots(room, 4000)
    fill_chain(room, length=1500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return room


INDEXES = {"newest": "comment_by_time", "oldest": "comment_by_time", "votes": "comment_most_voted"}


@pytest.mark.slow
def test_what_a_typed_quotation_is_looked_for_in_is_read_by_indexes(long_room: Room) -> None:
    statements = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    thread = Thread.objects.get(pk=long_room.id)
    parent = Comment.objects.exclude(parent=None).latest("pk")
    with connection.execute_wrapper(note):
        found = earlier_comments(thread, parent, ["words that nobody said in this place"])
    assert found == []
    ((sql, params),) = statements
    text = plan_of_many(sql, params)
    assert "Seq Scan on discussion_comment" not in text, text
    assert "SCAN discussion_comment" not in text, text
    assert "comment_idempotency" not in text, text
    assert "comment_subtree" in text, text
    assert "comment_by_time" in text, text


@pytest.mark.slow
def test_the_index_serves_every_order(long_room: Room) -> None:
    """Looked at as the database sees it: the very statements that a page sends."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    for sort, index in INDEXES.items():
        first = long_room.page(sort=sort)
        for after in ("", first.after):
            cursor = cursors.read_root(after, sort=sort)
            ranges = stretches_of_roots(thread_id=long_room.id, sort=sort, cursor=cursor)
            for stretch in ranges:
                check_plan(plan(*stretch.numbers(sort=sort, limit=21)), index)
            seen.clear()
            with connection.execute_wrapper(note):
                root_pages.root_rows(thread_id=long_room.id, sort=sort, cursor=cursor)
            for statement in seen:
                assert index in plan(*statement)
    last = RootCursor(long_room.now, 1_000, 0)
    for cursor in (None, last):
        staff = staff_numbers(thread_id=long_room.id, cursor=cursor)
        check_plan(plan(*staff[:21].query.sql_with_params()), "comment_of_staff")
    seen.clear()
    key = long_room.key
    with connection.execute_wrapper(note):
        api.thread_page(site="main", key=key)
    asked = plan_of_many(*seen[0])
    assert "comment_of_staff" in asked, asked
    assert "comment_pinned" in asked, asked
    seen.clear()
    numbers = roots(long_room.page())
    with connection.execute_wrapper(note):
        reply_rows(numbers)
    assert plan(*seen[0]).count("comment_subtree") == len(numbers), "each arm by the index"
    seen.clear()
    with connection.execute_wrapper(note):
        long_room.queue()
    assert any("waiting_all" in plan(*statement) for statement in seen)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=99), max_size=40))
def test_any_tree_nests(choices: list[int]) -> None:
    """Random trees, with random holes where something has no place."""
    tree: dict[int, tuple[int | None, bytes]] = {1: (None, b"")}
    for number, choice in enumerate(choices, start=2):
        parent = 1 + choice % len(tree)
        tree[number] = (parent, paths.path_of(number=number, parent_path=tree[parent][1]))
    comments = [
        ShownComment(
            number=number,
            parent=parent,
            root=1,
            depth=0,
            path=path,
            author=Person(),
            answers=None,
            voice="",
            html=stored(""),
            language="",
            state="published",
            rule="",
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
            up=0,
            down=0,
            replies=0,
            descendants=0,
            pinned=False,
        )
        for number, (parent, path) in sorted(tree.items(), key=lambda item: item[1][1])
        if number == 1 or number % 5
    ]
    check_nesting(nested(comments))
