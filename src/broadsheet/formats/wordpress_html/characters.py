"""Characters before anything is made of them."""

import html as entities
import re

# Only with a semicolon, so that `?a=1&copy=2` stays an address; and short, because int() of a
# number with thousands of digits raises.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_CONTROLS = dict.fromkeys(code for code in range(32) if chr(code) not in "\n\t")


def unescape(text: str) -> str:
    """Resolve character references; never raises."""
    return _ENTITY.sub(lambda match: entities.unescape(match[0]), text) if "&" in text else text


def normalise(html: str) -> str:
    r"""Write newlines as ``\n``; no control characters, no lone surrogates."""
    text = html.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return text.encode("utf-8", "replace").decode()
