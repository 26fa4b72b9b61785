"""A newsroom to import into, exports to import, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from formats.wxr_text import export

if TYPE_CHECKING:
    from broadsheet.importing.api import Report


def quiet(_what: str, _done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports a file as the command does. `text` may be given in place of a file."""

    folder: Path
    now: datetime

    def bring(self, export_of: str | Path, **options: Any) -> "Report":
        from broadsheet.importing.api import bring_wordpress, look_at_wordpress

        file = self.file(export_of)
        with_pictures = bool(options.get("media") or options.get("network"))
        with look_at_wordpress(
            file=file, with_pictures=with_pictures, now=self.now, progress=quiet
        ) as found:
            return bring_wordpress(found=found, now=self.now, progress=quiet, **options)

    def look(self, export_of: str | Path) -> "Report":
        from broadsheet.importing.api import look_at_wordpress, trial_report

        with look_at_wordpress(
            file=self.file(export_of), with_pictures=False, now=self.now, progress=quiet
        ) as found:
            return trial_report(found)

    def file(self, export_of: str | Path) -> Path:
        if isinstance(export_of, Path):
            return export_of
        file = self.folder / "export.xml"
        file.write_text(export_of, encoding="utf-8")
        return file


@pytest.fixture
def newsroom(db: None) -> Any:
    from newsroom import set_up

    return set_up()


@pytest.fixture
def importer(newsroom: Any, tmp_path: Path, now: datetime, settings: Any) -> Importer:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Importer(tmp_path, now)


@pytest.fixture
def bring(importer: Importer) -> Callable[..., "Report"]:
    """Import these items: `bring(item(…), item(…))`."""

    def run(*parts: str, **options: Any) -> "Report":
        return importer.bring(export(*parts), **options)

    return run
