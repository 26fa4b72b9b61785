"""Of the books public pages show the meter and the entries; both by one key."""

from typing import Final

from broadsheet.pagestore.api import Watch

KEY: Final = "funding"
WATCHED: Final = tuple(
    Watch(table=f"funding_{name}", key=KEY)
    for name in (
        "campaign",
        "month",
        "step",
        "ledgerentry",
        "ledgerline",
        "entryreason",
        "gift",
        "bookdecision",
    )
)
