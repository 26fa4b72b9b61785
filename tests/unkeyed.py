"""What is sent to a page to make it somebody's own: names and values that no page may depend on.

`gather` reads the collected ones of the test data; without them those that broke others are left.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

# If a page holds this, it was made of what somebody sent.
CANARY: Final = "purity-canary"
NAMES: Final = (
    *("accept-language", "authorization", "forwarded", "origin", "pragma", "purpose", "referer"),
    *("user-agent", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port"),
    *("x-forwarded-prefix", "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-server"),
    *("x-ghost-preview", "x-host", "x-http-method", "x-http-method-override", "x-method-override"),
    *("x-original-host", "x-original-url", "x-requested-with", "x-rewrite-url", "x-real-ip"),
    *("x-wagtail-preview", "cf-connecting-ip", "x-csrftoken", "sec-fetch-site", "x-locale"),
)
COOKIES: Final = (
    *("sessionid", "session", "csrftoken", "messages", "django_language", "lang", "locale"),
    *("theme", "color_scheme_id", "preview", "broadsheet_device", "broadsheet_session"),
)
# Of an exchange as such, not of who asks: each means something to any server.
OF_THE_EXCHANGE: Final = frozenset(
    {
        *("accept-encoding", "connection", "content-encoding", "content-length", "content-type"),
        *("cookie", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    }
)
VALUES: Final = (
    "1",
    "POST",
    "ar",
    "https",
    "/desk/",
    "evil.example",
    "<script>alert(1)</script>",
    "../../etc/passwd",
)
# How a cache is made to take a private page for a file (Omer Gil, 2017, and those after him).
SUFFIXES: Final = (
    *("x.css", "/x.css", ";x.css", ";a.js", "%2fa.png", "%2Fx.css", "/%2e%2e/static/x.css"),
    *("..%2f..%2fstatic%2fx.css", "%00.css", "%0a.css", "%23x.css", "%3fx.css", "?x.css", "?x=.js"),
    *("%5cx.js", "//x.css", "/.css", ".jpg", "%20.css", "/feed.xml", "/static/x.css", "%252fx.css"),
    *("/robots.txt", "/favicon.ico", ";jsessionid=1", "%09.css", "/..;/x.css", "#x.css"),
)


@dataclass(frozen=True, slots=True)
class Unkeyed:
    """Names of headers, of cookies and of parameters; and texts that are sent in them."""

    headers: tuple[str, ...]
    parameters: tuple[str, ...]
    texts: tuple[str, ...]

    def header_batches(self, size: int) -> Iterator[dict[str, str]]:
        """Yield all headers, so many at once, each with a value of its own."""
        for number, names in enumerate(batched(self.headers, size)):
            value = VALUES[number % len(VALUES)]
            yield {name: f"{CANARY} {value}" if name not in EXACT else value for name in names}

    def cookies(self) -> str:
        """Return a Cookie header with all of them."""
        return "; ".join(f"{name}={CANARY}-{name}" for name in (*COOKIES, *self.parameters[:200]))

    def query_batches(self, size: int) -> Iterator[str]:
        """Yield queries of all names, and of all texts as names and as values."""
        for names in batched(self.parameters, size):
            yield urlencode([(name, CANARY) for name in names])
        for texts in batched(self.texts, size):
            yield urlencode([(CANARY, text) for text in texts])
            yield urlencode([(text, CANARY) for text in texts])


# Who means these says nothing else with them.
EXACT: Final = frozenset(
    {"x-http-method", "x-http-method-override", "x-method-override", "x-forwarded-proto"}
)


def gather(folder: Path | None, *, allowed: Sequence[str]) -> Unkeyed:
    """Return what is collected, but for the parameters that pages may depend on."""
    headers, texts = set(NAMES), [CANARY, "a;b=1", "%", "\0", "é", "x" * 1500]
    if folder is not None:
        hostile = folder / "security"
        mined = hostile / "patt/Web_Cache_Deception_Intruders/param_miner_lowercase_headers.txt"
        headers |= {line.strip() for line in mined.read_text().splitlines() if line.strip()}
        naughty = json.loads((hostile / "naughty/blns.json").read_text(encoding="utf-8"))
        texts += [text for text in naughty if len(text) < 200]
    parameters = (*sorted(headers), "_method", "format", "lang", "preview", "session", "utm_source")
    # The same names in another case are others; a server must not take one for the other.
    odd = tuple(name.upper() for name in allowed) + tuple(f"{name}[]" for name in allowed)
    return Unkeyed(
        headers=tuple(sorted(headers - OF_THE_EXCHANGE)),
        parameters=tuple(name for name in (*parameters, *odd) if name not in allowed),
        texts=tuple(text for text in texts if text not in allowed),
    )
