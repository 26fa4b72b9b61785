"""The demonstration newsroom: loaded once, by the same operations that people use."""

from broadsheet.site.demo.load import load

__all__ = ["load"]
