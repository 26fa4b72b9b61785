"""SQLite as Broadsheet uses it: durable, with one writer at a time. Django's ENGINE setting."""
