"""Is this server fit to answer? For whoever starts, balances or watches it."""

import logging
import time
from http import HTTPStatus
from typing import Final

from django.core.checks import ERROR, Tags, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from broadsheet.kit.exposure import private

logger = logging.getLogger(__name__)

# The dear part (the list of migrations, the triggers) is looked at this often at most.
_TRUSTED_SECONDS: Final = 30.0
_looked = {"until": 0.0}


@private
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers, is migrated and has its triggers; otherwise 503.

    Says what is wrong in one line, without details that help a stranger.
    """
    try:
        problem = _problem()
    except DatabaseError:
        logger.exception("The database cannot be used")
        problem = "the database cannot be used"
    status = HTTPStatus.SERVICE_UNAVAILABLE if problem else HTTPStatus.OK
    return HttpResponse(f"{problem or 'ready'}\n", content_type="text/plain", status=status)


def _problem() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if time.monotonic() < _looked["until"]:
        return ""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "migrations are missing"
    for message in run_checks(tags=[Tags.database], databases=["default"]):
        if message.level >= ERROR:
            logger.error("%s: %s", message.id, message.msg)
            return "the database is not as it should be"
    _looked["until"] = time.monotonic() + _TRUSTED_SECONDS
    return ""
