"""PostgreSQL as Broadsheet uses it: no wait without an end. Django's ENGINE setting."""
