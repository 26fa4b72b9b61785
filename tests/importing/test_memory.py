"""However large the export, the import's memory stays as it is."""

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from formats.wxr_text import HEAD, TAIL, comment, export, item, meta
from importing.conftest import Importer

pytestmark = pytest.mark.deep

MEASURE = """
import resource, sys, django
from pathlib import Path
django.setup()
from broadsheet.importing.api import look_at_wordpress
from broadsheet.kit.clock import utcnow
with look_at_wordpress(
    file=Path(sys.argv[1]), with_pictures=False, now=utcnow(), progress=lambda *_: None
) as found:
    found.report.markdown()
    print(found.comments, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
KILOBYTES = 1024


def post(number: int, comments: int) -> str:
    text = f"<p>Paragraph of {number}. " + "The ferry was late again. " * 20 + "</p>"
    return item(
        f"<content:encoded><![CDATA[{text * 4}[box{number}]x[/box{number}]]]></content:encoded>",
        meta("postmeta", [("_edit_last", "1")]),
        *(
            comment(comment_id=str(number * 1000 + at), comment_parent=str(number * 1000 + at + 1))
            for at in range(comments)
        ),
        title=f"Story {number}",
        post_id=str(number),
        post_name=f"story-{number}",
        post_date_gmt="2025-03-01 08:00:00",
    )


def write(file: Path, posts: int, comments: int) -> Path:
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD.format(version="1.2", scheme="http"))
        for number in range(1, posts + 1):
            out.write(post(number, comments))
        out.write(TAIL)
    return file


def peak(file: Path) -> int:
    """Return the most memory that a survey of the file had, in kilobytes."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1])


def test_looking_at_a_file_ten_times_as_large_takes_no_more(tmp_path: Path) -> None:
    small = write(tmp_path / "small.xml", 400, 20)
    large = write(tmp_path / "large.xml", 4000, 20)
    assert large.stat().st_size > 40 * KILOBYTES * KILOBYTES
    assert peak(large) - peak(small) < 20 * KILOBYTES


def test_writing_four_times_as_much_takes_no_more(importer: Importer) -> None:
    def allocated(first: int, last: int) -> int:
        tracemalloc.start()
        importer.bring(export(*(post(number, 5) for number in range(first, last))))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    allocated(1, 3)
    small = allocated(3, 23)
    large = allocated(23, 103)
    # The text of the export itself is built in memory here.
    assert large - small < 3 * KILOBYTES * KILOBYTES
