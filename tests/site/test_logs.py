import io
import json
import logging
from collections.abc import Iterator
from time import process_time

import pytest

from broadsheet.site.logs import ConsoleFormatter, JsonFormatter, request_id, scrub


@pytest.fixture(params=[ConsoleFormatter, JsonFormatter])
def log(request: pytest.FixtureRequest) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own and what it wrote, in either format."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param())
    logger = logging.Logger("broadsheet.test")  # noqa: LOG001 - not one of the process's loggers
    logger.addHandler(handler)
    token = request_id.set("0123456789abcdef")
    yield logger, written
    request_id.reset(token)


@pytest.mark.parametrize(
    "secret",
    [
        "ada@harbourpost.example",
        "ada%40harbourpost.example",
        "203.0.113.9",
        "2001:db8::7",
        "fe80:0:0:0:0:0:0:1",
        "Zk3aB9xQ7LmP2sT5vW8y-_0a",
    ],
)
def test_no_address_and_no_sign_in_token_is_logged(
    log: tuple[logging.Logger, io.StringIO], secret: str
) -> None:
    logger, written = log
    logger.info("GET /account/confirm/%s/ 404", secret)
    error = ValueError(f"no such person: /x/{secret}")
    logger.error("A view failed for /%s", secret, exc_info=error)
    assert secret not in written.getvalue()
    assert "no such person" in written.getvalue()


def test_a_databases_detail_line_repeats_a_row_and_is_cut(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = log
    said = "null value\nDETAIL:  Failing row contains (7, My own opinion)."
    logger.error("Failed", exc_info=ValueError(said))
    assert "opinion" not in written.getvalue()


def test_every_line_names_its_request(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("Slow")
    assert "0123456789abcdef" in written.getvalue()


def test_a_message_cannot_forge_a_line(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.info("GET %s", "/x\n2026-06-12 09:30:00 INFO broadsheet: all is well")
    assert len(written.getvalue().splitlines()) == 1


def test_json_lines_have_the_named_fields() -> None:
    record = logging.makeLogRecord(
        {"name": "broadsheet.request", "msg": "GET / 200", "levelname": "INFO", "status": 200}
    )
    line = json.loads(JsonFormatter().format(record))
    assert line.keys() >= {"time", "level", "logger", "message", "request_id", "status"}


@pytest.mark.parametrize(
    "kept",
    [
        "/s/0190b4a8-0000-7000-8000-00000000000a/",
        "at 09:30:15 on 2026-06-12",
        "/harbour/the-2nd-ferry-returns-to-the-old-quay/",
        "Python 3.13.0",
    ],
)
def test_what_helps_stays(kept: str) -> None:
    assert scrub(kept) == kept


def test_a_query_is_not_logged() -> None:
    assert scrub("/search/?q=my+illness&page=2 failed") == "/search/?[query] failed"


def test_scrubbing_a_hostile_line_is_little_work() -> None:
    started = process_time()
    scrub("/" + "a" * 60_000 + " @ " + "a:" * 30_000 + "1." * 30_000 + "?" * 30_000)
    # Of the processor, not of the clock: a busy machine changes nothing about it.
    assert process_time() - started < 2
