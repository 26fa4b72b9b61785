"""Names and texts as they are kept: what cannot be stored or seen is left out."""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from typing import Final

NAME_LIMIT: Final = 60
EMAIL_LIMIT: Final = 254
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Joiners belong to the spelling of names in Persian, Hindi and others, and to emoji.
_KEPT: Final = {"\u200c", "\u200d"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BARE_EMAIL = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[^@\s<>,;:\"\\]+\.[^@\s<>,;:\"\\.]{2,}")


@lru_cache(maxsize=2_000)
def clean_name(name: str) -> str:
    """Return a name fit to be shown on one line, at most NAME_LIMIT characters; perhaps empty.

    Marks that turn the direction of writing and other unseen ones are dropped: with them one name
    can be made to look like another.
    """
    spaced = re.sub(r"\s", " ", name)
    seen = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _UNSEEN)
    shown = re.sub(" +", " ", unicodedata.normalize("NFC", seen)).strip()[:NAME_LIMIT].rstrip()
    return shown if any(c not in _KEPT and not c.isspace() for c in shown) else ""


def clean_line(text: str) -> str:
    """Return the text on one line, without what a database cannot store."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Return the text with line feeds alone, and without what a database cannot store."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _CONTROL.sub("", _SURROGATES.sub("\ufffd", unified)).strip()


def clean_email(email: str) -> str:
    """Return an address fit to be written to, or "" for what is none."""
    bare = email.strip()
    return bare if len(bare) <= EMAIL_LIMIT and _BARE_EMAIL.fullmatch(bare) else ""


def persona_key(*, owner: str, name: str) -> str:
    """Return the key of a guest who goes by `name` on one device; capitals do not make another."""
    if not name:
        return owner
    digest = sha256(" ".join(name.casefold().split()).encode()).hexdigest()
    return f"{owner}#{digest[:16]}"


def digest_of(*parts: str) -> str:
    """Return one 64-digit key for several texts, in which their borders count."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
