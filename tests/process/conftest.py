"""Homes for servers that are started, stopped and killed, on the database of this run."""

import shutil
from collections.abc import Iterator

import pytest

from homes import Home, Homes, homes_in
from serving import IN_CROWDS, Server, serve


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    with homes_in(tmp_path_factory.mktemp("process")) as homes:
        yield homes


@pytest.fixture
def home(homes: Homes) -> Home:
    """A home with one story, ready to be served."""
    return homes.one_story()


@pytest.fixture(scope="session")
def served(homes: Homes) -> Iterator[tuple[Home, Server]]:
    """A home with one story and its server, for all who leave it running; the last one stops it."""
    home = homes.one_story()
    # As at the very first start: the server makes them.
    shutil.rmtree(home.path / "static")
    with serve(home.path, **home.environ, **IN_CROWDS) as server:
        yield home, server
