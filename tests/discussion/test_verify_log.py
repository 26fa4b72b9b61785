"""A log that was altered, cut, added to or reordered is found; an erased one is whole."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import Message
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.http import log as pages
from broadsheet.discussion.models import Decision, DecisionReason
from broadsheet.discussion.moderation.erasing import erase_decisions
from broadsheet.discussion.rules.entries import entry_of
from broadsheet.kit import verify_log
from broadsheet.kit.actor import system
from broadsheet.kit.chain import GENESIS, link
from broadsheet.kit.verify_log import verify
from broadsheet.site.cli import main
from discussion.making import Room, guest, moderator, problems

VERBS = ("remove", "publish", "hold", "undo", "pin")
RULES = ("", "hate", "other", "note:7", "decision:1", "first_comment")


def a_log(kinds: list[tuple[int, int]]) -> list[dict[str, object]]:
    """Link entries of these verbs and rules."""
    previous, lines = GENESIS, []
    for number, (verb, rule) in enumerate(kinds, 1):
        entry = entry_of(
            number=number,
            at=datetime(2026, 6, 12, tzinfo=UTC) + timedelta(minutes=number // 3),
            verb=VERBS[verb],
            rule=RULES[rule],
            rules=1 if RULES[rule] in {"hate", "other"} else None,
            role="system" if number % 4 else "moderator",
            commitment=bytes([number % 256]) * 32,
        )
        previous = link(previous=previous, payload=entry)
        lines.append({**entry, "hash": previous.hex()})
    return lines


def written(lines: list[dict[str, object]]) -> list[str]:
    return [json.dumps(line) for line in lines]


logs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=30).map(a_log)
CHANGES = {
    "at": "2026-06-11T00:00Z",
    "by": "author",
    "commitment": "00" * 32,
    "number": 999,
    "refers": 12345,
    "rule": "house_new",
    "rules": 77,
    "verb": "erase",
    "hash": "ab" * 32,
}


@given(logs)
def test_a_log_as_it_was_linked_is_whole(lines: list[dict[str, object]]) -> None:
    found = verify(written(lines))
    assert (found.is_whole, found.size, found.hash) == (True, len(lines), lines[-1]["hash"])
    for size in range(1, len(lines) + 1):
        assert verify(written(lines), f"{size}:{lines[size - 1]['hash']}").is_whole


@given(logs, st.data())
def test_any_alteration_is_found_at_its_entry(
    lines: list[dict[str, object]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    name = data.draw(st.sampled_from(sorted(CHANGES)))
    altered = [*lines[:at], lines[at] | {name: CHANGES[name]}, *lines[at + 1 :]]
    assert verify(written(altered)).number == at + 1
    assert not verify(written([*lines[:at], lines[at] | {"more": 1}, *lines[at + 1 :]])).is_whole
    rest = {key: value for key, value in lines[at].items() if key != name}
    assert verify(written([*lines[:at], rest, *lines[at + 1 :]])).number == at + 1


@pytest.mark.parametrize("line", ["[" * 200_000, '{"number": ' + "9" * 5_000 + "}", "nonsense"])
def test_what_is_no_entry_is_said_to_be_none(line: str) -> None:
    assert verify([line]).problem == "in place of entry 1 stands what is no entry"


@given(logs, st.data())
def test_what_is_left_out_put_in_or_moved_is_found(
    lines: list[dict[str, object]], data: st.DataObject
) -> None:
    head = f"{len(lines)}:{lines[-1]['hash']}"
    at = data.draw(st.integers(0, len(lines) - 1))
    found = verify(written([*lines[:at], *lines[at + 1 :]]), head)
    assert found.number == at + 1, "dropped, the last one too, where a head is known"
    twice = data.draw(st.integers(0, len(lines) - 1))
    assert verify(written([*lines[:at], lines[twice], *lines[at:]])).number in {at + 1, at + 2}
    order = data.draw(st.permutations(range(len(lines))))
    first = next((n for n, old in enumerate(order) if n != old), None)
    moved = verify(written([lines[n] for n in order]))
    assert moved.number == (0 if first is None else first + 1)


@given(logs, st.data())
def test_a_log_that_was_linked_anew_is_not_that_of_an_older_head(
    lines: list[dict[str, object]], data: st.DataObject
) -> None:
    """Who alters an entry and all links after it deceives nobody who wrote one of them down."""
    at = data.draw(st.integers(0, len(lines) - 1))
    previous = bytes.fromhex(str(lines[at - 1]["hash"])) if at else GENESIS
    forged = list(lines[:at])
    for number, line in enumerate(lines[at:], at):
        entry = {key: value for key, value in line.items() if key != "hash"}
        entry |= {"verb": "erase"} if number == at else {}
        previous = link(previous=previous, payload=entry)  # type: ignore[arg-type]  # scalars
        forged.append({**entry, "hash": previous.hex()})
    assert verify(written(forged)).is_whole
    known = data.draw(st.integers(at, len(lines) - 1))
    found = verify(written(forged), f"{known + 1}:{lines[known]['hash']}")
    assert found.number == known + 1


@given(st.lists(st.one_of(st.text(), st.just("[]"), st.just("{}"), st.just('{"number":1}'))))
def test_no_file_is_too_strange(lines: list[str]) -> None:
    found = verify(lines)
    assert found.is_whole == (not any(line.strip() for line in lines))


def test_a_head_that_is_none_is_refused() -> None:
    for head in ("x", "12", "12:abc", ":", "-1:" + "0" * 64):
        with pytest.raises(ValueError, match="is no head"):
            verify([], head)


def an_evening(room: Room) -> list[int]:
    device = guest()
    numbers = [room.post(f"n {n}", by=device).number for n in range(4)]
    for number in numbers[:3]:
        room.decide(number, "remove", rule="hate", reason="He lives in Mill Lane: ü.")
    api.undo_decision(actor=moderator(), sequence=2, now=room.tick())
    return numbers


@pytest.mark.slow
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # what it writes is rolled back
)
@given(erased=st.sets(st.integers(1, 5)))
def test_every_erasure_keeps_the_log_valid(erased: set[int], room: Room) -> None:
    with transaction.atomic():
        an_evening(room)
        before = [json.dumps(line) for line in api.log_lines()]
        head = verify(before).head
        erase_decisions(actor=system(name="erasure"), numbers=erased, now=room.tick())
        after = [json.dumps(line) for line in api.log_lines()]
        assert after[: len(before)] == before, "nothing that was public changed"
        assert verify(after, head).is_whole
        assert problems() == []
        kept = Decision.objects.filter(key__isnull=False, sequence__lte=len(before))
        assert set(kept.values_list("sequence", flat=True)).isdisjoint(erased)
        transaction.set_rollback(True)


def test_an_erasure_that_nobody_took_is_found(room: Room) -> None:
    an_evening(room)
    DecisionReason.objects.filter(decision__sequence=2).delete()
    Decision.objects.filter(sequence=2).update(key=None)
    said = "decision 2 has no key, and no entry of the log says that it was erased"
    assert problems() == [said]
    with transaction.atomic():
        erase_decisions(actor=system(name="erasure"), numbers=[1, 3], now=room.tick())
    Decision.objects.filter(sequence=3).update(actor_id="account:another")
    assert problems() == ["what remained of decisions 1 3 was changed since", said]


def test_who_is_forgotten_is_forgotten_in_the_moderators_words_too(room: Room) -> None:
    device = guest()
    mine = room.post("mine", by=device, name="Anna").number
    other = room.post("other").number
    for number in (mine, other):
        room.decide(number, "remove", rule="hate", reason="Anna again.")
    author = api.queue_item(number=mine, actor=moderator(), now=room.now)
    assert author is not None
    person = Decision.objects.get(sequence=1).comment.author.uuid  # type: ignore[union-attr]  # it has one
    api.erase_participant(actor=device, participant=person, now=room.tick())
    left = DecisionReason.objects.exclude(text="").values_list("decision__sequence", flat=True)
    assert list(left) == [2]
    assert Decision.objects.get(sequence=1).key is None
    assert problems() == []


def test_the_export_comes_in_parts_and_the_program_reads_it(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    an_evening(room)
    monkeypatch.setattr(pages, "TOGETHER", 3)
    client, after, lines = Client(), 0, []
    while part := client.get("/moderation/log.jsonl", {"after": after}).content.decode():
        lines += part.splitlines()
        after = json.loads(lines[-1])["number"]
    assert len(lines) == 4
    for secret in ("Mill Lane", "account:", "device:"):
        assert secret not in "".join(lines)
    file = tmp_path / "log.jsonl"
    file.write_text("\n".join(lines) + "\n")
    program = tmp_path / "verify_log.py"
    program.write_bytes(client.get("/moderation/verify_log.py").content)
    head = api_head()

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run(str(file), head) == (0, f"whole\n{head}\n")
    file.write_text(file.read_text().replace('"verb": "undo"', '"verb": "publish"'))
    assert run(str(file))[0] == 1
    assert "entry 4 was altered" in run(str(file))[1]
    assert run(str(tmp_path / "none"))[0] == 2
    assert run()[0] == 2


def api_head() -> str:
    return verify(json.dumps(line) for line in api.log_lines()).head


def test_the_command(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    an_evening(room)
    monkeypatch.setattr("broadsheet.site.cli.commands.start_django", lambda: None)
    head = api_head()
    run = CliRunner().invoke
    assert run(main, ["verify-log"]).output == f"whole: {head}\n"
    assert run(main, ["verify-log", "--head", head]).exit_code == 0
    Decision.objects.filter(sequence=3).update(verb="publish")
    wrong = run(main, ["verify-log"])
    assert (wrong.exit_code, "entry 3 was altered" in wrong.output) == (1, True)
    assert run(main, ["verify-log", str(tmp_path / "none")]).exit_code == 1
    assert run(main, ["verify-log", "--head", "x"]).exit_code == 1


def test_an_address_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = written(a_log([(0, 1)] * 7))

    def urlopen(asked: object, timeout: int) -> BytesIO:
        after = int(asked.full_url.partition("after=")[2])  # type: ignore[attr-defined]  # a Request
        assert timeout
        return BytesIO("\n".join(lines[after : after + 3]).encode())

    monkeypatch.setattr(verify_log, "urlopen", urlopen)
    source = "https://post.example/moderation/log.jsonl"
    assert verify(verify_log.lines_of(source)).size == 7


def test_an_address_that_is_no_log_is_said_with_what_to_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def urlopen(asked: Request, **_: object) -> BytesIO:
        raise HTTPError(asked.full_url, 404, "Not Found", Message(), None)

    monkeypatch.setattr(verify_log, "urlopen", urlopen)
    with pytest.raises(ValueError, match=r"post\.example.* answered 404: .*log\.jsonl"):
        list(verify_log.lines_of("https://post.example/"))
