"""The answer of a rule: allowed, or refused with a reason that the person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal. `code` is stable and names its sentence in the catalogue; `facts` fill it."""

    code: str
    facts: tuple[tuple[str, str | int], ...] = ()
    field: str = ""

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Refused
ALLOWED = Allowed()


class RefusalError(Exception):
    """Raised by an operation whose rule refused; nothing was written."""

    def __init__(self, verdict: Refused) -> None:
        super().__init__(verdict.code)
        self.verdict = verdict


def require(verdict: Verdict) -> None:
    """Raise RefusalError unless `verdict` allows."""
    if isinstance(verdict, Refused):
        raise RefusalError(verdict)
