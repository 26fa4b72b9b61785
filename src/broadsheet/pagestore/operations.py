from datetime import datetime, timedelta
from typing import Final

from django.apps import apps

# Longer than a process may be stopped and still trust what it kept (versions.FORGET_AFTER).
KEPT: Final = timedelta(hours=1)


def forget_old(*, now: datetime) -> int:
    """Delete changes that every process has long read; returns how many.

    On SQLite there is one row for a key, which stays.
    """
    # By name: the server uses this room's door before Django has loaded the models.
    changes = apps.get_model("pagestore", "Change").objects
    deleted, _ = changes.filter(at__lt=now - KEPT).delete()
    return deleted
