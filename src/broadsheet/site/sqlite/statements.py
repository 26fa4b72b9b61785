"""Which statements write."""

import re
from functools import lru_cache

_COMMENTS = re.compile(r"\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/)?", re.DOTALL)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_READS = frozenset({"SELECT", "VALUES", "EXPLAIN", "ATTACH", "DETACH", ""})
_WRITING_WORD = re.compile(r"\b(?:insert|update|delete|replace)\b", re.IGNORECASE)
_WRITING_PRAGMA = re.compile(
    r"\b(?:wal_checkpoint|optimize|incremental_vacuum|auto_vacuum|journal_mode|encoding"
    r"|(?:user_version|application_id|schema_version)\s*[=(])",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def writes(sql: str) -> bool:
    """Tell whether a statement may write. In doubt it does: that costs a lock, not the data."""
    start = 0
    while (found := _COMMENTS.match(sql, start)) and found.end() > start:
        start = found.end()
    word = _WORD.match(sql, start)
    verb = word[0].upper() if word else ""
    if verb in _READS:
        return False
    if verb == "PRAGMA":
        return _WRITING_PRAGMA.search(sql) is not None
    if verb == "WITH":
        return _WRITING_WORD.search(sql) is not None
    return True
