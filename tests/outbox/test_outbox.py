from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from broadsheet.outbox import api as outbox
from broadsheet.outbox import rules
from broadsheet.outbox.models import Message
from broadsheet.site.mail import mailers

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(now: datetime) -> Callable[..., bool]:
    def queue(**changes: Any) -> bool:
        letter = {
            "kind": "sign_in",
            "to": "ada@harbourpost.example",
            "subject": "Your code",
            "text": "It is 123456.",
            "now": now,
        }
        return outbox.queue(**(letter | changes))

    return queue


class Post:
    """Carries letters, or refuses as told."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.sent: list[outbox.Letter] = []

    def __call__(self, letter: outbox.Letter) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.sent.append(letter)


def test_a_message_is_there_with_what_it_reports_or_not_at_all(write: Callable[..., bool]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_the_worker_is_woken_when_the_transaction_commits(
    write: Callable[..., bool],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    outbox.queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert not outbox.queued.is_set()
    assert outbox.queued.is_set()


def test_a_message_with_a_key_is_queued_once(write: Callable[..., bool]) -> None:
    assert write(dedupe_key="reply:7")
    assert not write(dedupe_key="reply:7")
    assert write(dedupe_key="reply:8")
    assert write()
    assert write()
    assert Message.objects.count() == 4


def test_each_message_is_sent_once_oldest_first(write: Callable[..., bool], now: datetime) -> None:
    write(subject="First")
    write(subject="Second")
    post = Post()
    assert outbox.deliver_due(now=now, send=post) == outbox.Delivery(sent=2)
    assert outbox.deliver_due(now=now, send=post).tried == 0
    assert [letter.subject for letter in post.sent] == ["First", "Second"]


def test_what_is_not_due_waits(write: Callable[..., bool], now: datetime) -> None:
    write(not_before=now + timedelta(hours=1))
    assert outbox.deliver_due(now=now, send=Post()).tried == 0
    assert outbox.deliver_due(now=now + timedelta(hours=1), send=Post()).sent == 1


def test_a_failed_attempt_is_repeated_later_under_the_same_id(
    write: Callable[..., bool], now: datetime
) -> None:
    write()
    failing = Post(ConnectionRefusedError("mail.harbourpost.example"))
    assert outbox.deliver_due(now=now, send=failing) == outbox.Delivery(later=1)
    message = Message.objects.get()
    assert message.last_error == "ConnectionRefusedError"
    assert message.not_before == now + rules.PAUSES[0]
    assert outbox.deliver_due(now=now, send=failing).tried == 0
    again = Post()
    assert outbox.deliver_due(now=message.not_before, send=again).sent == 1
    assert again.sent[0].uuid == message.uuid


def test_a_message_is_given_up_in_the_end(
    write: Callable[..., bool], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    write()
    at, attempts = now, 0
    while Message.objects.filter(failed_at=None).exists():
        attempts += 1
        outbox.deliver_due(now=at, send=Post(TimeoutError()))
        at = Message.objects.get().not_before
    assert attempts == len(rules.PAUSES) + 1
    assert outbox.deliver_due(now=at + timedelta(days=9), send=Post()).tried == 0
    assert "was given up" in caplog.text
    assert "ada@" not in caplog.text


def test_a_refusal_for_good_is_not_repeated(write: Callable[..., bool], now: datetime) -> None:
    write()
    refusing = Post(outbox.UndeliverableError())
    assert outbox.deliver_due(now=now, send=refusing) == outbox.Delivery(failed=1)


def test_one_bad_letter_keeps_no_other_from_leaving(
    write: Callable[..., bool], now: datetime
) -> None:
    write(subject="Bad")
    write(subject="Good")
    post = Post(RuntimeError(), None)
    assert outbox.deliver_due(now=now, send=post) == outbox.Delivery(sent=1, later=1)


def test_an_attempt_in_progress_is_nobody_elses(write: Callable[..., bool], now: datetime) -> None:
    write()
    others = Post()

    def meanwhile(letter: outbox.Letter) -> None:
        assert outbox.deliver_due(now=now, send=others).tried == 0

    assert outbox.deliver_due(now=now, send=meanwhile).sent == 1
    assert not others.sent


def test_an_attempt_that_died_with_its_process_is_repeated(
    write: Callable[..., bool], now: datetime
) -> None:
    write()

    def die(letter: outbox.Letter) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due(now=now, send=die)
    assert outbox.deliver_due(now=now, send=Post()).tried == 0
    assert outbox.deliver_due(now=now + rules.ATTEMPT, send=Post()).sent == 1


def test_messages_are_forgotten_after_a_month(write: Callable[..., bool], now: datetime) -> None:
    write()
    outbox.deliver_due(now=now, send=Post())
    write(subject="Still waiting")
    assert outbox.forget_old(now=now + rules.KEPT) == 0
    assert outbox.forget_old(now=now + rules.KEPT + timedelta(seconds=1)) == 1
    assert Message.objects.get().subject == "Still waiting"


def test_the_newest_come_first_in_the_mailbox(write: Callable[..., bool], now: datetime) -> None:
    for minute in range(3):
        write(subject=str(minute), now=now + timedelta(minutes=minute))
    assert [letter.subject for letter in outbox.latest(limit=2)] == ["2", "1"]
    assert outbox.waiting_since() == now


@pytest.mark.parametrize("attempts", range(len(rules.PAUSES) + 2))
def test_pauses_grow(attempts: int) -> None:
    pause, longer = rules.pause_after(attempts), rules.pause_after(attempts + 1)
    assert pause is None or longer is None or pause < longer


# --- By mail -------------------------------------------------------------------------------------


def carry(now: datetime) -> outbox.Delivery:
    with outbox.mail_carrier(
        sender="newsroom@harbourpost.example", domain="harbourpost.example"
    ) as send:
        return outbox.deliver_due(now=now, send=send)


def test_a_letter_leaves_as_mail_with_its_own_id(write: Callable[..., bool], now: datetime) -> None:
    write(subject="Two\r\nBcc: everybody@example.com", html="<p>It is 123456.</p>")
    assert carry(now).sent == 1
    (message,) = mail.outbox
    assert message.subject == "Two Bcc: everybody@example.com"
    assert message.to == ["ada@harbourpost.example"]
    headers = message.message()
    assert headers["Message-ID"] == f"<{Message.objects.get().uuid}@harbourpost.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers.is_multipart()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SMTPRecipientsRefused({"ada": (550, b"no such user")}), outbox.Delivery(failed=1)),
        (SMTPRecipientsRefused({"ada": (450, b"greylisted")}), outbox.Delivery(later=1)),
        (SMTPDataError(554, b"spam"), outbox.Delivery(failed=1)),
        (SMTPDataError(451, b"try again"), outbox.Delivery(later=1)),
        (ConnectionRefusedError(), outbox.Delivery(later=1)),
    ],
)
def test_a_final_refusal_is_told_from_a_passing_one(
    write: Callable[..., bool],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    outcome: outbox.Delivery,
) -> None:
    def refuse(self: object, messages: object) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    write()
    assert carry(now) == outcome


def test_an_address_that_is_none_is_given_up(write: Callable[..., bool], now: datetime) -> None:
    write(to="ada\n@harbourpost.example")
    assert carry(now) == outbox.Delivery(failed=1)


class Line:
    """A mail server that hangs up after its first letter: stands in for smtplib.SMTP."""

    made = 0

    def __init__(self, *_: Any, **__: Any) -> None:
        type(self).made += 1
        self.sent = 0

    def sendmail(self, *_: Any, **__: Any) -> None:
        self.sent += 1
        if self.sent > 1:
            raise SMTPServerDisconnected("idle for too long")

    def send_message(self, *_: Any, **__: Any) -> None:
        self.sendmail()

    def quit(self) -> None:
        if self.sent > 1:
            raise SMTPServerDisconnected("please run connect() first")

    def close(self) -> None: ...

    def starttls(self, **_: Any) -> None: ...


def test_a_server_that_hangs_up_costs_one_letter_and_not_the_round(
    write: Callable[..., bool], now: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MAILERS = mailers("smtp://mail.harbourpost.example:25")
    monkeypatch.setattr("django.core.mail.backends.smtp.smtplib.SMTP", Line)
    for number in range(4):
        write(subject=str(number))
    assert carry(now) == outbox.Delivery(sent=2, later=2)
    assert Line.made == 2
