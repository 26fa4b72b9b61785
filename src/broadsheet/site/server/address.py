"""Where to listen: looked at before anything else is started."""

import errno
import socket
from dataclasses import dataclass


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

    Granian shares ports between processes, so that a second server would start without a word and
    take half of the requests. Raises CannotServe.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(f"host {host!r} is not an address of this machine") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A connection of a server that has just stopped is not in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
            probe.listen(1)
        except OSError as error:
            raise CannotServe(_why(error, host, port)) from error
        bound = probe.getsockname()
    return Address(str(bound[0]), int(bound[1]))


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; stop it, or choose another with PORT="
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that this user does not have; choose one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"host {host!r} is not an address of this machine"
    return f"cannot listen on {host} port {port}: {error.strerror}"
