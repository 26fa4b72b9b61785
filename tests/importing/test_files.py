"""Every export we could find, every hostile one we thought of: in, or refused with its reason."""

from pathlib import Path

import pytest
from django.db import connection

from broadsheet.formats.api import WxrError
from importing.conftest import Importer
from importing.reading import comment, comments, model, row_counts

# file → stories, pages, comments brought over
IN = {
    "wxr/comentario-wordpress-ok-empty.xml": (0, 0, 0),
    "wxr/comentario-wordpress-ok-long.xml": (1, 0, 1),
    "wxr/comentario-wordpress-ok-single.xml": (1, 0, 1),
    "wxr/isso-tests-wordpress-1.0.xml": (3, 0, 8),
    "wxr/wpimporter-missing-version-tag.xml": (0, 0, 0),
    "wxr/wpimporter-namespace-edge-cases.xml": (6, 0, 0),
    "wxr/wpimporter-small-export.xml": (6, 5, 1),
    "wxr/wpimporter-test-serialized-comment-meta.xml": (1, 0, 1),
    "wxr/wpimporter-valid-wxr-1.0.xml": (3, 3, 1),
    "wxr/wpimporter-valid-wxr-1.1.xml": (1, 1, 1),
    "wxr/wpimporter-wxr-utf-8-challenges.xml": (1, 0, 0),
    "wxr/wptt-theme-preview.xml": (7, 0, 2),
    "security/generated/wxr_attachment_traversal.xml": (0, 0, 0),
    "security/generated/wxr_parent_cycle.xml": (1, 0, 4),
}
LARGE = {
    "wxr/wpimporter-a11y-unit-test-data.xml": (48, 17, 25),
    "wxr/wptt-64-block-test-data.xml": (61, 1, 2),
    "security/generated/wxr_chain_depth_5000.xml": (1, 0, 5000),
}
# test_theme_unit_test looks at this one more closely.
ELSEWHERE = {"wxr/wptt-themeunittestdata.wordpress.xml"}
# file → code of the refusal, line
REFUSED = {
    "wxr/comentario-wordpress-bad-format.xml": ("mismatched_tag", 1),
    "wxr/wpimporter-crazy-cdata.xml": ("nested_cdata", 18),
    "wxr/wpimporter-malformed.xml": ("mismatched_tag", 90),
    "security/generated/wxr_billion_laughs.xml": ("doctype", 1),
    "security/generated/wxr_deep_elements.xml": ("not_wxr", 1),
    "security/generated/wxr_external_dtd.xml": ("doctype", 1),
    "security/generated/wxr_external_entity.xml": ("doctype", 1),
    "security/generated/wxr_quadratic_blowup.xml": ("doctype", 1),
    "security/generated/wxr_truncated.xml": ("incomplete", 1),
}


def test_no_file_is_forgotten(test_data: Path) -> None:
    files = [*test_data.glob("wxr/*.xml"), *test_data.glob("security/generated/wxr_*.xml")]
    names = {str(file.relative_to(test_data)) for file in files}
    assert names == set(IN) | set(LARGE) | set(REFUSED) | ELSEWHERE


def check(importer: Importer, file: Path, expected: tuple[int, int, int]) -> None:
    report = importer.bring(file)
    found = (
        report.outcome("story", "new"),
        report.outcome("page", "new"),
        report.outcome("comment", "new"),
    )
    assert found == expected, report.markdown()
    assert model("StoryPage").objects.count() == expected[0]
    assert comments().count() == expected[2]
    before = row_counts()
    again = importer.bring(file)
    assert row_counts() == before, again.markdown()
    assert again.outcome("story", "same") == expected[0]


@pytest.mark.parametrize("name", IN)
def test_comes_in_and_doubles_nothing(importer: Importer, test_data: Path, name: str) -> None:
    check(importer, test_data / name, IN[name])


@pytest.mark.deep
@pytest.mark.parametrize("name", LARGE)
def test_large_files_come_in(importer: Importer, test_data: Path, name: str) -> None:
    if "chain" in name and connection.vendor != "sqlite":
        # The command commits every hundred comments; a test is one transaction, and thousands of
        # savepoints in one make PostgreSQL slower with each.
        pytest.skip("only on SQLite: 5,000 savepoints in a test's one transaction")
    check(importer, test_data / name, LARGE[name])
    if "chain" in name:
        assert comment("5000").depth == 4999


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_line_and_reason(importer: Importer, test_data: Path, name: str) -> None:
    before = row_counts()
    with pytest.raises(WxrError) as caught:
        importer.bring(test_data / name)
    assert (caught.value.code, caught.value.line) == REFUSED[name]
    assert caught.value.reason
    assert row_counts() == before


def test_a_number_used_twice_is_two_comments(importer: Importer, test_data: Path) -> None:
    report = importer.bring(test_data / "wxr/isso-tests-wordpress-1.0.xml")
    assert comment("11").pk != comment("11-2").pk
    assert report.count("comment_twice") == 1


def test_a_circle_of_answers_is_cut(importer: Importer, test_data: Path) -> None:
    report = importer.bring(test_data / "security/generated/wxr_parent_cycle.xml")
    assert comment("1").parent is None
    assert comment("2").parent == comment("1")
    assert comment("3").parent is None
    assert comment("4").parent is None
    assert (report.count("comment_cycle"), report.count("comment_parent")) == (2, 1)
    # The file does not say that they were approved.
    assert set(comments().values_list("state", flat=True)) == {"held"}
