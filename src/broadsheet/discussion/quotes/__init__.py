"""Quotes: words tied to the place where they were said."""
