"""The `broadsheet` command: the group, and the modules that hang their commands on it."""

from broadsheet.site.cli import commands, importing
from broadsheet.site.cli.group import main

__all__ = ["commands", "importing", "main"]
