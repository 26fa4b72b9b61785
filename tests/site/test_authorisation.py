"""Who reaches what: every route, by each method, tried by everybody, against a table.

A route that the table does not name fails, and so does an answer it does not say. What was found is
then left in `.pytest_cache/authorisation.txt`: read each line that differs before it is copied.
"""

import re
from pathlib import Path
from typing import Final

import pytest

from world import WHO, World, every_route, is_ours

TABLE: Final = Path(__file__).with_name("authorisation.txt")
FOUND: Final = ".pytest_cache/authorisation.txt"
METHODS: Final = ("get", "post")
OUTSIDE: Final = ("stranger", "guest", "banned_reader", "reader", "author")
# Pages of libraries, by the beginnings of their addresses. The desk's are tried one by one below,
# on those who have no business there; who of the staff may what is Wagtail's own.
OF_LIBRARIES: Final = ("account/", "desk/", "email/")
# Icons, and the words of scripts in the language of who asks.
OPEN: Final = {"desk/jsi18n/", "desk/sprite/"}


@pytest.mark.slow
def test_everybody_reaches_what_the_table_says_and_nothing_else(
    world: World, checkout: Path
) -> None:
    lines = [f"# route | method | {' '.join(WHO)}"]
    for route, view in every_route():
        if is_ours(view):
            for method in METHODS:
                answers = " ".join(world.answers(method, route, view))
                lines.append(f"{route or '/'} | {method} | {answers}")
    found = "\n".join(lines) + "\n"
    if found != TABLE.read_text():
        copy = checkout / FOUND
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(found)
    assert found.splitlines() == TABLE.read_text().splitlines(), f"see {FOUND}"


def test_the_pages_of_libraries_are_known(db: None) -> None:
    theirs = [where for where, view in every_route() if not is_ours(view)]
    assert [where for where in theirs if not where.startswith(OF_LIBRARIES)] == []


@pytest.mark.slow
def test_nobody_from_outside_reaches_a_page_of_the_desk(world: World) -> None:
    any_of = r"<(\w+:)?\w+>|\(\?P<\w+>[^)]*\)|[\^$\\]"
    reached = {
        route
        for route, _ in every_route()
        for who in ("stranger", "reader")
        if route.startswith("desk/")
        and world.send(who, "get", "/" + re.sub(any_of, "1", route), {}).status_code == 200
    }
    assert reached == OPEN
