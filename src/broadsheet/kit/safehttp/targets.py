"""What may be reached, and where: an address taken apart, its host resolved, all of it checked."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from broadsheet.kit.safehttp.deadlines import FetchError, left, too_slow

MAX_URL: Final = 2000
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# What may stand in a path and a query as it is; everything else is percent-encoded.
URL_SAFE: Final = "/%:=&?~+!$,;'@()*-._"
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
    ports: frozenset[int] | None = frozenset(DEFAULT_PORTS.values())
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


INTERNET: Final = Network()


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def checked(url: str, network: Network, deadline: float) -> Target:
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
    return Target(scheme, host, port, str(found[0]), path)


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    if len(url) > MAX_URL or any(ord(char) <= 32 or ord(char) == 127 for char in url):  # noqa: PLR2004 - space and DEL
        raise FetchError("url", "the address is too long or holds white space")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise FetchError("url", "the address is malformed") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise FetchError("scheme", "only http and https addresses are fetched")
    if not host or "\\" in parts.netloc or "@" in parts.netloc:
        raise FetchError("url", "the address names no plain host")
    path = quote(parts.path or "/", safe=URL_SAFE)
    query = f"?{quote(parts.query, safe=URL_SAFE)}" if parts.query else ""
    return parts.scheme, host, DEFAULT_PORTS[parts.scheme] if port is None else port, path + query


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
        answer = answers.get(timeout=left(deadline))
    except Empty as error:
        raise too_slow() from error
    if isinstance(answer, Exception):
        raise FetchError("resolve", f"the host {host} was not found") from answer
    return answer


def joined(url: str, location: str) -> str:
    """Return where a redirect leads; it is checked as any other address."""
    if not location:
        raise FetchError("redirects", "a redirect that leads nowhere")
    try:
        return urljoin(url, quote(location, safe=URL_SAFE + "#[]"))
    except ValueError as error:
        raise FetchError("url", "a redirect to a malformed address") from error
