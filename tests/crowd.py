"""Several who do something at the same moment, as readers and editors do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, connections

from broadsheet.kit.verdict import RefusalError


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls at the same moment, each on a connection of its own; return their answers.

    A refusal is an answer; any other error is raised here.
    """
    barrier = Barrier(len(calls), timeout=20)

    def run(call: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait()
            return call()
        except RefusalError as error:
            return error.verdict.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
