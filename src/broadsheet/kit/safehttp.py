"""The one way out: fetching what an address names that somebody else wrote.

An address in an import, a feed or a form may point at this machine, its neighbours, or the cloud's
metadata service. So the name is resolved here, every address it has must be public, the connection
goes to the address that was checked (a second answer of the name server changes nothing), and each
redirect begins anew. Proxies named in the environment are not used: they would resolve again.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

MAX_REDIRECTS: Final = 3
MAX_URL: Final = 2000
CHUNK: Final = 64 * 1024
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
# What may stand in a path and a query as it is; everything else is percent-encoded.
_URL_SAFE: Final = "/%:=&?~+!$,;'@()*-._"
# Ranges in which a public-looking IPv6 address leads to an IPv4 one of its writer's choice.
_DISGUISES: Final = tuple(
    IPv6Network(text)
    for text in (
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "2001::/32",
        "2002::/16",
    )
)

type Address = IPv4Address | IPv6Address
type Resolver = Callable[[str, int], list[str]]


class FetchError(Exception):
    """Nothing was fetched. ``code`` is a stable word, the message one sentence for a report.

    ``status`` is what the server answered, where the code is ``status``; else 0.
    """

    def __init__(self, code: str, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """``url`` is where it was found in the end, ``content_type`` what the server claims."""

    url: str
    status: int
    content_type: str
    body: bytes


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the open internet and to nobody's own network."""
    if isinstance(address, IPv6Address) and (
        address.is_site_local or any(address in net for net in _DISGUISES)
    ):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_link_local
    )


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses that this machine's resolver knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Network:
    """What may be reached. Tests name their own resolver, addresses and ports."""

    resolve: Resolver = system_resolver
    permits: Callable[[Address], bool] = is_public
    ports: frozenset[int] | None = frozenset(_DEFAULT_PORTS.values())
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


INTERNET: Final = Network()


@dataclass(frozen=True, slots=True)
class _Target:
    """A checked address: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def fetch(
    *,
    url: str,
    max_bytes: int,
    seconds: float,
    accept: str = "*/*",
    network: Network = INTERNET,
) -> Fetched:
    """Return what stands at an http(s) address, following at most ``MAX_REDIRECTS`` redirects.

    ``max_bytes`` bounds the body, ``seconds`` everything together, however slowly it drips.
    Only an answer 200 is returned. Raises FetchError.
    """
    deadline = time.monotonic() + seconds
    for _ in range(MAX_REDIRECTS + 1):
        target = _checked(url, network, deadline)
        try:
            answer, location = _ask(target, accept, max_bytes, network, deadline)
        except ssl.SSLError as error:
            reason = error.reason or "no secure connection"
            raise FetchError("tls", f"{target.host} has no valid certificate ({reason})") from error
        except TimeoutError as error:
            raise _too_slow() from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError("connection", f"{target.host} could not be read: {error}") from error
        if answer is not None:
            return Fetched(url, int(HTTPStatus.OK), answer.content_type, answer.body)
        url = _joined(url, location)
    raise FetchError("redirects", f"more than {MAX_REDIRECTS} redirects")


def _checked(url: str, network: Network, deadline: float) -> _Target:
    """Take an address apart, resolve its host and refuse what must not be reached."""
    scheme, host, port, path = _taken_apart(url)
    if network.ports is not None and port not in network.ports:
        raise FetchError("port", f"port {port} is not one of the web")
    try:
        found = [ip_address(text) for text in _resolved(host, port, network, deadline)]
    except ValueError as error:
        raise FetchError("resolve", f"{host} has no usable address") from error
    if not found:
        raise FetchError("resolve", f"{host} has no address")
    # A name that is public and private at once is not made for us.
    if not all(network.permits(address) for address in found):
        raise FetchError("address", f"{host} is not on the public internet")
    return _Target(scheme, host, port, str(found[0]), path)


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    if len(url) > MAX_URL or any(ord(char) <= 32 or ord(char) == 127 for char in url):  # noqa: PLR2004 - space and DEL
        raise FetchError("url", "the address is too long or holds white space")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise FetchError("url", "the address is malformed") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise FetchError("scheme", "only http and https addresses are fetched")
    if not host or "\\" in parts.netloc or "@" in parts.netloc:
        raise FetchError("url", "the address names no plain host")
    path = quote(parts.path or "/", safe=_URL_SAFE)
    query = f"?{quote(parts.query, safe=_URL_SAFE)}" if parts.query else ""
    return parts.scheme, host, _DEFAULT_PORTS[parts.scheme] if port is None else port, path + query


def _resolved(host: str, port: int, network: Network, deadline: float) -> list[str]:
    """Ask the resolver in a thread: it cannot be told how long it may take."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(network.resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline))
    except Empty as error:
        raise _too_slow() from error
    if isinstance(answer, Exception):
        raise FetchError("resolve", f"the host {host} was not found") from answer
    return answer


def _ask(
    target: _Target, accept: str, max_bytes: int, network: Network, deadline: float
) -> tuple[Fetched | None, str]:
    """Ask once: the answer, or where it sends us."""
    connection = http.client.HTTPConnection(target.host, target.port)
    # The connection is made here, to the checked address; http.client only speaks over it.
    wire = _Wire(_connected(target, network, deadline), deadline)
    connection.sock = wire
    try:
        connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.host_header)
        connection.putheader("Accept", accept)
        connection.putheader("Accept-Encoding", "identity")
        connection.putheader("User-Agent", "Broadsheet")
        connection.putheader("Connection", "close")
        connection.endheaders()
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            return None, response.getheader("Location", "")
        if response.status != HTTPStatus.OK:
            raise FetchError(
                "status", f"{target.host} answered {response.status}", status=response.status
            )
        return _read(response, max_bytes), ""
    finally:
        wire.hang_up()


def _connected(target: _Target, network: Network, deadline: float) -> socket.socket:
    plain = socket.create_connection((target.address, target.port), timeout=_left(deadline))
    if target.scheme == "http":
        return plain
    try:
        plain.settimeout(_left(deadline))
        return network.tls().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def _read(response: http.client.HTTPResponse, max_bytes: int) -> Fetched:
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise FetchError("encoding", "the answer is compressed, which was not asked for")
    if (response.length or 0) > max_bytes:
        raise _too_large(max_bytes)
    body = bytearray()
    while chunk := response.read(CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    if response.length:
        raise FetchError("connection", "the answer ended too early")
    return Fetched("", response.status, response.getheader("Content-Type", ""), bytes(body))


def _joined(url: str, location: str) -> str:
    if not location:
        raise FetchError("redirects", "a redirect that leads nowhere")
    try:
        return urljoin(url, quote(location, safe=_URL_SAFE + "#[]"))
    except ValueError as error:
        raise FetchError("url", "a redirect to a malformed address") from error


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow()
    return left


def _too_slow() -> FetchError:
    return FetchError("timeout", "it took too long")


def _too_large(max_bytes: int) -> FetchError:
    return FetchError("too_large", f"it is larger than {max_bytes // 1024} KB")


class _Wire:
    """A socket as http.client uses one, of which every read and write knows the deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._connection.settimeout(_left(self._deadline))
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
        self._connection.settimeout(_left(self._deadline))
        return self._connection.recv_into(buffer)
