"""The id map: which row here a thing of a foreign site became."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from broadsheet.importing.models import ImportedRow, KeptForLater

FOREIGN_ID_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class IdMap:
    """The map of one site. Its methods are single statements; the caller has the transaction."""

    system: str
    site: str

    def find(self, kind: str, foreign_id: str) -> ImportedRow | None:
        """Return the row of a foreign thing, or None if it never came in."""
        return ImportedRow.objects.filter(
            system=self.system, site=self.site, kind=kind, foreign_id=short(foreign_id)
        ).first()

    def put(
        self,
        kind: str,
        foreign_id: str,
        *,
        local: tuple[str, Any],
        now: datetime,
        digest: str = "",
        state: str = "",
    ) -> None:
        """Remember what a foreign thing became: `local` is the kind and id of the row here."""
        local_kind, local_id = local
        ImportedRow.objects.update_or_create(
            system=self.system,
            site=self.site,
            kind=kind,
            foreign_id=short(foreign_id),
            defaults={
                "local_kind": local_kind,
                "local_id": str(local_id),
                "digest": digest,
                "state": state,
                "imported_at": now,
            },
        )

    def keep(self, kind: str, foreign_id: str, payload: dict[str, Any], *, now: datetime) -> None:
        """Keep for later what has no place here yet."""
        KeptForLater.objects.update_or_create(
            system=self.system,
            site=self.site,
            kind=kind,
            foreign_id=short(foreign_id),
            defaults={"payload": payload, "imported_at": now},
        )

    def is_first_site(self) -> bool:
        """Say whether no other site of this system was imported before this one."""
        first = ImportedRow.objects.filter(system=self.system, kind="site").order_by("pk").first()
        return first is None or first.site == self.site


def short(foreign_id: str) -> str:
    """Return an id that fits; one that is too long is known by its digest."""
    if len(foreign_id) <= FOREIGN_ID_LENGTH:
        return foreign_id
    return "sha256:" + sha256(foreign_id.encode("utf-8", "replace")).hexdigest()
