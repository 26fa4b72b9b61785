"""Who wrote what is hidden is said nowhere: by no answer on a page without it either."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from broadsheet.discussion import api
from broadsheet.discussion.comments import first_replies, permalinks, root_pages
from discussion.making import OPEN, Room, moderator, reader, row
from discussion.test_http import _people as _people  # noqa: PLC0414 - a fixture
from discussion.test_http import fragment, html

NAME = "Rhea Quill"
ANSWERED = f'href="/c/%s/#c%s"><bdi>{NAME}</bdi>'


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_pages, "ROOTS_PER_PAGE", 2)
    monkeypatch.setattr(root_pages, "ROOTS_BEFORE", 1)
    monkeypatch.setattr(first_replies, "REPLIES_PER_ROOT", 3)
    monkeypatch.setattr(permalinks, "REPLIES_PER_PAGE", 11)


def hold(room: Room, number: int) -> None:
    room.decide(number, "hold")


def remove(room: Room, number: int) -> None:
    room.decide(number, "remove", rule="hate")


def withdraw(room: Room, number: int) -> None:
    room.withdraw(number, by=reader(NAME))


def erase(room: Room, number: int) -> None:
    who = row(number).author.uuid
    api.erase_participant(actor=reader(NAME), participant=who, now=room.tick())


def talk(room: Room) -> list[int]:
    """Let two readers talk down to where answers stand flat; before and after it, others do."""
    numbers = []
    for _ in range(3):
        room.post("Something else.", by=reader("Ben"))
    number = None
    for at in range(14):
        by = reader(NAME) if at == 11 else moderator() if at == 12 else reader("Ada")
        number = room.post("Well.", by=by, to=number, policy=OPEN).number
        numbers.append(number)
    for _ in range(3):
        room.post("Something else.", by=reader("Ben"))
    return numbers


def around_an_answer_of_the_one_that_answers(room: Room, numbers: list[int]) -> str:
    return fragment(room, f"?at={numbers[13]}")


def all_that_the_newsroom_wrote(room: Room, _numbers: list[int]) -> str:
    return fragment(room, "?show=staff")


def permalink_of_an_answer_of_the_one_that_answers(_room: Room, numbers: list[int]) -> str:
    return html(Client().get(f"/c/{numbers[13]}/"))


def second_page_of_answers(_room: Room, numbers: list[int]) -> str:
    found = list(pages_of(numbers[0]))
    (page,) = [page for page in found if f'id="c{numbers[12]}"' in page]
    assert page is not found[0]
    return page


def pages_of(number: int) -> Iterator[str]:
    after = ""
    while page := api.comment_page(number=number, after=after):
        yield html(Client().get(f"/c/{number}/", {"after": after} if after else {}))
        after = page.after
        if not after:
            return


@pytest.mark.parametrize("hide", [hold, remove, withdraw, erase])
@pytest.mark.parametrize(
    "page",
    [
        around_an_answer_of_the_one_that_answers,
        all_that_the_newsroom_wrote,
        permalink_of_an_answer_of_the_one_that_answers,
        second_page_of_answers,
    ],
)
def test_an_answer_elsewhere_does_not_name_what_is_hidden(
    room: Room,
    page: Callable[[Room, list[int]], str],
    hide: Callable[[Room, int], None],
) -> None:
    numbers = talk(room)
    hidden = numbers[11]
    before = page(room, numbers)
    assert ANSWERED % (hidden, hidden) in before, "a link to another page, with the name"
    hide(room, hidden)
    after = page(room, numbers)
    assert NAME not in after
    assert f'href="/c/{hidden}/#c{hidden}">' in after


def every_page(room: Room, numbers: list[int]) -> Iterator[str]:
    """Yield all pages on which the talk could be shown, in whole or in part."""
    for sort in ("newest", "oldest", "votes"):
        for page in room.pages(sort=sort):
            for way in ("after", "before"):
                yield fragment(room, f"?sort={sort}&{way}={getattr(page, way)}")
        for number in numbers[9:]:
            yield fragment(room, f"?sort={sort}&at={number}")
    for show in ("staff", "inline"):
        yield fragment(room, f"?show={show}")
    for number in numbers[9:]:
        yield from pages_of(number)


@pytest.mark.parametrize("hide", [remove, erase])
def test_no_page_at_all_does(room: Room, hide: Callable[[Room, int], None]) -> None:
    numbers = talk(room)
    assert sum(NAME in page for page in every_page(room, numbers)) > 5
    hide(room, numbers[11])
    assert not any(NAME in page for page in every_page(room, numbers))
