"""Homes for servers that are started, stopped and killed, on the database of this run."""

from collections.abc import Iterator

import pytest

from homes import Home, Homes, homes_in


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    with homes_in(tmp_path_factory.mktemp("process")) as homes:
        yield homes


@pytest.fixture
def home(homes: Homes) -> Home:
    """A home with one story, ready to be served."""
    return homes.one_story()
