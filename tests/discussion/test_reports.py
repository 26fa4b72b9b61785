"""Reports: who, about what, and how moderators answer them."""

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Decision, Report
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from discussion.test_posting import queries_of


def test_one_open_report_a_person_and_comment(room: Room) -> None:
    device = guest()
    number = room.post("Words.").number
    assert room.report(number, "hate", " It\x00 hurts.\r\n", by=device) == api.Reported(number)
    again = room.report(number, "off_topic", by=device)
    assert again == api.Reported(number, repeated=True)
    room.report(number, "hate")
    kept = Report.objects.order_by("pk")
    assert [(r.rule, r.words) for r in kept] == [("hate", "It hurts."), ("hate", "")]
    assert queries_of(lambda: room.report(number)) == 9, "four for the queue"


def test_what_cannot_be_reported(room: Room) -> None:
    device = guest()
    mine = room.post("Words.", by=device).number
    gone = room.post("Others.").number
    room.decide(gone, "remove")
    for number, refused in ((mine, "own_report"), (gone, "report_gone")):
        with pytest.raises(RefusalError, match=refused):
            room.report(number, by=device)
    with pytest.raises(RefusalError, match="report_rule"):
        room.report(room.post("More.").number, "first_comment")
    with pytest.raises(api.UnknownCommentError):
        room.report(10**12)
    assert not Report.objects.exists()


def test_reported_comments_come_after_what_waits_the_first_reported_first(room: Room) -> None:
    later, first, calm = (room.post(f"n{n}").number for n in range(3))
    held = room.post("waits", policy=api.Policy()).number
    room.report(first, "hate", "It hurts.")
    room.report(later, "advertising")
    room.report(first, "hate")
    room.report(first, "out_of_context", "I said the opposite.")
    assert room.waiting() == [held, first, later]
    assert room.waiting("first") == [held]
    assert room.waiting("context") == [first]
    found = room.queue("reported")
    assert found.counts == {
        "": 3,
        "held": 0,
        "first": 1,
        "reported": 2,
        "context": 1,
        "raid": 0,
        "appeal": 0,
        "notice": 0,
    }
    assert [item.number for item in found.items] == [first, later]
    reports = found.items[0].reports
    assert reports is not None
    assert (reports.count, reports.rules) == (3, (("hate", 2), ("out_of_context", 1)))
    assert reports.words == ("It hurts.", "I said the opposite.")
    assert calm not in room.waiting()
    assert "device:" not in repr(found), "who reported is nobody's business"
    assert queries_of(room.queue) <= 20


@pytest.mark.parametrize(("verb", "upheld"), [("remove", True), ("hold", True), ("dismiss", False)])
def test_a_decision_answers_the_reports(room: Room, verb: str, *, upheld: bool) -> None:
    number = room.post("Words.").number
    room.report(number)
    room.report(number)
    if verb == "dismiss":
        decided = api.dismiss_reports(
            actor=moderator(), comment_id=number, reason=" Fair. ", now=room.tick()
        )
        assert decided.state == row(number).state == "published"
        assert Decision.objects.get().reason.text == "Fair."
    else:
        room.decide(number, verb)
    assert {(r.settled_at, r.upheld) for r in Report.objects.all()} == {(room.now, upheld)}
    assert room.waiting("reported") == []
    with pytest.raises(RefusalError, match="already_decided"):
        api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=room.now)
    assert problems() == []


def test_a_reported_comment_that_waits_is_shown_once_with_its_reports(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.report(number)
    room.edit(number, "www.a.example", by=device, policy=api.Policy(hold_first=False))
    (item,) = room.queue().items
    assert item.reasons == ("held", "reported")
    assert item.reports is not None
    room.decide(number, "publish")
    assert [r.upheld for r in Report.objects.all()] == [False]


def test_erasure_forgets_who_reported(room: Room) -> None:
    device = guest()
    for number in (room.post("Words.").number, room.post("Others.").number):
        room.report(number, by=device)
    api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=room.now)
    mine = room.post("Mine.", by=device).number
    api.erase_participant(actor=device, participant=row(mine).author.uuid, now=room.now)
    assert not Report.objects.filter(reporter=device.id).exists()
    assert Report.objects.count() == 2


def test_what_was_reported_since_is_answered_by_undoing_that_it_was_restored(room: Room) -> None:
    number = room.post("Words.").number
    room.decide(number, "remove")
    restored = room.decide(number, "restore")
    room.report(number)
    api.undo_decision(actor=moderator(), sequence=restored.sequence, now=room.tick())
    report = Report.objects.get()
    assert (report.upheld, report.decision and report.decision.verb) == (True, "undo")
    assert room.waiting() == []
    assert problems() == []


def test_an_open_report_of_what_is_removed_is_found(room: Room) -> None:
    number = room.post("Words.").number
    room.decide(number, "remove")
    Report.objects.create(comment_id=number, reporter="x", rule="hate", reported_at=room.now)
    assert problems() == [
        f"comment {number} is removed, and reports of it are open",
        f"comment {number} waits for nothing in the queue; it is reported",
    ]


def test_who_was_answered_is_heard_again_about_other_words_only(room: Room) -> None:
    rhea, device = reader("Rhea"), guest()
    number = room.post("Words.", by=rhea).number
    room.report(number, by=device)
    api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=room.tick())
    with pytest.raises(RefusalError, match="report_answered"):
        room.report(number, by=device)
    room.report(number)
    api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=room.tick())
    room.edit(number, "Worse words.", by=rhea)
    assert room.report(number, by=device) == api.Reported(number)
    room.decide(number, "hold")
    room.decide(number, "publish")
    with pytest.raises(RefusalError, match="report_answered"):
        room.report(number, by=device)
    assert problems() == []
