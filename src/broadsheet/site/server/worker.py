"""What one serving process holds: the pool, the files, the background jobs."""

import http.client
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, connections

from broadsheet.kit.netaddr import parse_networks
from broadsheet.pagestore.api import DatabaseChanges, HttpPurger, Purging, Store, Versions
from broadsheet.site.child import end_children
from broadsheet.site.config import Config
from broadsheet.site.jobs import all_jobs
from broadsheet.site.postgresql.patience import patience
from broadsheet.site.scheduler import Scheduler
from broadsheet.site.server.address import Address
from broadsheet.site.server.dispatcher import Dispatcher, Limits, Pages
from broadsheet.site.server.files import Files, Renditions, StaticFiles
from broadsheet.site.server.listening import Listening
from broadsheet.site.server.room import streams_at_most
from broadsheet.site.server.routes import canonical_key, is_ours
from broadsheet.site.server.wsgi import application
from broadsheet.site.theme import ThemeFile
from broadsheet.stories import api as stories

logger = logging.getLogger("broadsheet.server")

_MEGABYTE: Final = 1024 * 1024
_ANSWER_SECONDS: Final = 30
_CLOSE_SECONDS: Final = 10.0
_one_closes = threading.Lock()


class ServingWorker:
    """Made in the worker process, after the fork: from here on threads and connections may be."""

    def __init__(self, *, config: Config, address: Address, announce: Callable[[], None]) -> None:
        self._address = address
        self._announce = announce
        self._threads = int(config["threads"])
        self._stopping = threading.Event()
        patience.bound()
        trusted = parse_networks(config["trusted_proxies"])
        self._listening = Listening(most=streams_at_most(config), trusted=trusted)
        self.versions = Versions(DatabaseChanges(), files=ThemeFile(settings.HOME))
        self.versions.subscribe(stories.forget_publication, first=True)
        self.versions.subscribe(self._listening.hub.changed)
        self._purging = Purging(HttpPurger(config["purge_url"])) if config["purge_url"] else None
        if self._purging is not None:
            self.versions.subscribe(self._purging.changed)
        self.dispatcher = Dispatcher(
            application,
            limits=Limits(
                threads=self._threads,
                body=config["request_limit_mb"] * _MEGABYTE,
                server=(address.host, address.port),
                trusted=trusted,
            ),
            files=Files(
                static=None if settings.DEBUG else StaticFiles(Path(settings.STATIC_ROOT)),
                renditions=Renditions(Path(settings.MEDIA_ROOT)),
            ),
            streams=self._listening.streams,
            pages=None if settings.DEBUG else self._pages(config),
        )
        self._together(_connect)
        self.versions.start()
        self._scheduler = Scheduler(all_jobs())
        self._scheduler.start()

    def _pages(self, config: Config) -> Pages:
        return Pages(
            store=Store(most_bytes=config["page_store_mb"] * _MEGABYTE),
            versions=self.versions,
            key_of=canonical_key,
            is_ours=is_ours,
            url=settings.BROADSHEET_URL,
            shared_seconds=config["shared_cache_seconds"],
        )

    def close_streams(self) -> None:
        self._listening.hub.close()

    def ready(self) -> None:
        """Announce the address as soon as it answers."""
        pause = 0.01
        while not self._answers():
            pause = min(pause * 2, 0.5)
            if self._stopping.wait(pause):
                return
        self._announce()

    def stop(self) -> None:
        """End the background jobs, then the pool; close every connection to the database."""
        self._stopping.set()
        end_children()
        self._scheduler.stop()
        self.versions.stop()
        if self._purging is not None:
            self._purging.stop()
        self._listening.stop()
        self._together(_close_connections)
        self.dispatcher.pool.shutdown(wait=True)
        self.dispatcher.packers.shutdown(wait=True)
        connections.close_all()
        logger.info("Stopped")

    def _together(self, task: Callable[[], None]) -> None:
        """Have each thread of the pool do something once: as many tasks, each waiting for all."""
        together = threading.Barrier(self._threads)

        def run() -> None:
            with suppress(threading.BrokenBarrierError):
                together.wait(_CLOSE_SECONDS)
            task()

        for _ in range(self._threads):
            self.dispatcher.pool.submit(run)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection(
            self._address.host, self._address.port, timeout=_ANSWER_SECONDS
        )
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            line.close()


def _connect() -> None:
    """Connect at once: what a connection reads that is new may follow a crash (changes.py)."""
    if connection.vendor == "postgresql":
        with suppress(DatabaseError):
            connection.ensure_connection()


def _close_connections() -> None:
    # One after the other: the last one then finds nobody else at it, and empties SQLite's log.
    with _one_closes:
        connections.close_all()
