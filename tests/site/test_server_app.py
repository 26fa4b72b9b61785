"""What becomes of an answer when it is sent, without granian."""

import asyncio
from io import FileIO
from pathlib import Path

import pytest

from broadsheet.site.server import app
from broadsheet.site.server.app import Application
from broadsheet.site.server.messages import Answer, Headers


class Sent:
    """A transport that notes with which status it was used."""

    def __init__(self) -> None:
        self.statuses: list[int] = []

    def response_file(self, status: int, _headers: Headers, _file: str) -> None:
        self.statuses.append(status)

    def response_bytes(self, status: int, _headers: Headers, _body: bytes) -> None:
        self.statuses.append(status)


class Spool(FileIO):
    """A temporary file that says when it is closed."""

    def __init__(self, path: Path) -> None:
        self.gone = asyncio.Event()
        super().__init__(path, "w+")

    def close(self) -> None:
        super().close()
        self.gone.set()


def test_only_so_many_long_answers_are_held_on_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "SPOOLS", 2)
    monkeypatch.setattr(app, "_OPEN_SECONDS", 0.01)
    application, sent = Application(lambda: None), Sent()  # type: ignore[arg-type,return-value]

    async def send() -> Spool:
        spool = Spool(tmp_path / "spool")
        answer = Answer(200, spool=spool)  # type: ignore[arg-type]
        await application._send(sent, answer, head=False)  # type: ignore[arg-type]
        return spool

    async def scene() -> None:
        held, also_held, refused = [await send() for _ in range(3)]
        assert sent.statuses == [200, 200, 503]
        assert (held.closed, also_held.closed, refused.closed) == (False, False, True)
        await held.gone.wait()
        await also_held.gone.wait()
        again = await send()
        assert sent.statuses[-1] == 200
        await again.gone.wait()

    asyncio.run(scene())
