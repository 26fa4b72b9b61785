from typing import ClassVar

from django.db import models


class Change(models.Model):
    """That something changed which public pages show: the version of one key.

    Written by triggers only (triggers.py), in the transaction of the change itself. On SQLite a
    key has one row, whose `id` grows in the order of the commits; `moment` is 0. On PostgreSQL,
    where ids are not given in the order of the commits, `moment` is the number of the
    transaction, and a key has a row for each; old ones are swept (operations.forget_old).
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=60)
    moment = models.BigIntegerField()
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["moment", "key"], name="change_moment_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.moment or self.pk})"
