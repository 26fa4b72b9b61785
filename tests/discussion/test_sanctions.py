"""Stopping a person: what each limit stops, whom it reaches, when it ends, who may, and undoing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Decision, Sanction
from broadsheet.discussion.rules.sanctioning import ALONE_FOR, KINDS, NETWORK_FOR, NETWORK_KEPT
from broadsheet.kit.actor import Actor
from discussion.making import OPEN, Room, guest, moderator, open_room, problems, reader, row
from discussion.test_posting import queries_of
from discussion.test_queue import MAY, refused
from people import Cast

MONA, BO = moderator(), moderator("Bo Quist")
WITH_NETWORKS = api.Policy(hold_first=False, hold_links=False, keep_network=True)
DAYS = {"suspend": 3}


def limit(
    room: Room, number: int, kind: str, *, by: Actor = MONA, others: bool = False, **more: Any
) -> api.Limited:
    """Let something hold for the author of a comment; a moderator does so with `others` there."""
    given: dict[str, Any] = {"rule": "hate", "reason": "", "days": DAYS.get(kind)}
    wanted = api.Wanted(kind, **(given | {"minutes": 30 if kind == "slow_author" else 0} | more))
    return api.limit_person(
        actor=by, comment_id=number, wanted=wanted, now=room.tick(), colleagues=others
    )


def code(call: object) -> str:
    return refused(call)


# -- what each stops --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "here", "elsewhere", "vote", "edit"),
    [
        ("warn", "limited_warn", "limited_warn", "", ""),
        ("hold_author", "held", "held", "", "held"),
        ("mute", "limited_mute", "", "", "limited_mute"),
        ("slow_author", "limited_slow_author", "limited_slow_author", "", ""),
        ("suspend", "limited_suspend", "limited_suspend", "limited_suspend", "limited_suspend"),
        ("ban", "limited_ban", "limited_ban", "limited_ban", "limited_ban"),
    ],
)
def test_what_each_stops(
    room: Room, kind: str, here: str, elsewhere: str, vote: str, edit: str
) -> None:
    other = open_room(now=room.now, key="quay")
    device, target = guest(), room.post("Something.").number
    number = room.post("Rude.", by=device, name="Max").number
    limit(room, number, kind)

    def outcome(at: Room, name: str) -> str:
        at.now = room.now
        try:
            posted = at.post("Again.", by=device, name=name)
        except Exception as error:  # noqa: BLE001 - its code is what is looked at
            return str(error)
        return "held" if posted.state == "held" else ""

    # Another name is no way round.
    assert outcome(room, "Moritz") == here
    assert outcome(other, "Max") == elsewhere
    assert code(lambda: room.vote(target, 1, by=device)) == vote
    edited = ""
    try:
        edited = room.edit(number, "Ruder.", by=device).state.replace("published", "")
    except Exception as error:  # noqa: BLE001 - as above
        edited = str(error)
    assert edited == edit
    # One's own may always be taken back, and reports are always heard.
    room.report(target, by=device)
    room.withdraw(number, by=device)
    assert room.post("Somebody else.").state == "published"
    assert problems() == []


def test_a_warning_ends_when_it_was_read(room: Room) -> None:
    device = guest()
    done = limit(room, room.post(by=device).number, "warn", reason="Stop it.")
    assert code(lambda: room.post("Once more.", by=device)) == "limited_warn"
    assert (
        code(lambda: room.post("Once more.", by=device, warning=done.limit + 1)) == "limited_warn"
    )
    assert room.post("Once more.", by=device, warning=done.limit).state == "published"
    assert room.post("And again.", by=device).state == "published"
    again = limit(room, room.post("Rude.", by=device).number, "warn")
    with pytest.raises(api.UnknownSanctionError):
        api.acknowledge_warning(actor=guest(), limit=again.limit, now=room.now)
    api.acknowledge_warning(actor=device, limit=again.limit, now=room.now)
    api.acknowledge_warning(actor=device, limit=again.limit, now=room.now)
    assert room.post("At last.", by=device).state == "published"
    # Nothing but a warning is ended by its reader.
    banned = limit(room, room.post("Worse.", by=device).number, "ban")
    with pytest.raises(api.UnknownSanctionError):
        api.acknowledge_warning(actor=device, limit=banned.limit, now=room.now)
    assert code(lambda: room.post("Now?", by=device, warning=banned.limit)) == "limited_ban"


def test_who_is_slowed_down_waits_as_long_as_they_are_told(room: Room) -> None:
    device = guest()
    limit(room, room.post(by=device).number, "slow_author", minutes=30)
    with pytest.raises(Exception, match="limited_slow_author") as caught:
        room.post("Too soon.", by=device)
    seconds = dict(caught.value.verdict.facts)["seconds"]
    room.now += timedelta(seconds=int(seconds) - 60)
    assert room.post("In time.", by=device).state == "published"
    assert code(lambda: room.post("Too soon again.", by=device)) == "limited_slow_author"


@pytest.mark.parametrize("kind", ["hold_author", "mute", "slow_author", "suspend"])
def test_it_ends_by_itself(room: Room, kind: str) -> None:
    device = guest()
    limit(room, room.post(by=device).number, kind, days=2)
    room.now += timedelta(days=2)
    assert room.post("Back.", by=device).state == "published"


# -- whom it reaches --------------------------------------------------------------------------


def test_by_mail_it_reaches_another_device(room: Room) -> None:
    mail = {"name": "Max", "email": "max@example.org"}
    limit(room, room.post(**mail).number, "ban", mail=True)
    assert code(lambda: room.post("Here again.", **mail)) == "limited_ban"
    assert code(lambda: room.post("Louder.", name="M", email="MAX@example.org ")) == "limited_ban"
    account = replace(reader("Max"), email="max@example.org")
    assert code(lambda: room.post("By account.", by=account)) == "limited_ban"
    assert room.post("Somebody else.", name="Max", email="m@example.org").state == "published"
    stored = Sanction.objects.get()
    assert stored.mail
    assert "example" not in stored.mail


def test_by_network_it_reaches_newcomers_for_a_while(room: Room) -> None:
    bad = replace(guest(), network="198.51.100.0/24")
    without = room.post("Not kept.", by=bad).number
    assert code(lambda: limit(room, without, "ban", network=True)) == "limit_no_network"
    number = room.post("Kept.", by=bad, policy=WITH_NETWORKS).number
    assert row(number).network
    assert "198" not in (row(number).network or "")
    limit(room, number, "ban", network=True)
    neighbour = replace(guest(), network="198.51.100.0/24")
    assert code(lambda: room.post("Hi.", by=neighbour)) == "limited_ban"
    assert room.post("From elsewhere.").state == "published"
    room.now += NETWORK_FOR
    assert room.post("Later.", by=neighbour).state == "published"
    assert code(lambda: room.post("Me?", by=bad)) == "limited_ban"


def test_networks_are_forgotten(room: Room) -> None:
    device = guest()
    number = room.post(by=device, policy=WITH_NETWORKS).number
    limit(room, number, "ban", network=True)
    assert api.forget_networks(now=room.now) == 0
    room.now += NETWORK_KEPT
    assert api.forget_networks(now=room.now) == 1
    room.now += NETWORK_FOR
    assert api.forget_networks(now=room.now) == 1
    assert not Comment.objects.exclude(network=None).exists()
    assert not Sanction.objects.exclude(network="").exists()


def test_staff_are_never_limited(room: Room, actors: Cast[Actor]) -> None:
    ours = room.post("Ours.", by=actors.editor).number
    assert code(lambda: limit(room, ours, "warn")) == "limit_staff"
    number = room.post("Before they worked here.", by=reader("Nils")).number
    wanted = api.Wanted("warn", "hate", "")
    staff = {"account:nils"}
    assert (
        code(
            lambda: api.limit_person(
                actor=MONA, comment_id=number, wanted=wanted, now=room.now, staff=staff
            )
        )
        == "limit_staff"
    )
    # Who begins to work here is free of what held before.
    limit(room, number, "ban")
    assert room.post("Now I do.", by=moderator("Nils")).state == "published"
    assert room.vote(room.post("x").number, 1, by=moderator("Nils")).up == 1


def test_erasing_somebody_forgets_how_they_were_reached(room: Room) -> None:
    device = guest()
    number = room.post(by=device, name="Max", email="m@example.org", policy=WITH_NETWORKS).number
    limit(room, number, "ban", mail=True, network=True)
    api.erase_participant(actor=device, participant=row(number).author.uuid, now=room.tick())
    stored = Sanction.objects.get()
    assert (stored.mail, stored.network, stored.owner[:7]) == ("", "", "erased:")
    assert row(number).network is None
    assert problems() == []


# -- what it costs ----------------------------------------------------------------------------


def test_a_post_and_a_vote_cost_no_query_more(room: Room) -> None:
    rhea, device = reader("Rhea"), guest()
    number = room.post("First.", by=rhea).number
    room.post("Mine.", by=device, name="Max")
    limit(room, number, "mute", days=1)
    before = queries_of(lambda: room.post("Second.", by=device, name="Max"))
    assert before == 5
    # One more for whom something holds, and another one for when they posted last.
    other = open_room(now=room.now, key="quay")
    assert queries_of(lambda: other.post("Elsewhere.", by=rhea)) == before + 1
    # A new name on a known device asks nothing of its own any more.
    assert queries_of(lambda: room.post("Third.", by=device, name="Moritz")) == before + 1
    assert queries_of(lambda: room.vote(number, 1, by=device)) == 4


# -- deciding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "outcome"), MAY.items())
def test_who_may_limit_lift_and_confirm(
    room: Room, actors: Cast[Actor], name: str, outcome: str
) -> None:
    actor = actors[name]
    number = room.post("Rude.", by=guest("rude")).number
    held = limit(room, number, "mute", by=BO)
    waits = limit(room, number, "ban", by=BO, others=True)
    assert waits.waits
    verbs = {
        **{
            kind: (lambda kind=kind: limit(room, number, kind, by=actor))
            for kind in ("warn", "slow_author")
        },
        "confirm": lambda: api.confirm_limit(actor=actor, limit=waits.limit, now=room.now),
        "lift": lambda: api.lift_limit(actor=actor, limit=held.limit, reason="", now=room.now),
        "undo": lambda: api.undo_decision(actor=actor, sequence=waits.sequence, now=room.now),
    }
    assert {verb: code(call) for verb, call in verbs.items()} == dict.fromkeys(verbs, outcome)
    assert problems() == []


@pytest.mark.parametrize(
    ("kind", "more", "outcome"),
    [
        ("exile", {}, "limit_kind"),
        ("suspend", {"days": None}, "limit_no_end"),
        ("suspend", {"days": 366}, "limit_days"),
        ("mute", {"days": 0}, "limit_days"),
        ("slow_author", {"minutes": 0}, "limit_minutes"),
        ("slow_author", {"minutes": 1441}, "limit_minutes"),
        ("warn", {"rule": ""}, "rule_missing"),
        ("warn", {"rule": "other"}, "reason_missing"),
        ("warn", {"reason": "x" * 1001}, "reason_too_long"),
        ("warn", {"rule": "other", "reason": "Because."}, ""),
    ],
)
def test_what_a_limit_needs(room: Room, kind: str, more: dict[str, Any], outcome: str) -> None:
    number = room.post("Rude.").number
    assert code(lambda: limit(room, number, kind, **more)) == outcome


def test_nobody_decides_about_what_concerns_them(room: Room) -> None:
    top = room.post("Mine.", by=MONA).number
    answer = room.post("Rude.", to=top).number
    assert code(lambda: limit(room, answer, "warn")) == "concerns_answers"
    done = limit(room, answer, "warn", by=BO)
    lift = {"limit": done.limit, "reason": "", "now": room.now}
    assert code(lambda: api.lift_limit(actor=MONA, **lift)) == "concerns_answers"


def test_the_second_of_two_moderators_is_told(room: Room) -> None:
    device = guest()
    one, two = room.post("One.", by=device).number, room.post("Two.", by=device, name="M").number
    first = limit(room, one, "suspend")
    assert code(lambda: limit(room, two, "suspend", by=BO)) == "limit_there"
    # What is graver may come beside it.
    limit(room, two, "ban", by=BO)
    api.lift_limit(actor=BO, limit=first.limit, reason="Enough.", now=room.tick())
    again = {"limit": first.limit, "reason": "", "now": room.now}
    assert code(lambda: api.lift_limit(actor=MONA, **again)) == "limit_over"
    with pytest.raises(api.UnknownSanctionError):
        api.lift_limit(actor=MONA, limit=10**12, reason="", now=room.now)
    assert problems() == []


def test_who_is_excluded_by_a_moderator_alone_is_so_for_a_week(room: Room) -> None:
    device = guest()
    done = limit(room, room.post(by=device).number, "ban", others=True)
    assert done.until == room.now + ALONE_FOR
    confirm = {"limit": done.limit, "now": room.now}
    assert code(lambda: api.confirm_limit(actor=MONA, **confirm)) == "limit_confirm_own"
    room.now += ALONE_FOR
    assert room.post("Back.", by=device).state == "published"
    assert code(lambda: api.confirm_limit(actor=BO, limit=done.limit, now=room.now)) == "limit_over"


def test_a_colleague_makes_it_what_was_asked(room: Room, actors: Cast[Actor]) -> None:
    device = guest()
    number = room.post(by=device).number
    done = limit(room, number, "ban", others=True)
    api.confirm_limit(actor=BO, limit=done.limit, now=room.tick())
    assert code(lambda: api.confirm_limit(actor=BO, limit=done.limit, now=room.now)) == "limit_over"
    room.now += timedelta(days=1000)
    assert code(lambda: room.post("Back?", by=device)) == "limited_ban"
    # Owner and editor answer for it alone, and so does who has nobody to ask.
    for by, others in ((actors.owner, True), (actors.editor, True), (MONA, False)):
        other = room.post("Rude.").number
        assert not limit(room, other, "ban", by=by, others=others).waits
    short = limit(room, room.post("x").number, "suspend", days=7, others=True)
    long = limit(room, room.post("y").number, "suspend", days=8, others=True)
    assert (short.waits, long.waits) == (False, True)
    assert problems() == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_a_decision_that_can_be_undone(room: Room, kind: str) -> None:
    device = guest()
    number = room.post("Rude.", by=device).number
    done = limit(room, number, kind)
    decision = Decision.objects.get(sequence=done.sequence)
    assert (decision.verb, decision.rule, decision.comment_id) == (kind, "hate", number)
    undone = {"sequence": done.sequence, "now": room.now}
    api.undo_decision(actor=BO, **undone)
    assert code(lambda: api.undo_decision(actor=BO, **undone)) == "already_undone"
    assert room.post("Free.", by=device).state == "published"
    again = limit(room, number, kind)
    lifted = api.lift_limit(actor=BO, limit=again.limit, reason="", now=room.tick())
    assert code(lambda: api.undo_decision(actor=BO, sequence=again.sequence, now=room.now)) == (
        "decided_since"
    )
    # That it was lifted can be undone, too.
    api.undo_decision(actor=MONA, sequence=lifted.sequence, now=room.tick())
    assert Sanction.objects.get(pk=again.limit).ended_at is None
    assert problems() == []


def test_the_checks_see_what_is_wrong(room: Room) -> None:
    done = limit(room, room.post("Rude.").number, "ban")
    api.lift_limit(actor=BO, limit=done.limit, reason="", now=room.tick())
    Sanction.objects.update(ended_at=None)
    assert problems() == [f"limit {done.limit} was lifted, and holds"]
    Sanction.objects.all().delete()
    assert problems() == [f"decision {done.sequence} limits somebody, and nothing says whom"]


def test_the_question_finds_by_indexes(room: Room) -> None:
    """With thousands of limits that are over it is no scan of them."""
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: there the plan names each index")
    from broadsheet.discussion.sanctions.in_force import LIMITED, reached

    with connection.cursor() as cursor:
        values = reached(actor=guest(), email="a@example.org").asked(room.now)
        cursor.execute(f"EXPLAIN QUERY PLAN SELECT {LIMITED}", values)
        plan = " ".join(str(line[-1]) for line in cursor.fetchall())
    assert "SCAN s" not in plan
    for name in ("sanction_owner", "sanction_mail", "sanction_network"):
        assert name in plan


def test_owner_alone_decides_about_what_concerns_them(room: Room, actors: Cast[Actor]) -> None:
    top = room.post("Mine.", by=actors.owner).number
    answer = room.post("Rude.", to=top, policy=OPEN).number
    wanted = api.Wanted("warn", "hate", "")
    done = api.limit_person(
        actor=actors.owner, comment_id=answer, wanted=wanted, now=room.now, alone=True
    )
    assert done.number == answer
