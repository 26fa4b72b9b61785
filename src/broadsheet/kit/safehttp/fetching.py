"""The fetch itself: one request after the other, to addresses that were checked."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from broadsheet.kit.safehttp.deadlines import FetchError, Wire, left, too_slow
from broadsheet.kit.safehttp.targets import INTERNET, Network, Target, checked, joined

MAX_REDIRECTS: Final = 3
CHUNK: Final = 64 * 1024
_REDIRECTS: Final = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """``url`` is where it was found in the end, ``content_type`` what the server claims."""

    url: str
    status: int
    content_type: str
    body: bytes


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
        target = checked(url, network, deadline)
        try:
            answer, location = _ask(target, accept, max_bytes, network, deadline)
        except ssl.SSLError as error:
            reason = error.reason or "no secure connection"
            raise FetchError("tls", f"{target.host} has no valid certificate ({reason})") from error
        except TimeoutError as error:
            raise too_slow() from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError("connection", f"{target.host} could not be read: {error}") from error
        if answer is not None:
            return Fetched(url, int(HTTPStatus.OK), answer.content_type, answer.body)
        url = joined(url, location)
    raise FetchError("redirects", f"more than {MAX_REDIRECTS} redirects")


def _ask(
    target: Target, accept: str, max_bytes: int, network: Network, deadline: float
) -> tuple[Fetched | None, str]:
    """Ask once: the answer, or where it sends us."""
    connection = http.client.HTTPConnection(target.host, target.port)
    # The connection is made here, to the checked address; http.client only speaks over it.
    wire = Wire(_connected(target, network, deadline), deadline)
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


def _connected(target: Target, network: Network, deadline: float) -> socket.socket:
    plain = socket.create_connection((target.address, target.port), timeout=left(deadline))
    if target.scheme == "http":
        return plain
    try:
        plain.settimeout(left(deadline))
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


def _too_large(max_bytes: int) -> FetchError:
    return FetchError("too_large", f"it is larger than {max_bytes // 1024} KB")
