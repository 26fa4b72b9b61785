"""Who is at the other end: addresses of clients, and the network they belong to."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

# What one subscriber usually has: a household's IPv6 is a /64, an IPv4 neighbourhood a /24.
_PREFIX_V4 = 24
_PREFIX_V6 = 64


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Turn `["10.0.0.0/8", "::1"]` into networks; raises ValueError on anything else."""
    return tuple(ip_network(text) for text in texts)


def parse_address(text: str) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets, with a zone, IPv4 in IPv6.

    Returns None for anything that is not an address ("unknown", a host name, an attack).
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return _numeric(text.partition("%")[0])


@lru_cache(maxsize=4096)
def _numeric(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=1024)
def is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    """Tell whether `address` lies in one of the `trusted` networks."""
    return any(address.version == network.version and address in network for network in trusted)


def client_address(peer: str, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """Return the address of the client, "" when the peer has none (a Unix socket).

    `forwarded_for` is the whole X-Forwarded-For header. It is read from its end, for only what our
    own proxies appended can be believed: the first address that is not a trusted proxy is the
    client. An entry that is no address ends the search.
    """
    client = parse_address(peer)
    if client is None:
        return ""
    for entry in reversed(forwarded_for.split(",")):
        if not is_trusted(client, trusted):
            break
        before = parse_address(entry)
        if before is None:
            break
        client = before
    return str(client)


@lru_cache(maxsize=4096)
def network_prefix(address: str) -> str:
    """Return the network that limits are counted by: "203.0.113.0/24", "2001:db8::/64", or ""."""
    parsed = parse_address(address)
    if parsed is None:
        return ""
    length = _PREFIX_V4 if parsed.version == 4 else _PREFIX_V6  # noqa: PLR2004 - IP version 4
    return str(ip_network((parsed, length), strict=False))
