"""Where to listen: looked at before anything else is started."""

import errno
import socket
from dataclasses import dataclass
from typing import Any


class CannotServe(Exception):  # noqa: N818 - reads as what happened
    """The server cannot start; the message is one line for whoever typed the command."""


@dataclass(frozen=True, slots=True)
class Address:
    """A numeric address and a port that were free a moment ago."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return how to reach it from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def free_address(host: str, port: int) -> Address:
    """Resolve `host` and make sure that `port` is free there; port 0 chooses one.

    It is looked at before the database is prepared, which may take a while. Raises CannotServe.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(f"host {host!r} is not an address of this machine") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            _listen(probe, where, backlog=1)
        except OSError as error:
            raise CannotServe(_why(error, host, port)) from error
        bound = probe.getsockname()
    return Address(str(bound[0]), int(bound[1]))


def listen(host: str, port: int, *, backlog: int) -> socket.socket:
    """Return a socket that listens at a numeric address, where no other one may. CannotServe."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Connections have it from here.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _listen(listening, (host, port), backlog=backlog)
    except OSError as error:
        listening.close()
        raise CannotServe(_why(error, host, port)) from error
    return listening


def _listen(listening: socket.socket, where: Any, *, backlog: int) -> None:
    # A connection of a server that has just stopped is not in the way.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(where)
    listening.listen(backlog)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; stop it, or choose another with PORT="
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that this user does not have; choose one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"host {host!r} is not an address of this machine"
    return f"cannot listen on {host} port {port}: {error.strerror}"
