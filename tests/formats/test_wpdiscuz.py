import pytest

from broadsheet.formats.api import (
    Comment,
    VoteTally,
    feedback_form_id,
    guest_email,
    is_closed,
    is_pinned,
    votes,
)
from formats.wxr_text import comment, export, item, only

BOTH = 'a:2:{s:4:"like";i:5;s:7:"dislike";i:2;}'


def with_meta(*metas: tuple[str, str], comment_type: str = "comment") -> Comment:
    (found,) = only(Comment, export(item(comment(*metas, comment_type=comment_type))))
    return found


@pytest.mark.parametrize(
    ("separate", "net", "tally"),
    [
        (BOTH, "3", VoteTally(5, 2, exact=True)),
        (BOTH, "", VoteTally(5, 2, exact=True)),
        ('a:2:{s:4:"like";s:1:"5";s:7:"dislike";s:1:"2";}', "3", VoteTally(5, 2, exact=True)),
        ('a:1:{s:4:"like";i:5;}', "", VoteTally(5, 0, exact=True)),
        ("", "3", VoteTally(3, 0, exact=False)),
        ("", "-4", VoteTally(0, 4, exact=False)),
        ("", " 0 ", VoteTally(0, 0, exact=False)),
        ('a:2:{s:4:"like";i:-5;s:7:"dislike";i:2;}', "3", VoteTally(3, 0, exact=False)),
        ('O:3:"Foo":0:{}', "3", VoteTally(3, 0, exact=False)),
        ("i:5;", "3", VoteTally(3, 0, exact=False)),
        ("", "", None),
        ("", "many", None),
        ("", "99999999999999999999", None),
    ],
)
def test_votes(separate: str, net: str, tally: VoteTally | None) -> None:
    found = with_meta(("wpdiscuz_votes_seperate", separate), ("wpdiscuz_votes", net))
    assert votes(found) == tally


def test_no_votes_at_all() -> None:
    assert votes(with_meta()) is None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("5f1e2d3c4b5a6@example.com", ""),
        (" 5f1e2d3c4b5a6@example.com\n", ""),
        ("5f1e2d3c4b5a@example.com", "5f1e2d3c4b5a@example.com"),
        ("anon@example.com", "anon@example.com"),
        ("5f1e2d3c4b5a6@example.org", "5f1e2d3c4b5a6@example.org"),
        ("wren@orrin.example\n\t", "wren@orrin.example"),
        ("", ""),
    ],
)
def test_addresses_of_guests(written: str, address: str) -> None:
    assert guest_email(written) == address


def test_flags() -> None:
    plain = with_meta()
    assert not is_pinned(plain)
    assert not is_closed(plain)
    assert feedback_form_id(plain) == ""
    assert is_pinned(with_meta(comment_type="wpdiscuz_sticky"))
    assert is_closed(with_meta(("wpdiscuz_closed", "1")))
    assert feedback_form_id(with_meta(("wpdiscuz_feedback_form_id", "12"))) == "12"
