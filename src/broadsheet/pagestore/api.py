"""The page store's one door."""

from broadsheet.pagestore.changes import DatabaseChanges
from broadsheet.pagestore.operations import forget_old
from broadsheet.pagestore.pages import Page, Variant
from broadsheet.pagestore.purging import HttpPurger, PurgeError, Purger, Purging, surrogate
from broadsheet.pagestore.slips import (
    ANYTHING,
    EVERY_PAGE,
    SLIP,
    Slip,
    collecting,
    shows,
    true_until,
)
from broadsheet.pagestore.store import Key, Store
from broadsheet.pagestore.versions import Source, Versions
from broadsheet.pagestore.watched import Event, Watch

__all__ = [
    "ANYTHING",
    "EVERY_PAGE",
    "SLIP",
    "DatabaseChanges",
    "Event",
    "HttpPurger",
    "Key",
    "Page",
    "PurgeError",
    "Purger",
    "Purging",
    "Slip",
    "Source",
    "Store",
    "Variant",
    "Versions",
    "Watch",
    "collecting",
    "forget_old",
    "shows",
    "surrogate",
    "true_until",
]
