"""Runs a WSGI application in a thread, from the environ to a finished answer."""

import logging
import os
import stat
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Any, Final
from wsgiref.util import FileWrapper

from broadsheet.site.logs import request_id as current_request_id
from broadsheet.site.server.environ import REQUEST_ID
from broadsheet.site.server.messages import Answer, Headers, plain

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

logger = logging.getLogger("broadsheet.request")

# Longer answers (an export, a very long page) go through a file, so that a slow reader keeps
# neither a thread nor memory.
IN_MEMORY: Final = 1024 * 1024
LARGEST: Final = 1024 * 1024 * 1024
_HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})


class AnswerTooLargeError(Exception):
    """An answer that never ends is a mistake in a view."""


def run(application: Application, environ: dict[str, Any], received: float) -> Answer:
    """Run one request and return its answer; never raises.

    `received` is the monotonic time at which the request came in. The body is closed here.
    """
    token = current_request_id.set(environ[REQUEST_ID])
    # Before it runs: Django puts text in the place of the bytes.
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    try:
        try:
            answer = _collect(application, environ)
        except Exception:
            logger.exception("The application failed")
            answer = plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
        answer.headers.append(("x-request-id", environ[REQUEST_ID]))
        _log(environ["REQUEST_METHOD"], path, answer.status, received)
        return answer
    finally:
        environ["wsgi.input"].close()
        current_request_id.reset(token)


def _collect(application: Application, environ: dict[str, Any]) -> Answer:
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _error: Any = None) -> Any:
        started[:] = [(int(status[:3]), headers)]
        return lambda _: None

    result = application(environ, start_response)
    try:
        path, size = _stored_file(result)
        content, spool = (b"", None) if path else _gather(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    named = [(name.lower(), value) for name, value in headers]
    kept = [header for header in named if header[0] not in _HOP_BY_HOP]
    if path or environ["REQUEST_METHOD"] != "HEAD":
        # The server counts for itself; two counts could differ.
        kept = [header for header in kept if header[0] != "content-length"]
    if path:
        kept.append(("content-length", str(size)))
    return Answer(status, kept, content, spool, path)


def _stored_file(result: Iterable[bytes]) -> tuple[str, int]:
    """Return where the file lies that is the whole answer, and its size; "" where there is none.

    A document is sent from where it is, not copied for each who asks. Only a file that is stored
    says where that is (`path`); a temporary one is gone when it is closed.
    """
    if not isinstance(result, FileWrapper):
        return "", 0
    file: Any = result.filelike
    try:
        path, about, position = file.path, os.fstat(file.fileno()), file.tell()
    except (AttributeError, NotImplementedError, OSError):
        return "", 0
    return (path, about.st_size) if stat.S_ISREG(about.st_mode) and not position else ("", 0)


def _gather(chunks: Iterable[bytes]) -> tuple[bytes, IO[bytes] | None]:
    held: list[bytes] = []
    length = 0
    spool: IO[bytes] | None = None
    try:
        for chunk in chunks:
            length += len(chunk)
            _check_length(length)
            if spool is None and length > IN_MEMORY:
                spool = TemporaryFile()  # noqa: SIM115 - handed on, open
                spool.writelines(held)
                held.clear()
            if spool is None:
                held.append(chunk)
            else:
                spool.write(chunk)
    except BaseException:
        if spool is not None:
            spool.close()
        raise
    if spool is not None:
        spool.seek(0)
    return b"".join(held), spool


def _check_length(length: int) -> None:
    if length > LARGEST:
        raise AnswerTooLargeError(f"an answer of more than {LARGEST} bytes")


def _log(method: str, path: str, status: int, received: float) -> None:
    milliseconds = (time.monotonic() - received) * 1000
    logger.info(
        "%s %s %d %.0f ms",
        method,
        path,
        status,
        milliseconds,
        extra={"method": method, "path": path, "status": status, "ms": round(milliseconds, 1)},
    )
