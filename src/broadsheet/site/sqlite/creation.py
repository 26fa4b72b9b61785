"""Test databases: what lies beside the file goes with it."""

from pathlib import Path

from django.db.backends.sqlite3.creation import DatabaseCreation as DjangoCreation


class DatabaseCreation(DjangoCreation):
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        super()._destroy_test_db(  # type: ignore[misc]  # django-stubs leave it out
            test_database_name, verbosity
        )
        if not self.is_in_memory_db(test_database_name):
            # A log left behind would be replayed into the next database of that name.
            for suffix in ("-wal", "-shm", ".lock"):
                Path(f"{test_database_name}{suffix}").unlink(missing_ok=True)
