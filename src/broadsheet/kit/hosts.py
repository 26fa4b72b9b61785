"""The hosts that one address of ours goes by: its own, and on this machine all names of it."""

from typing import Final
from urllib.parse import urlsplit

# As a Host header has them, without the port.
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


def host_of(address: str) -> str:
    """Return the host of an address or a Host header, without the port, "" if there is none."""
    name = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    return f"[{name}]" if ":" in name else name


def is_loopback(address: str) -> bool:
    """Tell whether an address or a Host header means this machine."""
    return host_of(address) in LOOPBACK


def hosts_of(url: str) -> list[str]:
    """Return the hosts by which the site at `url` may be asked for."""
    return list(LOOPBACK) if is_loopback(url) else [host_of(url)]


def origins_of(url: str) -> list[str]:
    """Return the origins that the pages of the site at `url` have; its own first."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    others = [f"{parts.scheme}://{host}{port}" for host in hosts_of(url)]
    return list(dict.fromkeys([url, *others]))
