"""Every permission, for each of the cast; and the small arithmetic of names and paths."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.discussion.rules import (
    deciding,
    editing,
    importing,
    paths,
    posting,
    reporting,
    texts,
    voting,
)
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
    assert why(Policy(hold_all=True), known=True, has_link=False) == ("" if staff else "all")


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_vote(actors: Cast[Actor], name: str) -> None:
    def vote(
        *,
        owner: str = "device:author",
        published: bool = True,
        closed: bool = False,
        value: int = 1,
        up_only: bool = False,
    ) -> str:
        return code(
            voting.may_vote(
                actor=actors[name],
                owner=owner,
                published=published,
                closed=closed,
                value=value,
                up_only=up_only,
            )
        )

    assert vote() == vote(value=-1) == vote(value=0) == WRITING[name]
    assert vote(value=2) == "vote_value"
    assert vote(value=-1, up_only=True) == "votes_up_only"
    assert vote(up_only=True) == vote(value=0, up_only=True) == WRITING[name]
    assert vote(owner=actors[name].id) == (WRITING[name] or "own_comment")
    assert vote(published=False) == (WRITING[name] or "comment_gone")
    assert vote(closed=True) == (WRITING[name] or "closed")


NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)


def written(owner: str, *, state: str = "published", age: int = 5, **more: bool) -> editing.Written:
    """Return a comment of that owner, `age` minutes old."""
    values = {"closed": False, "hidden": False} | more
    return editing.Written(
        owner=owner, state=state, created_at=NOW - timedelta(minutes=age), **values
    )


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_edit_and_until_when(actors: Cast[Actor], name: str) -> None:
    actor, allowed = actors[name], WRITING[name]

    def edit(comment: editing.Written, *, minutes: int = 15) -> str:
        policy = Policy(edit_minutes=minutes)
        return code(editing.may_edit(actor=actor, written=comment, policy=policy, now=NOW))

    own = actor.id
    assert edit(written("device:author")) == (allowed or "not_your_comment")
    assert edit(written(own)) == edit(written(own, state="held")) == allowed
    assert edit(written(own, state="removed")) == (allowed or "edit_gone")
    assert edit(written(own, closed=True)) == (allowed or "closed")
    assert edit(written(own, hidden=True)) == (allowed or "hidden")
    assert edit(written(own, age=14)) == allowed
    assert edit(written(own, age=15)) == (allowed or "edit_over")
    assert edit(written(own, age=0), minutes=0) == (allowed or "edit_never")
    assert edit(written(own, age=10**6), minutes=editing.ALWAYS) == allowed
    assert edit(written(own, age=-60)) == allowed, "a clock that was put back"


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_may_take_back_their_own_words_whatever_happened(
    actors: Cast[Actor], name: str
) -> None:
    def withdraw(comment: editing.Written) -> str:
        return code(editing.may_withdraw(actor=actors[name], written=comment))

    own = actors[name].id
    assert withdraw(written("device:author")) == "not_your_comment"
    assert withdraw(written(own, state="removed")) == "withdraw_gone"
    for comment in (
        written(own),
        written(own, state="held"),
        written(own, closed=True, age=10**6),
        written(own, hidden=True),
    ):
        assert withdraw(comment) == OK


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_report(actors: Cast[Actor], name: str) -> None:
    allowed = WRITING[name]

    def report(*, owner: str = "device:author", public: bool = True, hidden: bool = False) -> str:
        return code(
            reporting.may_report(actor=actors[name], owner=owner, public=public, hidden=hidden)
        )

    assert report() == allowed
    assert report(owner=actors[name].id) == (allowed or "own_report")
    assert report(public=False) == (allowed or "report_gone")
    assert report(hidden=True) == (allowed or "hidden")


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_lets_stand_and_blanks(actors: Cast[Actor], name: str) -> None:
    actor, allowed = actors[name], MODERATING[name]

    def dismiss(reports: int, reason: str = "") -> str:
        return code(deciding.may_dismiss(actor=actor, reports=reports, reason=reason))

    def blank(reason: str, *, words_left: bool = True) -> str:
        return code(deciding.may_blank(actor=actor, words_left=words_left, reason=reason))

    assert dismiss(1) == dismiss(3, "Fair comment.") == allowed
    assert dismiss(0) == (allowed or "already_decided")
    assert dismiss(1, "x" * 1001) == (allowed or "reason_too_long")
    assert blank("An address.") == allowed
    assert blank("") == (allowed or "blank_reason")
    assert blank("x" * 1001) == (allowed or "reason_too_long")
    assert blank("Again.", words_left=False) == (allowed or "already_blank")


@pytest.mark.parametrize(
    ("rule", "words", "refused"),
    [
        ("hate", "", OK),
        ("out_of_context", "I wrote the opposite.", OK),
        ("other", "It is a riddle.", OK),
        ("other", "", "report_words"),
        ("", "", "report_rule"),
        ("first_comment", "", "report_rule"),
        ("hate", "x" * 500, OK),
        ("hate", "x" * 501, "report_too_long"),
    ],
)
def test_what_a_report_says(rule: str, words: str, refused: str) -> None:
    assert code(reporting.is_fit(rule=rule, words=words)) == refused


@pytest.mark.parametrize("name", EVERYBODY)
def test_whose_edits_wait(actors: Cast[Actor], name: str) -> None:
    staff = name in {"owner", "editor", "reporter", "moderator"}

    def why(policy: Policy, *, public: bool = True, new_link: bool = True) -> str:
        return editing.hold_again(
            actor=actors[name], policy=policy, public=public, new_link=new_link
        )

    assert why(Policy()) == ("" if staff else "link")
    assert why(Policy(), new_link=False) == why(Policy(), public=False) == ""
    assert why(Policy(hold_links=False)) == ""
    everything = Policy(hold_all=True)
    assert why(everything, new_link=False) == ("" if staff else "all")
    assert why(everything, public=False) == ""


def test_what_the_vote_of_a_device_weighs(actors: Cast[Actor]) -> None:
    weights = [voting.weight_of(actor=actors.guest, earlier=n) for n in (0, 5, voting.COUNTED)]
    assert weights[:2] == [0.15, pytest.approx(0.575)]
    assert 0.98 < weights[2] < 1
    assert voting.weight_of(actor=actors.reader, earlier=0) == 1


def test_what_leaves_a_trace() -> None:
    def noticed(**more: bool) -> editing.Noticed:
        nothing = {"answered": False, "voted": False, "quoted": False, "reported": False}
        return editing.Noticed(**(nothing | more))

    assert not editing.leaves_trace(revision=1, noticed=noticed())
    assert editing.leaves_trace(revision=2, noticed=noticed())
    for what in ("answered", "voted", "quoted", "reported"):
        assert editing.leaves_trace(revision=1, noticed=noticed(**{what: True}))


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
    taken_back = deciding.may_decide(
        actor=actors[name],
        state="removed",
        verb="restore",
        rule="",
        reason="",
        in_force=editing.WITHDRAWN,
    )
    assert code(taken_back) == (allowed or "withdrawn_by_author")


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
