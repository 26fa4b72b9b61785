"""Serves a small WSGI application through the product's dispatcher and granian.

Started by a test: `python plain_server.py PORT FOLDER`. The folder holds `static/`, `media/` and
named pipes, on which a request waits until the test opens the other end. With a third argument it
is told to stop as soon as it has forked, and its worker does nothing until it has been told, too.
"""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import FileIO
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from broadsheet.kit.netaddr import parse_networks
from broadsheet.site import logs
from broadsheet.site.server.address import Address
from broadsheet.site.server.app import Application
from broadsheet.site.server.dispatcher import Dispatcher, Limits
from broadsheet.site.server.files import Files, Renditions, StaticFiles
from broadsheet.site.server.messages import Answer, Request, plain
from broadsheet.site.server.run import supervise

FOLDER = Path(sys.argv[2])
LARGE = FOLDER / "static" / "large.bin"


class Closing:
    """A body that notes that it was closed."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        with (FOLDER / "closed").open("a") as file:
            file.write("closed\n")


class Stored(FileIO):
    """A file as Django's storage opens it, which knows where it is."""

    @property
    def path(self) -> str:
        return str(self.name)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith("/hold/"):
        (FOLDER / "began").open("a").write("began\n")
        with (FOLDER / path.removeprefix("/hold/")).open() as pipe:
            pipe.read()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"held"]
    if path == "/fail":
        raise ValueError("mail to ada@example.com from 203.0.113.9")
    if path.startswith("/large"):
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        megabytes = int(environ["QUERY_STRING"] or "4")
        return Closing(b"x" * 65536 for _ in range(16 * megabytes))
    if path == "/file":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](Stored(LARGE))
        return wrapped
    if path == "/broken":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Closing(1 // int(n == "0") * b"" for n in "01")
    body = environ["wsgi.input"].read()
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["body"] = sha256(body).hexdigest()
    told["length"] = str(len(body))
    content = json.dumps(told).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    start_response("200 OK", headers)
    return Closing([content])


class CountingDispatcher(Dispatcher):
    """Answers /read with the number of held requests that have been read."""

    read = 0

    async def answer(self, request: Request) -> Answer:
        if request.path == "/read":
            return plain(200, str(self.read))
        self.read += request.path.startswith("/hold/")
        return await super().answer(request)


class PlainWorker:
    def __init__(self) -> None:
        self._stopped = threading.Event()
        self.dispatcher = CountingDispatcher(
            wsgi,
            limits=Limits(threads=8, body=1024 * 1024, trusted=parse_networks(["127.0.0.1"])),
            files=Files(
                static=StaticFiles(FOLDER / "static"), renditions=Renditions(FOLDER / "media")
            ),
        )

    def close_streams(self) -> None:
        """There are none."""

    def ready(self) -> None:
        while not self._stopped.is_set():
            try:
                socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30).close()
            except OSError:
                continue
            print("answers", flush=True)  # noqa: T201 - the test reads it
            return

    def stop(self) -> None:
        self._stopped.set()
        self.dispatcher.pool.shutdown(wait=True)
        (FOLDER / "stopped").touch()


def stop_at_once() -> None:
    told, tell = os.pipe()
    terminate = BaseProcess.terminate

    def terminating(worker: BaseProcess) -> None:
        terminate(worker)
        os.write(tell, b"x")

    def forked() -> None:
        os.kill(os.getppid(), signal.SIGTERM)
        os.read(told, 1)

    BaseProcess.terminate = terminating  # type: ignore[method-assign]
    os.register_at_fork(after_in_child=forked)


if __name__ == "__main__":
    logs.configure({"format": "json", "level": "INFO"})
    if sys.argv[3:]:
        stop_at_once()
    sys.exit(supervise(Address("127.0.0.1", int(sys.argv[1])), Application(PlainWorker)))
