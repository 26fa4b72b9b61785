"""Start again whenever the code changes; for development."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

_WATCHED: Final = frozenset({".py", ".html", ".txt", ".toml", ".po"})
_LOOK_SECONDS: Final = 0.7


def serve_again_and_again(home: Path) -> int:
    """Run the same command without `--reload`, anew after each change, until told to stop."""
    command = [sys.executable, "-m", "broadsheet", *(a for a in sys.argv[1:] if a != "--reload")]
    roots = (Path(__file__).resolve().parents[2], home / "templates", home / "broadsheet.toml")
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while not stop.is_set():
        seen = _state(roots)
        process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program
        try:
            while not stop.wait(_LOOK_SECONDS) and _state(roots) == seen:
                pass
        finally:
            process.terminate()
            process.wait()
    return 0


def _state(roots: tuple[Path, ...]) -> frozenset[tuple[str, int]]:
    return frozenset((path, stamp) for root in roots for path, stamp in _stamps(root))


def _stamps(root: Path) -> Iterator[tuple[str, int]]:
    if root.is_file():
        yield str(root), root.stat().st_mtime_ns
    for folder, _, names in os.walk(root):
        for name in names:
            if Path(name).suffix in _WATCHED:
                path = Path(folder, name)
                try:
                    yield str(path), path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue
