"""Comments: who answers whom, what was public, votes, and what is kept for later."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.importing.api import Report
from broadsheet.stories import operations
from broadsheet.stories.selfcheck import checks
from discussion.making import problems
from formats.wxr_text import comment as wp_comment
from formats.wxr_text import item
from importing.reading import comment, comments, get, html, model, page, row_counts, story

type Bring = Callable[..., Report]


def post(*inside: str, **values: str) -> str:
    return item(
        *inside, **({"post_name": "ferry", "post_date_gmt": "2025-03-01 08:00:00"} | values)
    )


def said(number: int | str, parent: int | str = 0, *metas: tuple[str, str], **values: str) -> str:
    return wp_comment(
        *metas,
        **(
            {
                "comment_id": str(number),
                "comment_parent": str(parent),
                "comment_content": f"Words of {number}.",
            }
            | values
        ),
    )


def parents() -> dict[str, str]:
    rows = model("CommentAlias", "discussion").objects.select_related("comment")
    names = {row.comment_id: row.foreign_id for row in rows}
    return {row.foreign_id: names.get(row.comment.parent_id, "") for row in rows}


def test_threads_keep_their_depth_names_dates_and_anchors(bring: Bring) -> None:
    answers = [said(n, n - 1, comment_author=f"Person {n}") for n in range(2, 13)]
    bring(post(said(1), *answers))
    assert comment("12").depth == 11
    assert comment("1").created_at == datetime(2025, 3, 1, 9, tzinfo=UTC)
    seen = html("/news/ferry/")
    for n in range(1, 13):
        assert f"Words of {n}." in seen
    assert "Person 12" in seen
    assert 'id="comment-12"' in seen
    assert f'id="c{comment("12").pk}"' in seen


def test_answers_may_come_before_what_they_answer(bring: Bring) -> None:
    # More than are written in one transaction.
    chain = [said(n, n - 1) for n in range(120, 1, -1)]
    bring(post(*chain, said(1)))
    assert comments().count() == 120
    assert comment("120").depth == 119


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"1": "2", "2": "1"}, {"1": "", "2": "1"}),
        ({"1": "1"}, {"1": ""}),
        ({"1": "99"}, {"1": ""}),
        ({"1": "3", "2": "1", "3": "2", "4": "3"}, {"1": "", "2": "1", "3": "2", "4": "3"}),
        ({"9": "3", "1": "3", "2": "1", "3": "2"}, {"9": "3", "1": "", "2": "1", "3": "2"}),
        # Through a comment in the trash (T).
        ({"1": "0", "T": "1", "3": "T"}, {"1": "", "3": "1"}),
        ({"3": "T", "T": "1", "1": "0"}, {"3": "1", "1": ""}),
        ({"T": "0", "2": "T", "3": "2"}, {"2": "", "3": "2"}),
        ({"5": "T", "T": "5"}, {"5": ""}),
        ({"8": "T", "3": "1", "T": "3", "1": "T"}, {"8": "3", "3": "", "1": "3"}),
    ],
)
def test_whatever_the_file_says_it_ends_at_a_root(
    bring: Bring, given: dict[str, str], expected: dict[str, str]
) -> None:
    names = {"T": "77"}
    bring(
        post(
            *(
                said(
                    names.get(number, number),
                    names.get(parent, parent),
                    comment_approved="trash" if number == "T" else "1",
                )
                for number, parent in given.items()
            )
        )
    )
    assert parents() == expected


def test_only_what_was_public_is_shown(bring: Bring) -> None:
    report = bring(
        post(
            said(1),
            said(2, comment_approved="0"),
            said(3, comment_approved="trash"),
            said(4, comment_approved="post-trashed"),
            said(5, comment_approved="spam"),
            said(6, comment_type="pingback"),
            said(7, comment_type="trackback"),
            said(8, comment_type="order_note"),
            said(9, comment_type="private"),
            said(10, comment_approved=""),
            said(11, comment_content=" "),
        )
    )
    seen = html("/news/ferry/")
    assert [n for n in range(1, 12) if f"Words of {n}." in seen] == [1]
    states = {row.foreign_id: row.comment.state for row in _aliases()}
    assert states == {"1": "published", "2": "held", "10": "held"}
    codes = ("comment_trash", "pingback", "comment_type", "comment_status", "comment_empty")
    assert [report.count(code) for code in codes] == [3, 2, 2, 1, 1]


def test_comments_of_a_story_that_is_not_public_are_not(bring: Bring) -> None:
    bring(post(said(1), post_password="secret", title="Hush"))
    assert comment("1").state == "held"
    assert get(f"/c/{comment('1').pk}/").status_code == 404
    assert "Words of 1" not in html("/")


def test_a_closed_discussion_is_closed(bring: Bring) -> None:
    bring(post(said(1), comment_status="closed"), post(title="B", post_id="8", post_name="b"))
    threads: Any = model("Thread", "discussion").objects
    assert threads.get(key=story("ferry").uuid).closed_at is not None
    assert threads.get(key=story("b").uuid).closed_at is None
    assert not story("ferry").discussion_open


def test_texts_pass_the_one_sanitiser(bring: Bring) -> None:
    text = (
        'A <b>bold</b> word, <a href="javascript:x">bad</a>\nand a line.\n\n'
        "<script>alert(1)</script><img src=x onerror=alert(2)> # not a heading [link](http://a.b)"
    )
    bring(post(said(1, comment_content=text)))
    stored = comment("1").html
    assert "<strong>bold</strong>" in stored
    for bad in ("<script", "onerror", "javascript:", "<h1", "<img"):
        assert bad not in stored
    assert "[link](" in stored


def test_people_are_the_same_by_account_address_or_name(bring: Bring) -> None:
    bring(
        post(
            said(1, comment_author_email="wren@post.example"),
            said(2, comment_author_email=" Wren@post.example\n"),
            said(3, comment_author_email="5f2b7c9d1e3a4@example.com"),
            said(4, comment_author=""),
            said(5, comment_author=""),
        )
    )
    assert comment("1").author == comment("2").author
    assert comment("1").author.email == "wren@post.example"
    assert "wren" not in comment("1").author.key
    assert comment("3").author.email == ""
    assert comment("3").author != comment("1").author
    assert (comment("4").guest_number, comment("5").guest_number) == (1, 2)


def test_the_newsroom_answers_as_the_newsroom(bring: Bring) -> None:
    from importing.test_stories import author

    bring(author("mo", "Mo", "3"), post(said(1, comment_user_id="3"), said(2, comment_user_id="4")))
    assert (comment("1").voice, comment("2").voice) == ("newsroom", "")


def test_votes_pins_and_inline_questions(bring: Bring) -> None:
    both = 'a:2:{s:4:"like";i:5;s:7:"dislike";i:2;}'
    shortcode = (
        '[wpdiscuz-feedback id="u1" question="Sure?" opened="0"]the captain[/wpdiscuz-feedback]'
    )
    report = bring(
        post(
            f"<content:encoded><![CDATA[Said {shortcode} today.]]></content:encoded>",
            said(1, 0, ("wpdiscuz_votes_seperate", both), ("wpdiscuz_votes", "3")),
            said(2, 0, ("wpdiscuz_votes", "-4"), comment_type="wpdiscuz_sticky"),
            said(3, 0, ("wpdiscuz_feedback_form_id", "9"), ("wpdiscuz_closed", "1")),
        )
    )
    assert (comment("1").up, comment("1").down, comment("1").score) == (5, 2, 3)
    assert (comment("2").score, comment("2").pinned) == (-4, True)
    assert "wpdiscuz-feedback" not in html("/news/ferry/")
    assert ">the captain</a> today." in html("/news/ferry/")
    (kept,) = model("KeptForLater", "importing").objects.all()
    assert (kept.kind, kept.payload) == ("comment", {"closed": True, "comment": comment("3").pk})
    note = comment("3").note
    assert (note.exact, note.question, note.opened) == ("the captain", "Sure?", False)
    assert (note.answer_count, comment("1").note_id) == (1, None)
    assert report.outcome("question", "new") == report.outcome("answer", "tied") == 1
    assert problems() == []


def asked(*questions: tuple[str, str], answers: tuple[tuple[int, str], ...] = ()) -> str:
    shortcodes = " and ".join(
        f'[wpdiscuz-feedback id="u{at}" question="{question}" opened="1"]{words}'
        "[/wpdiscuz-feedback]"
        for at, (words, question) in enumerate(questions)
    )
    return post(
        f"<content:encoded><![CDATA[Said {shortcodes} today, the crew.]]></content:encoded>",
        *(said(number, 0, ("wpdiscuz_feedback_form_id", form)) for number, form in answers),
    )


def test_questions_and_answers_belong_together_in_their_order(bring: Bring) -> None:
    two = (("the captain", "Sure?"), ("his mate", "Who?"))
    export = asked(*two, answers=((1, "12"), (2, "9"), (3, "12")))
    bring(export)
    assert [comment(n).note.exact for n in ("1", "2", "3")] == [
        "his mate",
        "the captain",
        "his mate",
    ]
    kept = model("KeptForLater", "importing").objects
    assert not kept.exists()
    before = row_counts()
    bring(export)
    assert row_counts() == before
    # A later export has more answers, and one of the numbers alone.
    bring(asked(*two, answers=((1, "12"), (2, "9"), (3, "12"), (4, "9"))))
    assert comment("4").note.exact == "the captain"
    assert "Inline feedback (4)" in html("/news/ferry/")
    assert problems() == []


def test_what_belongs_to_no_question_for_sure_waits(bring: Bring) -> None:
    export = asked(("the captain", "Sure?"), ("the crew", "Who?"), answers=((1, "9"),))
    report = bring(export)
    kept = {row.kind: row.payload for row in model("KeptForLater", "importing").objects.all()}
    assert kept["question"]["text"] == "the crew", "the story says it twice"
    assert kept["comment"]["question_form"] == "9", "one of two"
    assert comment("1").note is None
    assert (report.outcome("question", "new"), report.outcome("question", "kept")) == (1, 1)
    again = bring(export)
    assert again.outcome("question", "kept") == 1
    assert problems() == []


def test_what_an_earlier_import_kept_is_placed_by_the_next(bring: Bring, now: datetime) -> None:
    export = asked(("the captain", "Sure?"), answers=((1, "9"),))
    bring(export)
    # As it was before there was a place for questions.
    note = comment("1").note
    comments().update(note=None)
    model("Thread", "discussion").objects.update(inline_count=0)
    note.delete()
    rows = model("ImportedRow", "importing").objects
    (made,) = rows.filter(kind="note")
    story = rows.get(kind="story")
    rows.filter(kind__in=["note", "question_form"]).delete()
    page = model("StoryPage").objects.get(pk=story.local_id)
    kept = model("KeptForLater", "importing").objects
    values = {"system": made.system, "site": made.site, "imported_at": now}
    payload = {"story": str(page.uuid), "place": 0, "uid": "u0", "question": "Sure?"}
    payload |= {"opened": True, "text": "the captain", "block": 0}
    kept.create(kind="question", foreign_id=made.foreign_id, payload=payload, **values)
    answer = {"question_form": "9", "comment": comment("1").pk}
    kept.create(kind="comment", foreign_id="1", payload=answer, **values)
    bring(export)
    assert comment("1").note.question == "Sure?"
    assert not kept.exists()
    assert problems() == []


def test_comments_of_a_page_are_read_under_it(bring: Bring) -> None:
    about = post(said(1), said(2, 1), said(3, comment_approved="0"), post_type="page")
    report = bring(about, post(post_id="9", post_type="page", post_name="empty"))
    assert report.count("comment_on_page") == comments().count() == 3
    shown = html("/ferry/")
    assert f'id="c{comment("1").pk}"' in shown
    assert "This discussion is closed." in shown
    assert "<textarea" not in shown
    assert "Words of 3." not in shown
    assert 'id="discussion"' not in html("/empty/")
    response = get(f"/c/{comment('2').pk}/")
    assert response.status_code == 200
    assert 'href="/ferry/' in response.content.decode()
    again = row_counts()
    bring(about, post(post_id="9", post_type="page", post_name="empty"))
    assert row_counts() == again
    assert [line for check in checks() for line in check.run()] == []


def test_the_comments_of_a_page_are_where_the_page_is(bring: Bring) -> None:
    bring(post(said(1), post_type="page"))
    number = comment("1").pk
    found = page("ferry")
    found.slug = "boat"
    found.save_revision().publish()
    assert f'id="c{number}"' in html("/boat/")
    assert 'href="/boat/' in html(f"/c/{number}/")
    found.unpublish()
    assert get(f"/c/{number}/").status_code == 404
    model("Thread", "discussion").objects.update(hidden_at=None)
    assert [line for check in checks() for line in check.run()]
    operations.repair(site="main", now=datetime(2026, 6, 12, tzinfo=UTC))
    assert get(f"/c/{number}/").status_code == 404
    page("boat").save_revision().publish()
    assert f'id="c{number}"' in html("/boat/")


def test_comments_of_a_page_that_is_a_draft_wait(bring: Bring) -> None:
    report = bring(post(said(1), post_type="page", status="draft"))
    assert (comment("1").state, report.count("comment_hidden")) == ("held", 1)
    assert get(f"/c/{comment('1').pk}/").status_code == 404


def test_dates_fall_back_to_local_time_and_then_to_the_story(bring: Bring, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    zero = {"comment_date_gmt": "0000-00-00 00:00:00"}
    report = bring(
        post(
            said(1, comment_date="2025-07-01 12:00:00", **zero),
            said(2, comment_date="", **zero),
        )
    )
    assert comment("1").created_at == datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert comment("2").created_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert report.count("comment_date") == 1


def test_new_comments_of_a_later_export_come_in_and_decisions_here_stay(bring: Bring) -> None:
    bring(post(said(1), said(2, comment_approved="0")))
    comment("2").__class__.objects.filter(pk=comment("2").pk).update(
        state="published", held_at=None, published_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    report = bring(post(said(1), said(2, comment_approved="0"), said(3, 1)))
    assert report.outcome("comment", "new") == 1
    assert comment("2").state == "published"
    assert comment("3").parent == comment("1")


def test_counters_are_right(bring: Bring) -> None:
    from broadsheet.discussion.api import checks

    tree = [said(n, n // 2, comment_approved="0" if n % 7 == 0 else "1") for n in range(1, 40)]
    bring(post(*tree))
    assert [line for check in checks() for line in check.run()] == []


def _aliases() -> Any:
    return model("CommentAlias", "discussion").objects.select_related("comment")


def test_typed_quotations_are_tied_once_to_what_they_are_taken_from(bring: Bring) -> None:
    answer = "<blockquote>the boat waits ten minutes for the hospital</blockquote>\n\nSince when?"
    file = post(
        said(1, comment_content="As we know, the boat waits ten minutes for the hospital."),
        said(2, 1, comment_content=answer),
        said(3, comment_content="> no markdown there, and nobody said it either"),
    )
    assert bring(file).outcome("quotation", "tied") == 1
    quote = model("Quote", "discussion").objects.get()
    assert (quote.comment_id, quote.source_id) == (comment("2").pk, comment("1").pk)
    assert quote.origin == "matching"
    again = bring(file)
    assert again.outcome("quotation", "tied") == 0
    assert "Typed quotations" not in again.markdown()
