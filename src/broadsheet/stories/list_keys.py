"""Names of the lists that stories stand on, as `Listing.list_key` holds them."""

from typing import Final

ALL: Final = "all"


def of_section(*, pk: int) -> str:
    return f"section:{pk}"


def of_topic(*, pk: int) -> str:
    return f"topic:{pk}"


def of_person(*, pk: int) -> str:
    return f"person:{pk}"


def of_series(*, pk: int) -> str:
    return f"series:{pk}"
