"""Whether links lead somewhere: our own are looked up, foreign ones asked, all at the same time.

An answer is remembered for some minutes, so that looking at the findings and pressing the button
does not ask twice. Nothing here can reach our own network (see `kit.safehttp`).
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from hashlib import blake2b
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page

from broadsheet.kit.safehttp import FetchError, fetch
from broadsheet.stories import queries
from broadsheet.stories.checks import Answer

# What an editor who pressed a button will wait for.
SECONDS: Final = 4.0
AT_ONCE: Final = 12
MAX_LINKS: Final = 60
# A page that begins is a page; nothing is kept of it.
_MAX_BYTES: Final = 16 * 1024
_REMEMBER: Final = {Answer.FINE: 600.0}
_REMEMBER_OTHERS: Final = 60.0
_KEY: Final = "broadsheet.link:"
_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# Read, but not to the end: there is something.
_THERE: Final = {"too_large", "encoding"}
_BY_CODE: Final = {
    "resolve": Answer.NO_HOST,
    "tls": Answer.INSECURE,
    "address": Answer.INTERNAL,
    "url": Answer.MALFORMED,
    "scheme": Answer.MALFORMED,
    "port": Answer.MALFORMED,
}

type Ask = Callable[[str], Answer]


def answers_for(urls: Iterable[str]) -> dict[str, Answer]:
    """Return what is known of each link, within `SECONDS`; what took longer is not in it."""
    wanted = list(dict.fromkeys(urls))
    own = {url: answer for url in wanted if (answer := _own(url)) is not None}
    foreign = [url for url in wanted if url not in own][:MAX_LINKS]
    return own | _foreign(foreign)


def ask(url: str) -> Answer:
    """Ask for a foreign address. A server that refuses a program may well answer a reader."""
    try:
        fetch(url=url, max_bytes=_MAX_BYTES, seconds=SECONDS - 0.5)
    except FetchError as error:
        if error.code in _THERE:
            return Answer.FINE
        if error.code == "status":
            return Answer.GONE if error.status in _GONE else Answer.FINE
        return _BY_CODE.get(error.code, Answer.SILENT)
    return Answer.FINE


def _foreign(urls: list[str]) -> dict[str, Answer]:
    keys = {url: _KEY + blake2b(url.encode(), digest_size=16).hexdigest() for url in urls}
    known = cache.get_many(keys.values())
    found = {url: Answer(known[key]) for url, key in keys.items() if key in known}
    rest = [url for url in urls if url not in found]
    if not rest:
        return found
    until = time.monotonic() + SECONDS
    pool = ThreadPoolExecutor(min(AT_ONCE, len(rest)), thread_name_prefix="links")
    try:
        asked = {pool.submit(ask, url): url for url in rest}
        done, _ = wait(asked, timeout=max(0.0, until - time.monotonic()))
    finally:
        # What is still waiting for a slow server ends by its own deadline.
        pool.shutdown(wait=False, cancel_futures=True)
    for future in done:
        url, answer = asked[future], future.result()
        found[url] = answer
        cache.set(keys[url], str(answer), _REMEMBER.get(answer, _REMEMBER_OTHERS))
    return found


def _own(url: str) -> Answer | None:
    """Answer for a link that leads to ourselves or nowhere; None for a foreign one."""
    kind, _, rest = url.partition(":")
    if kind in {"page", "document"}:
        return _row(kind, rest)
    if kind in {"mailto", "tel", "email", "phone"} or url.startswith("#"):
        return Answer.FINE
    try:
        parts = urlsplit(url)
        home = urlsplit(settings.BROADSHEET_URL).netloc
    except ValueError:
        return Answer.MALFORMED
    if parts.netloc and parts.netloc != home:
        return None
    return _path(parts.path) if parts.path.startswith("/") else Answer.MALFORMED


def _row(kind: str, pk: str) -> Answer:
    if not (pk.isascii() and pk.isdigit()):
        return Answer.MALFORMED
    if kind == "document":
        found = get_document_model().objects.filter(pk=pk).exists()
        return Answer.FINE if found else Answer.GONE
    live = Page.objects.filter(pk=pk).values_list("live", flat=True).first()
    if live is None:
        return Answer.GONE
    return Answer.FINE if live else Answer.NOT_PUBLIC


def _path(path: str) -> Answer:
    try:
        match = resolve(path)
    except Resolver404:
        return Answer.GONE
    if match.view_name != "stories:page":
        return Answer.FINE
    if queries.live_page(path=match.args[0]):
        return Answer.FINE
    moved = Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()
    return Answer.FINE if moved else Answer.GONE
