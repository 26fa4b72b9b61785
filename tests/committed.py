"""A newsroom in a database of its own, in which transactions end as they do where people write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from broadsheet.stories import api as stories
from migrated_postgresql import on_the_server, template


@contextmanager
def committing() -> Iterator[None]:
    """Work in a copy of the migrated database, which is dropped afterwards. Only on PostgreSQL."""
    usual, own = connection.settings_dict["NAME"], f"committed_{os.getpid()}"
    on_the_server(f'CREATE DATABASE "{own}" TEMPLATE "{template()}"')
    try:
        connection.close()
        connection.settings_dict["NAME"] = own
        stories.set_up_site(name="The Harbour Post", url="http://127.0.0.1:8000")
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        on_the_server(f'DROP DATABASE "{own}" WITH (FORCE)')
