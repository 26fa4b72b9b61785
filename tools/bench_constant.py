"""The floor: granian as Broadsheet runs it, with nothing behind it but bytes that are there.

python bench_constant.py FILE PORT
"""

import sys
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from broadsheet.site.server.run import CONNECTIONS, HEAD_BYTES, HEAD_MILLISECONDS


class Constant:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.headers = [
            ("content-type", "text/html; charset=utf-8"),
            ("content-length", str(len(body))),
        ]

    async def __rsgi__(self, _scope: Any, transport: Any) -> None:
        transport.response_bytes(200, self.headers, self.body)


def main(file: str, port: str) -> None:
    application = Constant(Path(file).read_bytes())
    Granian(
        "constant",
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.RSGI,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        backlog=CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES
        ),
        log_enabled=False,
    ).serve(target_loader=lambda _target: application)


if __name__ == "__main__":
    main(*sys.argv[1:])
