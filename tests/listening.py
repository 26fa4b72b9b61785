"""An open page as the server knows it: an event stream, read as a browser reads it."""

import json
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

_SECONDS = 30.0


class Listening:
    """A stream of `/live/?…`; `status` is the answer's, `last` the id of the last event."""

    def __init__(
        self,
        url: str,
        query: str,
        *,
        last: int | None = None,
        network: int = 1,
        small: bool = False,
    ) -> None:
        where = urlsplit(url)
        self.socket = socket.socket()
        if small:
            # As little is taken in as there can be, and nothing of it read.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self.socket.settimeout(_SECONDS)
        self.socket.connect((where.hostname or "", where.port or 80))
        lines = [f"GET /live/?{query} HTTP/1.1", f"Host: {where.netloc}"]
        lines.append(f"X-Forwarded-For: 10.{network >> 8}.{network & 255}.7")
        if last is not None:
            lines.append(f"Last-Event-ID: {last}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.last: int | None = last
        self._file = self.socket.makefile("rb")
        self._text = ""
        self.status = 0
        if not small:
            self._begin()

    def _begin(self) -> None:
        self.status = int(self._file.readline().split()[1])
        self.headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value
        if self.status == 200:
            assert self._block().startswith("retry: ")

    def next(self) -> dict[str, Any] | None:
        """Return what the next event says, None at the end; beats of the heart are passed over."""
        while block := self._block():
            fields = dict(line.split(": ", 1) for line in block.splitlines() if line != ":")
            if "id" in fields:
                self.last = int(fields["id"])
            if "data" in fields:
                said: dict[str, Any] = json.loads(fields["data"])
                return said
        return None

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first event that is wanted; fails where none comes in time."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline and (said := self.next()) is not None:
            if wanted(said):
                return said
        raise AssertionError("it was never told")

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _block(self) -> str:
        """Return what stands before the next empty line; "" at the end."""
        while "\n\n" not in self._text:
            size = int(self._file.readline() or b"0", 16)
            if not size:
                return ""
            self._text += self._file.read(size).decode()
            self._file.readline()
        block, _, self._text = self._text.partition("\n\n")
        return block
