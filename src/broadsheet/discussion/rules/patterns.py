"""Patterns that moderators write, by an engine whose time is linear in the text, or not at all."""

from typing import Any, Final

from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

try:
    import re2  # type: ignore[import-untyped]  # it has no types
except ImportError:  # there is no wheel of it for this machine
    re2 = None

# So much memory may a pattern take, and the machine that is made of it: "a{1000}{1000}" is refused.
_MEMORY: Final = 1 << 20
LONGEST: Final = 200


def is_there() -> bool:
    """Say whether there is an engine for patterns on this machine."""
    return re2 is not None


def may_be(pattern: str) -> Verdict:
    """Say whether this is a pattern, short enough, that does not match nothing."""
    if not is_there():
        return Refused("filter_no_engine", field="patterns")
    if len(pattern) > LONGEST:
        too_long = (("entry", pattern[:40]), ("limit", LONGEST))
        return Refused("filter_entry_long", facts=too_long, field="patterns")
    try:
        compiled = made(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        facts = (("entry", pattern[:40]), ("why", words[:100]))
        return Refused("filter_pattern_bad", facts=facts, field="patterns")
    if compiled.search("") is not None:
        return Refused("filter_pattern_all", facts=(("entry", pattern[:40]),), field="patterns")
    return ALLOWED


def made(pattern: str) -> Any:
    """Return a pattern ready to be searched with; capitals make no difference."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = False
    return re2.compile(pattern, options)
