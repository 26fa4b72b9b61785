"""Every permission, for each of the cast; and the small arithmetic of names and paths."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.discussion.rules import deciding, importing, paths, posting, texts, voting
from broadsheet.discussion.rules.policy import Policy
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import Refused, Verdict
from people import Cast

OK = ""
EVERYBODY = (
    "owner",
    "editor",
    "reporter",
    "moderator",
    "reader",
    "guest",
    "banned_reader",
    "stranger",
)


def code(verdict: Verdict) -> str:
    return verdict.code if isinstance(verdict, Refused) else OK


WRITING = dict.fromkeys(EVERYBODY, OK) | {
    "banned_reader": "banned",
    "stranger": "unknown_person",
}
MODERATING = {
    "owner": OK,
    "editor": OK,
    "moderator": OK,
    "reporter": "not_a_moderator",
    "reader": "not_a_moderator",
    "guest": "not_a_moderator",
    "banned_reader": "banned",
    "stranger": "not_a_moderator",
}


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_post(actors: Cast[Actor], name: str) -> None:
    actor = actors[name]
    assert code(posting.may_write(actor=actor)) == WRITING[name]
    assert code(posting.may_post(actor=actor, closed=False, parent=None)) == WRITING[name]
    there = posting.Parent(same_thread=True, published=True)
    assert code(posting.may_post(actor=actor, closed=False, parent=there)) == WRITING[name]


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_posts_into_a_closed_thread_or_below_what_is_gone(
    actors: Cast[Actor], name: str
) -> None:
    actor = actors[name]
    closed = posting.may_post(actor=actor, closed=True, parent=None)
    assert code(closed) == (WRITING[name] or "closed")
    for parent in (posting.Parent(True, False), posting.Parent(False, True)):
        refused = posting.may_post(actor=actor, closed=False, parent=parent)
        assert code(refused) == (WRITING[name] or "parent_gone")


@pytest.mark.parametrize("name", EVERYBODY)
def test_whose_comments_wait(actors: Cast[Actor], name: str) -> None:
    staff = name in {"owner", "editor", "reporter", "moderator"}

    def why(policy: Policy, *, known: bool, has_link: bool) -> str:
        return posting.hold_reason(
            actor=actors[name], policy=policy, known=known, has_link=has_link
        )

    assert why(Policy(), known=False, has_link=True) == ("" if staff else "first_comment")
    assert why(Policy(), known=True, has_link=True) == ("" if staff else "link")
    assert why(Policy(), known=True, has_link=False) == ""
    assert why(Policy(hold_first=False, hold_links=False), known=False, has_link=True) == ""


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_vote(actors: Cast[Actor], name: str) -> None:
    def vote(
        *,
        owner: str = "device:author",
        published: bool = True,
        closed: bool = False,
        value: int = 1,
    ) -> str:
        return code(
            voting.may_vote(
                actor=actors[name], owner=owner, published=published, closed=closed, value=value
            )
        )

    assert vote() == vote(value=-1) == vote(value=0) == WRITING[name]
    assert vote(value=2) == "vote_value"
    assert vote(owner=actors[name].id) == (WRITING[name] or "own_comment")
    assert vote(published=False) == (WRITING[name] or "comment_gone")
    assert vote(closed=True) == (WRITING[name] or "closed")


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_decide(actors: Cast[Actor], name: str) -> None:
    def decide(state: str, verb: str, rule: str = "", reason: str = "") -> str:
        return code(
            deciding.may_decide(
                actor=actors[name], state=state, verb=verb, rule=rule, reason=reason
            )
        )

    allowed = MODERATING[name]
    assert code(deciding.may_moderate(actor=actors[name])) == allowed
    assert code(deciding.may_close(actor=actors[name])) == allowed
    assert decide("held", "publish") == allowed
    assert decide("published", "hold") == allowed
    assert decide("published", "remove", "hate") == allowed
    assert decide("held", "remove", "other", "Sold under the counter.") == allowed
    assert decide("removed", "restore") == allowed
    assert decide("published", "publish") == (allowed or "already_decided")
    assert decide("removed", "remove", "hate") == (allowed or "already_decided")
    assert decide("held", "remove") == (allowed or "rule_missing")
    assert decide("held", "remove", "first_comment") == (allowed or "rule_missing")
    assert decide("held", "remove", "other") == (allowed or "reason_missing")
    assert decide("held", "publish", "", "x" * 1001) == (allowed or "reason_too_long")
    assert decide("held", "explode") == (allowed or "unknown_verb")


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_erase_and_import(actors: Cast[Actor], name: str) -> None:
    actor = actors[name]
    others = "" if name in {"owner", "editor"} else "not_yours"
    assert code(deciding.may_erase(actor=actor, owner="account:somebody")) == others
    assert code(deciding.may_erase(actor=actor, owner=actor.id)) == OK
    imports = "" if name == "owner" else "not_yours"
    assert code(importing.may_import(actor=actor)) == imports


@pytest.mark.parametrize(
    ("name", "voice"),
    [("owner", "newsroom"), ("reporter", "newsroom"), ("moderator", "moderator"), ("reader", "")],
)
def test_voices(actors: Cast[Actor], name: str, voice: str) -> None:
    assert posting.voice_of(actor=actors[name]) == voice


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna   Field ", "Anna Field"),
        ("Anna\u202eevil\u202c", "Annaevil"),
        ("\u200b\u2060", ""),
        ("\u200d", ""),
        ("A\u0308nn\x00a", "Änna"),
        ("ليلى حدّاد", "ليلى حدّاد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * 200, "x" * 60),
        ("a\ud800b", "ab"),
    ],
)
def test_names_are_kept_as_they_can_be_seen(typed: str, kept: str) -> None:
    assert texts.clean_name(typed) == kept


@example("0\r\ud7fc\r0")
@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert texts.clean_name(texts.clean_name(text)) == texts.clean_name(text)
    assert texts.clean_text(texts.clean_text(text)) == texts.clean_text(text)
    texts.clean_text(text).encode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" anna@field.example ", "anna@field.example"),
        ("anna", ""),
        ("a@b.example\nbcc: c@d.example", ""),
        ("<a@b.example>", ""),
        ("a@b.example,c@d.example", ""),
    ],
)
def test_addresses_that_could_be_written_to(typed: str, kept: str) -> None:
    assert texts.clean_email(typed) == kept


def test_a_name_makes_a_persona_of_a_device_and_capitals_do_not_make_another() -> None:
    anna = texts.persona_key(owner="device:x", name="Anna Field")
    assert anna.startswith("device:x#")
    assert texts.persona_key(owner="device:x", name="ANNA  field") == anna
    assert texts.persona_key(owner="device:x", name="Bo") != anna
    assert texts.persona_key(owner="device:x", name="") == "device:x"


@given(st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=40))
def test_paths_put_answers_after_what_they_answer(choices: list[int]) -> None:
    """Random trees: every path is bounded and unique, and sorts after its parent's."""
    made = {1: b""}
    parents = {1: 0}
    for number, choice in enumerate(choices, start=2):
        parent = sorted(made)[choice % len(made)]
        made[number] = paths.path_of(number=number, parent_path=made[parent])
        parents[number] = parent
    assert len(set(made.values())) == len(made)
    for number, path in made.items():
        assert len(path) <= paths.LEVELS * paths.WIDTH
        if number == 1:
            continue
        assert paths.ids_of(path)[-1] == number
        assert path > made[parents[number]]
        if paths.holds_subtree(made[parents[number]]) and made[parents[number]]:
            assert path <= paths.end_of_subtree(made[parents[number]])
