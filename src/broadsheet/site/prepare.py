"""What must be true of the database before a server starts; runs in a process of its own."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from broadsheet.kit.actor import Role
from broadsheet.kit.clock import utcnow
from broadsheet.readers import api as readers
from broadsheet.site.in_force import in_force
from broadsheet.stories import api as stories


class PrepareError(Exception):
    """The database cannot be brought up to date; the message is one line for the publisher."""


def prepare(*, demo: bool) -> dict[str, Any]:
    """Migrate, set up what every site has, and load the demonstration if asked and not yet there.

    Returns the path of a staff sign-in link. Raises PrepareError.
    """
    if not _is_current():
        call_command("migrate", interactive=False, verbosity=0)
    with in_force(now=utcnow()) as face:
        stories.set_up_site(name=face.name, url=settings.BROADSHEET_URL)
        if demo:
            from broadsheet.site.demo import load  # noqa: PLC0415 - a real site never loads it

            load(now=utcnow())
    owner = readers.first_owner() or readers.ensure_staff(
        email="owner@localhost.localdomain", name="Owner", role=Role.OWNER
    )
    return {"sign_in": f"/account/staff/{readers.sign_in_token(user=owner)}/"}


def _is_current() -> bool:
    """Say whether every migration was applied; refuse a database that is ahead of the code."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        raise PrepareError(f"the database cannot be reached: {reason}") from error
    loader = executor.loader
    known = set(loader.disk_migrations) | set(loader.replacements)
    ours = {app for app, _ in known}
    ahead = sorted(key for key in loader.applied_migrations if key[0] in ours and key not in known)
    if ahead:
        app, name = ahead[-1]
        raise PrepareError(
            f"this database was written by a newer version of Broadsheet (it has {app}.{name}); "
            "install that version, or restore a backup made before it"
        )
    return not executor.migration_plan(loader.graph.leaf_nodes())
