"""Carries letters by mail."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.mail import EmailMultiAlternatives, mailers

from broadsheet.outbox.letters import Carrier, Letter, UndeliverableError


@contextmanager
def mail_carrier(*, sender: str, domain: str) -> Iterator[Carrier]:
    """Give a carrier that sends all its letters over one connection.

    `domain` is the right half of the Message-ID. The connection is opened with the first letter.
    """
    connection = mailers.default

    def send(letter: Letter) -> None:
        message = EmailMultiAlternatives(
            letter.subject,
            letter.text,
            sender,
            [letter.to],
            headers={
                "Message-ID": f"<{letter.uuid}@{domain}>",
                # Keeps out-of-office robots from answering.
                "Auto-Submitted": "auto-generated",
            },
        )
        if letter.html:
            message.attach_alternative(letter.html, "text/html")
        try:
            # Opened once, by the first letter; sending over an open connection leaves it open.
            connection.open()
            connection.send_messages([message])
        except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:
            if isinstance(error, ValueError) or _is_final(error):
                raise UndeliverableError(type(error).__name__) from error
            _hang_up(connection)
            raise
        except Exception:
            # It has hung up, or nobody knows what it will say next: the next letter calls anew.
            _hang_up(connection)
            raise

    try:
        yield send
    finally:
        _hang_up(connection)


def _hang_up(connection: Any) -> None:
    with suppress(SMTPException, OSError):
        connection.close()


def _is_final(error: SMTPRecipientsRefused | SMTPDataError) -> bool:
    """Tell a refusal for good (5xx) from one for now (4xx, greylisting)."""
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return all(code >= HTTPStatus.INTERNAL_SERVER_ERROR for code, _ in error.recipients.values())
