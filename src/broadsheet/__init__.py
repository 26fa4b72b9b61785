"""Broadsheet: a reader-funded newsroom in one install."""

__version__ = "0.1.0.dev0"
