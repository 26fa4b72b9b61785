"""The product itself, served by its own command; what is in the way of that is said in one line."""

import os
import re
import socket
from pathlib import Path

import pytest

from homes import Home, Homes
from serving import Server, free_port, get

pytestmark = pytest.mark.process


def refused_line(home: Home, *arguments: str, **environ: str) -> str:
    """Serve where that cannot work; return the one line that says why."""
    done = home.run("serve", *(arguments or ("--port", str(free_port()))), **environ)
    assert done.returncode not in {0, None}
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("broadsheet: ")
    return line


def test_a_port_that_is_taken(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is taken" in refused_line(home, "--port", str(port))


@pytest.mark.deep
def test_a_database_of_a_newer_version(home: Home) -> None:
    home.write(
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('funding', '9999_from_the_future', '2027-01-01')"
    )
    line = refused_line(home)
    assert "newer version" in line
    assert "funding.9999_from_the_future" in line


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert str(tmp_path / "home") in refused_line(Home(tmp_path / "home", {}))
    below = tmp_path / "home" / "deeper"
    assert str(tmp_path / "home") in refused_line(Home(below, {}))


@pytest.mark.deep
def test_a_folder_where_the_database_should_be(tmp_path: Path, homes: Homes) -> None:
    (tmp_path / "broadsheet.sqlite3").mkdir()
    assert "database" in refused_line(Home(tmp_path, {}))


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user other than root: root may write")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert str(tmp_path) in refused_line(Home(tmp_path, {}))


@pytest.mark.deep
def test_a_database_server_that_does_not_answer(tmp_path: Path) -> None:
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    line = refused_line(Home(tmp_path, {"DATABASE_URL": url}))
    assert "database" in line
    assert "nobody" not in line


def test_a_setting_that_cannot_be(home: Home) -> None:
    assert "threads" in refused_line(home, BROADSHEET_THREADS="many")


@pytest.mark.both
def test_a_start_a_page_and_a_stop(served: tuple[Home, Server]) -> None:
    home, server = served
    assert get(f"{server.url}/healthz") == (200, "ok\n")
    status, page = get(f"{server.url}/")
    assert status == 200
    (sheet,) = re.findall(r'href="(/static/broadsheet/broadsheet\.[^"]*css)"', page)
    assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
    assert get(f"{server.url}{sheet}")[0] == 200
    assert get(f"{server.url}/no/such/page/")[0] == 404
    assert get(server.sign_in_url)[0] == 200
    assert server.stop() == 0
    # A neighbour killed its worker, to see what readers notice.
    log = server.log.read_text().replace("ERROR _granian: Unexpected exit", "")
    assert "ERROR" not in log
    assert "127.0.0.1" not in log
    # An orderly stop leaves the data in one file.
    assert not (home.path / "broadsheet.sqlite3-wal").exists()
