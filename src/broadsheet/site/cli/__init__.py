"""The `broadsheet` command."""

from broadsheet.site.cli.commands import main

__all__ = ["main"]
