"""Side by side with Isso, a comment server in Python that does much less: posts and first pages.

Both are served here on one core, over HTTP, from a database in a file, with the same comments; by
turns, so that what else the machine does falls on both alike. Isso is set up in an environment of
its own at first use. bench.py calls `figures()`; by itself this prints what it measured.

A post of Broadsheet's is a new guest's: the device is given its identity, the words become HTML,
the counters and the thread's event are written with it, and it is on the disk when the answer goes
out. A page of Broadsheet's is the whole story with its thread as HTML; Isso's is the thread alone,
as JSON.
"""

import http.client
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench_processes import NotMeasuredError, cpu_seconds

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ISSO = ROOT / "var" / "bench" / "isso"
ISSO_VERSION, GUNICORN_VERSION = "0.14.0", "26.0.0"
PORTS = {"broadsheet": 28118, "isso": 28119}
CORE = "1"
SIZES = (50, 1_000)
CLIENTS, POSTS, PAGES, ROUNDS = 4, 200, 40, 5
WORDS = "The ferry *was* late again, and the timetable of number {} says nothing about it."
STARTING = 90


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request took: seconds of the clock and of the processor, and bytes of its answer."""

    seconds: float
    cpu: float
    size: float


@dataclass(frozen=True, slots=True)
class Peer:
    """A server under measure, and how it is asked: `post` and `page` return the answer's bytes."""

    process: subprocess.Popen[bytes]
    post: Callable[[http.client.HTTPConnection, int], int]
    page: Callable[[http.client.HTTPConnection, int], int]
    port: int

    def measured(self, call: Callable[[http.client.HTTPConnection], int], times: int) -> Cost:
        """Ask `times` times from several clients at once."""
        lines: queue.SimpleQueue[http.client.HTTPConnection] = queue.SimpleQueue()
        for _ in range(CLIENTS):
            lines.put(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60))

        def once(_: int) -> int:
            line = lines.get()
            try:
                return call(line)
            finally:
                lines.put(line)

        with ThreadPoolExecutor(CLIENTS) as clients:
            began, cpu = time.perf_counter(), cpu_seconds(self.process.pid)
            sizes = list(clients.map(once, range(times)))
            seconds = time.perf_counter() - began
            used = cpu_seconds(self.process.pid) - cpu
        return Cost(seconds / times, used / times, sum(sizes) / times)


