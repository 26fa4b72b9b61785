"""What every test may ask for: a fixed hour, the cast, real input, and a home of its own.

The home is chosen here, before Django reads a setting: a test never meets the developer's own
`var/`, and two workers never share a folder.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from broadsheet.kit.actor import Actor
from flushing import ledger_lets_tests_flush
from grouping import rank
from machine import CHROMIUM_VARIABLE
from people import Cast, Person, invent_actors, invent_cast

TEST_DATA = "BROADSHEET_TEST_DATA"
REQUIRE_ALL = "BROADSHEET_REQUIRE_ALL"
KEPT = {TEST_DATA, REQUIRE_ALL, CHROMIUM_VARIABLE, "DATABASE_URL"}
# A skip that is right everywhere, even where everything must run: the start of its reason.
ALLOWED_SKIPS = (
    "only on PostgreSQL",
    "only on SQLite",
    "needs a user other than root",
    "needs root",
)


def _own_environment() -> None:
    for name in [n for n in os.environ if n.startswith("BROADSHEET_") or n == "PORT"]:
        if name not in KEPT:
            del os.environ[name]
    home = tempfile.mkdtemp(prefix="broadsheet-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["BROADSHEET_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.site.settings"


_own_environment()
# A busy machine is no defect. In continuous integration the same examples are tried every time, so
# that a change is judged by what it changed; a laptop looks for new ones.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings as django_settings

        # pytest-django sets Django up after this hook, if the settings are loaded by then.
        _ = django_settings.DATABASES
        # A worker of xdist would inherit the name and load the settings before it has its own home.
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from grouping import Grouped

    return Grouped(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put them into the order in which they are run; mark what needs PostgreSQL."""
    for item in items:
        if item.get_closest_marker("postgres") and not on_postgresql():
            item.add_marker(pytest.mark.skip(reason="only on PostgreSQL: set DATABASE_URL"))
    items.sort(key=lambda item: (_empties_tables(item), rank(item.nodeid)))


def _empties_tables(item: pytest.Item) -> bool:
    """Say whether a test takes with it what migrations wrote: the others come before it."""
    marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
    return any(marks) or "transactional_db" in getattr(item, "fixturenames", ())


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything must run, a skip for want of something is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(REQUIRE_ALL):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not reason.startswith(ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped where nothing may be: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module skipped at import is a failure too, for the same reason."""
    report = yield
    if report.skipped and os.environ.get(REQUIRE_ALL):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped whole: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Give each worker a database of its own on PostgreSQL; SQLite's is in its own memory.

    pytest-django would do both, but it knows SQLite only by the name of Django's own backend.
    """
    from django.conf import settings as django_settings

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and on_postgresql():
        default = django_settings.DATABASES["default"]
        default["TEST"]["NAME"] = f"test_{default['NAME']}_{worker}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_xdist_suffix: None, django_db_createdb: bool
) -> Iterator[None]:
    """Begin with migrations that were applied before (not with --create-db)."""
    if django_db_createdb:
        yield
        return
    if on_postgresql():
        from migrated_postgresql import starting_from_template as beginning
    else:
        from migrated import starting_from_kept_copy as beginning
    with beginning():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The front page, the groups and the workflow are made once and not by each test.

    What a first start does of it: `bare` of tests/newsroom.py.
    """
    from broadsheet.stories import api as stories

    with django_db_blocker.unblock():
        stories.set_up_site(name="The Harbour Post", url="http://127.0.0.1:8000")


@pytest.fixture(scope="session", autouse=True)
def _flushable() -> Iterator[None]:
    """Patched for one test, it would be gone before that test's tables are emptied."""
    with ledger_lets_tests_flush():
        yield


@pytest.fixture(autouse=True)
def _no_face_of_another_test() -> None:
    """What a test's database said of the publication is not kept in memory for the next."""
    # What nobody has imported remembers nothing; and tests of the tests run without an application.
    if face := sys.modules.get("broadsheet.stories.publication.face"):
        face.KEEPER.forget(wholly=True)


@pytest.fixture
def now() -> datetime:
    """A Friday morning in Orrin, the hour at which every test takes place."""
    return datetime(2026, 6, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def actors() -> Cast[Actor]:
    """The cast as actors alone, for rules: no database is touched."""
    return invent_actors()


@pytest.fixture
def cast(db: None, now: datetime) -> Cast[Person]:
    """The cast with accounts: each person has `.actor`, and `.user` or None."""
    return invent_cast(now=now)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real input; the test is skipped, with the reason, where there is none."""
    folder = os.environ.get(TEST_DATA)
    if not folder:
        pytest.skip(f"{TEST_DATA} names no folder of real input")
    path = Path(folder).expanduser().resolve()
    if not path.is_dir():
        pytest.skip(f"{TEST_DATA} is not a folder: {path}")
    return path


@pytest.fixture
def checkout() -> Path:
    """The folder this file's repository lies in."""
    return Path(__file__).resolve().parent.parent
