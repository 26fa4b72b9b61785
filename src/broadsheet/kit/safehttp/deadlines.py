"""How a fetch fails, and how it ends in time: every read and write knows the same deadline."""

import io
import socket
import time


class FetchError(Exception):
    """Nothing was fetched. ``code`` is a stable word, the message one sentence for a report.

    ``status`` is what the server answered, where the code is ``status``; else 0.
    """

    def __init__(self, code: str, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def left(deadline: float) -> float:
    """Return how many seconds are left; raises FetchError when none are."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise too_slow()
    return seconds


def too_slow() -> FetchError:
    """Return what is raised when time is up."""
    return FetchError("timeout", "it took too long")


class Wire:
    """A socket as http.client uses one; every read and write of it ends at the deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._connection.settimeout(left(self._deadline))
        self._connection.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._connection, self._deadline))

    def close(self) -> None:
        """Do nothing: http.client closes its socket before the body is read."""

    def hang_up(self) -> None:
        self._connection.close()


class _Incoming(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray") -> int:  # type: ignore[override]  # typeshed's buffer protocol
        self._connection.settimeout(left(self._deadline))
        return self._connection.recv_into(buffer)
