"""What was brought over from where. Nothing here refers to another room's tables."""

from typing import ClassVar

from django.db import models


class ImportedRow(models.Model):
    """Which row here a thing of a foreign site became: the map that makes an import repeatable.

    `site` names the foreign site (host and path). `digest` is of what was written, `state` is what
    the row was like when we left it: a second import compares both and overwrites neither what
    is the same nor what somebody changed here. An empty digest: only a place was made for it yet.
    """

    system = models.CharField(max_length=20)
    site = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    foreign_id = models.CharField(max_length=200)
    local_kind = models.CharField(max_length=20)
    local_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=80, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "site", "kind", "foreign_id"], name="importedrow_foreign"
            )
        ]
        indexes: ClassVar = [
            models.Index("local_kind", "local_id", name="importedrow_local"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.site} {self.kind} {self.foreign_id}"


class KeptForLater(models.Model):
    """What has no place here yet and would be lost with the export.

    So are inline questions whose words are not found, and which question a comment answers as long
    as that is not clear.

    `payload` holds no person's name or address: those are in the discussion, where they can be
    erased.
    """

    system = models.CharField(max_length=20)
    site = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    foreign_id = models.CharField(max_length=200)
    payload = models.JSONField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "site", "kind", "foreign_id"], name="keptforlater_foreign"
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.site} {self.kind} {self.foreign_id}"
