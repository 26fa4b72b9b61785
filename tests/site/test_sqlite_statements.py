import pytest

from broadsheet.site.sqlite.report import sqlite_report
from broadsheet.site.sqlite.statements import writes


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  select 1",
        "-- why\n SELECT 1",
        "/* why */ SELECT 1",
        "EXPLAIN QUERY PLAN DELETE FROM t",
        "VALUES (1)",
        "WITH RECURSIVE up(id) AS (SELECT 1) SELECT id FROM up",
        "PRAGMA table_info(t)",
        "PRAGMA foreign_keys = OFF",
        "",
    ],
)
def test_reading_needs_no_lock(sql: str) -> None:
    assert not writes(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (1)",
        "/* SELECT */ insert into t values (1)",
        "-- SELECT\nUPDATE t SET a = 1",
        "REPLACE INTO t VALUES (1)",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
        "BEGIN IMMEDIATE",
        "SAVEPOINT s",
        "CREATE TABLE t (id)",
        "VACUUM",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA user_version = 3",
    ],
)
def test_writing_needs_the_lock(sql: str) -> None:
    assert writes(sql)


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 6, 23), False), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_the_doctor_names_the_versions_that_can_corrupt(
    version: tuple[int, int, int], affected: bool
) -> None:
    report = sqlite_report(version)
    assert report.in_corruptible_range is affected
    assert report.version in report.text
