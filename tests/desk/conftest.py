"""A newsroom with a desk, and a browser at it."""

import pytest
from django.test import Client


@pytest.fixture
def newsroom(db: None) -> None:
    """Wagtail's own permissions hang on the groups that come with the site."""
    # Models can be loaded now, and not when this file is.
    from newsroom import set_up

    set_up()


@pytest.fixture
def client() -> Client:
    """A browser: it says where a form came from."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})
