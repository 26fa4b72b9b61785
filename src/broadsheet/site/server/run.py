"""Serve the newsroom: one supervisor, one worker, prepared before it forks."""

import gc
import importlib
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from broadsheet.kit.hosts import is_loopback
from broadsheet.site.config import Config
from broadsheet.site.logs import granian_logging
from broadsheet.site.server.address import Address, CannotServe, free_address
from broadsheet.site.server.app import Application, Worker
from broadsheet.site.server.prepare import StoppedError, prepare
from broadsheet.site.server.reload import serve_again_and_again
from broadsheet.site.server.room import CONNECTIONS, raise_open_files, streams_at_most
from broadsheet.site.server.supervisor import Supervisor

__all__ = ["CannotServe", "serve"]

# Above the longest request: what was begun is finished before the worker would be killed.
KILL_SECONDS: Final = 60
# A client must send its request's head within this time.
HEAD_MILLISECONDS: Final = 10_000
HEAD_BYTES: Final = 64 * 1024


def serve(*, config: Config, demo: bool, reload: bool, say: Callable[[str], None]) -> int:
    """Serve until told to stop by SIGTERM or SIGINT; returns the exit code, 0 for an orderly stop.

    `say` prints the lines that tell where the newsroom is. Raises CannotServe, with one line, when
    the port is taken or the database cannot be brought up to date.
    """
    address = free_address(config["host"], config["port"])
    if reload:
        return serve_again_and_again(config.home)
    raise_open_files(config)
    try:
        told = prepare(demo=demo, is_static_ready=_is_static_ready, load=_load)
    except StoppedError:
        return 0
    _assert_untouched()

    def start() -> Worker:
        from broadsheet.site.server.worker import ServingWorker  # noqa: PLC0415 - after the fork

        announce = _announcement(config, address, told, say)
        return ServingWorker(config=config, address=address, announce=announce)

    connections = CONNECTIONS + streams_at_most(config)
    return supervise(address, Application(start), connections=connections)


def _is_static_ready() -> bool:
    import django  # noqa: PLC0415 - while the database is being prepared

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - as above

    from broadsheet.site.static import is_prepared  # noqa: PLC0415 - as above

    return bool(settings.DEBUG) or is_prepared()


def _load() -> None:
    """Load the program, which the worker then shares."""
    from django.conf import settings  # noqa: PLC0415 - loaded by now

    from broadsheet.site.static import reload_names  # noqa: PLC0415 - as above

    reload_names()
    for module in (settings.ROOT_URLCONF, "broadsheet.site.server.worker"):
        importlib.import_module(module)


def _assert_untouched() -> None:
    """Make sure that no thread and no database connection crosses the fork."""
    from django.db import connections  # noqa: PLC0415 - loaded by now

    alive = [thread.name for thread in threading.enumerate()]
    used = [each.alias for each in connections.all(initialized_only=True) if each.connection]
    if len(alive) > 1 or used:
        raise RuntimeError(f"before the fork there are threads {alive}, connections {used}")
    # What is loaded by now stays shared: the collector must not write into it.
    gc.collect()
    gc.freeze()


def supervise(address: Address, application: Application, *, connections: int = CONNECTIONS) -> int:
    # The worker inherits what was loaded; Python 3.14 would start it from nothing.
    multiprocessing.set_start_method("fork", force=True)
    server = Supervisor(
        "broadsheet",
        address=address.host,
        port=address.port,
        interface=Interfaces.RSGI,
        workers=1,
        # HTTP/2 ends at the proxy; here it would only be more to attack.
        http=HTTPModes.http1,
        websockets=False,
        backlog=CONNECTIONS,
        # Beyond so many open ones no connection is taken.
        backpressure=connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES
        ),
        log_level=LogLevels.warning,
        log_dictconfig=granian_logging(),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
    )

    @server.on_startup
    def hang_up() -> None:
        """Stop when the terminal is closed, where granian would start its worker anew."""
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)

    def application_in(_target: str) -> Application:
        return application

    try:
        server.serve(target_loader=application_in)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _announcement(
    config: Config, address: Address, told: dict[str, Any], say: Callable[[str], None]
) -> Callable[[], None]:
    def announce() -> None:
        say(f"{config['name']} is at {address.url}/")
        if config["url"] != address.url:
            say(f"Readers reach it at {config['url']}/")
        # The link opens the desk: where others may read the log, only a terminal shows it.
        if "sign_in" in told and (is_loopback(config["url"]) or sys.stdout.isatty()):
            say(f"Staff sign in here, once: {config['url']}{told['sign_in']}")
        sys.stdout.flush()

    return announce
