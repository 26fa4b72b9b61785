"""From a request to WSGI's environ (PEP 3333), believing nobody about who they are."""

import sys
from collections.abc import Iterable
from typing import IO, Any, Final
from wsgiref.util import FileWrapper

from broadsheet.kit.netaddr import Network, client_address, is_trusted, parse_address
from broadsheet.site.server.messages import Request

REQUEST_ID: Final = "broadsheet.request_id"

# Statements about the client that only a proxy of ours may make (and then we read them ourselves),
# and `Proxy`, which libraries would take for the environment variable HTTP_PROXY.
_DROPPED: Final = frozenset(
    {
        "cf-connecting-ip",
        "client-ip",
        "forwarded",
        "proxy",
        "true-client-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
        "x-real-ip",
    }
)
_UNPREFIXED: Final = {"content-type": "CONTENT_TYPE"}


def build_environ(
    request: Request,
    *,
    body: IO[bytes],
    length: int,
    server: tuple[str, int],
    trusted: tuple[Network, ...],
    request_id: str,
) -> dict[str, Any]:
    """Return the environ of a request whose body is `length` bytes in `body`."""
    client = client_address(request.peer, request.header("x-forwarded-for"), trusted)
    scheme = _scheme(request, trusted)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _bytes_as_characters(request.path),
        "QUERY_STRING": _bytes_as_characters(request.query),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": request.protocol,
        "REMOTE_ADDR": client,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        REQUEST_ID: request_id,
    }
    environ.update(_header_variables(request.headers))
    if _from_proxy(request, trusted) and scheme == "https":
        environ["HTTP_X_FORWARDED_PROTO"] = "https"
    return environ


def _bytes_as_characters(text: str) -> str:
    """Return the bytes of a text, each as the character of the same number, as PEP 3333 has it."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _header_variables(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers as HTTP_… variables, duplicates joined.

    A name with an underscore is dropped: `x_forwarded_for` would become the same variable as the
    header it imitates.
    """
    variables: dict[str, str] = {}
    for name, value in headers:
        if "_" in name or name in _DROPPED or name == "content-length":
            continue
        key = _UNPREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        if key in variables:
            separator = "; " if name == "cookie" else ","
            variables[key] = f"{variables[key]}{separator}{value}"
        else:
            variables[key] = value
    return variables


def _from_proxy(request: Request, trusted: tuple[Network, ...]) -> bool:
    peer = parse_address(request.peer)
    return peer is not None and is_trusted(peer, trusted)


def _scheme(request: Request, trusted: tuple[Network, ...]) -> str:
    if _from_proxy(request, trusted):
        # The last proxy's word: what stands before it was sent by somebody further away.
        said = request.header("x-forwarded-proto").rpartition(",")[2].strip().lower()
        if said in {"http", "https"}:
            return said
    return request.scheme