def figures() -> dict[str, float]:
    """Measure both; raises NotMeasuredError. The figures are those of bench.py's BOUNDS."""
    set_up_isso()
    numbers = count()
    with ExitStack() as served:
        folder = Path(served.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-isso-")))
        peers = {
            "isso": served.enter_context(isso(folder / "isso")),
            "broadsheet": served.enter_context(broadsheet(folder / "home")),
        }
        posts = in_turns(peers, lambda peer: lambda line: peer.post(line, next(numbers)), POSTS)
        values = {
            "isso.post_cpu_ours_over_theirs": posts["broadsheet"].cpu / posts["isso"].cpu,
            "isso.posts_per_second_theirs_over_ours": (
                posts["broadsheet"].seconds / posts["isso"].seconds
            ),
        }
        tell("a post", posts)
        for size in SIZES:
            pages = in_turns(
                peers, lambda peer, size=size: lambda line: peer.page(line, size), PAGES
            )
            tell(f"the first page of {size} comments", pages)
            values[f"isso.pages_per_second_theirs_over_ours_at_{size}"] = (
                pages["broadsheet"].seconds / pages["isso"].seconds
            )
    return values


def in_turns(
    peers: dict[str, Peer],
    call: Callable[[Peer], Callable[[http.client.HTTPConnection], int]],
    times: int,
) -> dict[str, Cost]:
    """Measure each peer several times, by turns; returns the medians."""
    for peer in peers.values():
        peer.measured(call(peer), CLIENTS * 5)
    costs: dict[str, list[Cost]] = {name: [] for name in peers}
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            costs[name].append(peer.measured(call(peer), times))
    return {
        name: Cost(*(median(getattr(one, part) for one in some) for part in Cost.__slots__))
        for name, some in costs.items()
    }


def tell(what: str, costs: dict[str, Cost]) -> None:
    for name, cost in costs.items():
        print(
            f"{what}: {name} {1 / cost.seconds:.0f} a second, {cost.cpu * 1000:.1f} ms of CPU,"
            f" {cost.size / 1024:.1f} KB",
            file=sys.stderr,
        )


def asked(
    line: http.client.HTTPConnection, method: str, path: str, body: str, headers: dict[str, str]
) -> int:
    """Ask and return how long the answer is; raises RuntimeError for one that is a refusal."""
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    data = answer.read()
    if answer.status not in {200, 201}:
        raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
    return len(data)


def set_up_isso() -> None:
    """Install Isso and its server into a folder of its own. Raises NotMeasuredError."""
    uv, python = os.environ.get("UV", "uv"), ISSO / "bin" / "python"
    if python.exists():
        return
    wanted = (f"isso=={ISSO_VERSION}", f"gunicorn=={GUNICORN_VERSION}")
    for command in (("venv", "-q", str(ISSO)), ("pip", "install", "-q", *wanted)):
        environment = os.environ | {"VIRTUAL_ENV": str(ISSO)}
        try:
            done = subprocess.run([uv, *command], env=environment, capture_output=True, check=False)
        except FileNotFoundError as error:
            raise NotMeasuredError(f"Isso could not be installed: there is no {uv}") from error
        if done.returncode:
            raise NotMeasuredError(f"Isso could not be installed: {done.stderr.decode()[-300:]}")


@contextmanager
def isso(folder: Path, *, sizes: tuple[int, ...] = SIZES) -> Iterator[Peer]:
    folder.mkdir()
    (folder / "isso.cfg").write_text(
        f"[general]\ndbpath = {folder}/comments.db\nhost = http://127.0.0.1:{PORTS['isso']}/\n"
        "[guard]\nenabled = false\n[moderation]\nenabled = false\n"
    )
    command = [ISSO / "bin" / "gunicorn", "-w", "1", "-b", f"127.0.0.1:{PORTS['isso']}", "isso.run"]
    environment = os.environ | {"ISSO_SETTINGS": str(folder / "isso.cfg")}

    def post_to(line: http.client.HTTPConnection, story: str, number: int) -> int:
        said = {"text": WORDS.format(number), "author": "Ruben Tallow", "title": "A story"}
        headers = {"Content-Type": "application/json"}
        return asked(line, "POST", f"/new?uri=/{story}/", json.dumps(said), headers)

    with served(command, environment, PORTS["isso"], "/?uri=/50/", folder) as process:
        line = http.client.HTTPConnection("127.0.0.1", PORTS["isso"], timeout=60)
        for size in sizes:
            for number in range(size):
                post_to(line, str(size), number)
        yield Peer(
            process,
            lambda line, number: post_to(line, "empty", number),
            lambda line, size: asked(line, "GET", f"/?uri=/{size}/", "", {}),
            PORTS["isso"],
        )


@contextmanager
def broadsheet(home: Path) -> Iterator[Peer]:
    home.mkdir()
    port = PORTS["broadsheet"]
    url = f"http://127.0.0.1:{port}"
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("BROADSHEET_", "DATABASE_"))}
    environment = kept | {
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_URL": url,
        "BROADSHEET_HOLD_FIRST_COMMENT": "false",
        "BROADSHEET_TRUSTED_PROXIES": "127.0.0.1/32",
    }
    begin = "import django; django.setup(); import bench_isso; bench_isso.prepare()"
    prepared = subprocess.run(
        [BIN / "python", "-c", begin],
        cwd=ROOT / "tools",
        env=environment | {"DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    thread = json.loads(prepared.stdout.splitlines()[-1])

    def post(line: http.client.HTTPConnection, number: int) -> int:
        said = {"body": WORDS.format(number), "name": "Ruben Tallow"}
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            # Everybody from a network of their own, or there would soon be too many of one.
            "X-Forwarded-For": f"10.{number >> 8}.{number & 255}.7",
        }
        return asked(line, "POST", f"/t/{thread}/comments/", urlencode(said), headers)

    command = [BIN / "broadsheet", "serve", "--port", str(port)]
    with served(command, environment, port, "/healthz", home) as process:
        yield Peer(
            process, post, lambda line, size: asked(line, "GET", f"/town/s{size}/", "", {}), port
        )


def prepare(sizes: tuple[int, ...] = SIZES) -> None:
    """Write a newsroom with the stories to measure; prints the thread that is posted to."""
    from django.conf import settings  # noqa: PLC0415 - as above
    from django.core.management import call_command  # noqa: PLC0415 - as above

    import bench_thread  # noqa: PLC0415 - needs Django set up
    from broadsheet.discussion.models import Thread  # noqa: PLC0415 - as above
    from broadsheet.stories import api as stories  # noqa: PLC0415 - as above
    from broadsheet.stories.models import SectionPage, StoryPage  # noqa: PLC0415 - as above

    call_command("migrate", interactive=False, verbosity=0)
    front = stories.set_up_site(name="The Harbour Post", url=settings.BROADSHEET_URL)
    section = front.add_child(instance=SectionPage(title="Town"))
    section.save_revision().publish()
    threads = []
    for size in (0, *sizes):
        story = section.add_child(instance=StoryPage(title=f"S{size}", slug=f"s{size}", live=False))
        story.save_revision().publish()
        threads.append(Thread.objects.get(url=stories.url_of(story)).pk)
        bench_thread.fill(threads[-1], size)
    print(json.dumps(threads[0]))


@contextmanager
def served(
    command: list[str | Path], environment: dict[str, str], port: int, path: str, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server on one core and wait until it answers."""
    with (folder / "bench.log").open("wb") as log:
        process = subprocess.Popen(
            ["taskset", "-c", CORE, *command], env=environment, stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + STARTING
            while not answers(f"http://127.0.0.1:{port}{path}"):
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError(f"it did not start: {(folder / 'bench.log').read_text()}")
                time.sleep(0.1)  # between two questions; what is waited for is the answer
            yield process
        finally:
            process.terminate()
            process.wait(timeout=90)


def answers(url: str) -> bool:
    """Say whether a server is there, whatever it thinks of the address."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
