"""What the log says, and what it never says.

Every line carries the id of its request. A line never carries a request's body, a query's values,
an e-mail address or an IP address: nobody here logs them on purpose, and what a library puts into
a message or an exception is scrubbed on the way out.
"""

import json
import logging
import logging.config
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypedDict

request_id: ContextVar[str] = ContextVar("request_id", default="")

# A database's own detail lines repeat whole rows: a comment, a name.
_DETAIL = re.compile(r"^(\s*)(DETAIL|CONTEXT|HINT):.*$", re.MULTILINE)
# Bounded, or a long word without an @ would be looked through once from each of its letters.
_EMAIL = re.compile(r"[^\s@<>\"'(),:;=/\[\]]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})*")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-f:.]*:[0-9a-f:.]*:)"
    r"(?=[0-9a-f:.]*(?:::|(?:[0-9a-f]{1,4}:){7}))[0-9a-f:.]*[0-9a-f:](?![\w:])",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?<=[\w/.-])\?[\w.%~+*-]*=[^\s\"'<>]*")
# Sign-in links and the like carry their secret in the path; slugs have no capitals.
_TOKEN = re.compile(
    r"(?<=/)(?=[^/\s]*[A-Z])(?=[^/\s]*[a-z])(?=[^/\s]*[0-9])[\w:.=~-]{20,}(?=[/\s\"']|$)"
)
# Each with the characters without which it cannot match: most lines need no search at all.
_CUTS: Final = (
    ("\n", _DETAIL, r"\1\2: [not logged]"),
    ("@", _EMAIL, "[email]"),
    ("%40", _EMAIL, "[email]"),
    (".", _IPV4, "[ip]"),
    (":", _IPV6, "[ip]"),
    ("?", _QUERY, "?[query]"),
    ("/", _TOKEN, "[token]"),
)
# Enough for any message of ours; a longer one repeats what somebody sent.
_LONGEST: Final = 2000


def scrub(text: str) -> str:
    """Take e-mail and IP addresses, queries, link tokens and database rows out of a message."""
    for sign, pattern, put in _CUTS:
        if sign in text:
            text = pattern.sub(put, text)
    return text


class RequestFields(TypedDict, total=False):
    """The `extra` of a request's log line."""

    method: str
    path: str
    status: int
    ms: float


class ConsoleFormatter(logging.Formatter):
    """One readable line; tracebacks below it."""

    def format(self, record: logging.LogRecord) -> str:
        mark = f" [{found}]" if (found := _request_of(record)) else ""
        moment = _second(int(record.created))
        text = f"{moment} {record.levelname} {record.name}{mark}: {_one_line(record)}"
        trace = _traceback(self, record)
        return f"{text}\n{trace}" if trace else text


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request_id, and a request's fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(_message(record)),
            "request_id": _request_of(record),
        }
        for name in RequestFields.__annotations__:
            if hasattr(record, name):
                value = getattr(record, name)
                line[name] = scrub(value) if isinstance(value, str) else value
        if trace := _traceback(self, record):
            line["traceback"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


class Options(TypedDict):
    format: Literal["console", "json"]
    level: str


def configure(options: Options) -> None:
    """Set up logging for the process; Django calls it with its LOGGING setting."""
    # No line of ours says in which thread, process, task or line of code it was written; to find
    # that out costs more than the line.
    logging.logThreads = logging.logProcesses = False
    logging.logMultiprocessing = False
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]
    logging._srcfile = None  # noqa: SLF001 - the logging how-to says so
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "console": {"()": ConsoleFormatter},
                "json": {"()": JsonFormatter},
            },
            "handlers": {
                "out": {"class": "logging.StreamHandler", "formatter": options["format"]},
            },
            "root": {"handlers": ["out"], "level": options["level"]},
            "loggers": {
                # Every 4xx would be a second line beside the request's own.
                "django.request": {"level": "ERROR", "propagate": True},
                "django.server": {"level": "ERROR", "propagate": True, "handlers": []},
                # At DEBUG it repeats every statement with its values.
                "django.db.backends": {"level": "INFO"},
                # Each save in the desk would be four lines.
                "django_tasks": {"level": "WARNING"},
                "PIL": {"level": "INFO"},
                "asyncio": {"level": "WARNING"},
            },
        }
    )


def granian_logging() -> dict[str, Any]:
    """Return the logging of granian's own messages: through ours, warnings and errors only."""
    return {
        "formatters": {},
        "handlers": {},
        "loggers": {
            name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")
        },
    }


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, tz=UTC)


@lru_cache(maxsize=2)
def _second(since_epoch: int) -> str:
    return datetime.fromtimestamp(since_epoch, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")


def _request_of(record: logging.LogRecord) -> str:
    return getattr(record, "request_id", "") or request_id.get()


def _one_line(record: logging.LogRecord) -> str:
    """Keep a message on its line: a line break in it could forge a second one."""
    return scrub(_message(record)).replace("\r", "\\r").replace("\n", "\\n")


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return scrub(formatter.formatException(record.exc_info))
    return scrub(record.exc_text) if record.exc_text else ""
