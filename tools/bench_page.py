"""Public pages as readers in crowds meet them, beside what else could serve them.

On one core each, asked by wrk from the other, by turns: Broadsheet's story page; granian with the
same bytes and nothing behind it; nginx with the same bytes in a file; the thread alone from Isso;
a story on a plain Wagtail site, rendered each time.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Final

import bench_isso
from bench_processes import NotMeasuredError
from bench_wrk import Rate, Serving, check_wrk, serving

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PORTS = {"broadsheet": 28120, "constant": 28121, "nginx": 28122, "wagtail": 28123}
# Forty kilobytes, and what an orientation by other systems was measured with.
PAGE, TALK = 24, 50
# Of servers that render each answer: many at once would only be in each other's way.
FEW = 8
ROUNDS, SECONDS, WARM = 3, 4, 1
COMPRESSED: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}
GZIP: Final = {"Accept-Encoding": "gzip"}

NGINX = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=600s;
  default_type text/html;
  {paths}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;
    location = /page.html {{ }}
    location = /packed.html {{ gzip on; }}
  }}
}}
"""


BOUNDS = {
    # The slowest of a hundred answers, with more readers than a core serves.
    "page.p99_over_constant": (3.0, "ratio"),
    "page.p99_over_nginx": (3.0, "ratio"),
}
FLOORS = {
    # A kept page beside the same bytes from granian with nothing behind it, from nginx as a file,
    # from Wagtail rendered each time, and beside the thread alone from Isso.
    "page.hit_over_constant": (0.75, "ratio"),
    "page.hit_over_nginx": (0.35, "ratio"),
    "page.hit_over_wagtail": (400.0, "ratio"),
    "page.hit_over_isso": (100.0, "ratio"),
    # Twice what nginx was measured to give from its cache in front of WordPress with wpDiscuz, of a
    # story with fifty comments; and fifty times that when it compresses.
    "page.story_per_s": (13_422.0, "a second"),
    "page.compressed_per_s": (11_550.0, "a second"),
    "page.compressed_over_nginx_gzip": (1.0, "ratio"),
}


def beside_constant() -> dict[str, float]:
    """Compare a page with the same bytes when nobody has to look for them; and compressed.

    Like those below it raises NotMeasuredError where that cannot be done.
    """
    with broadsheet() as (newsroom, folder), constant(folder, newsroom.page()) as other:
        rates = in_turns({"broadsheet": newsroom, "constant": other})
        packed = in_turns({"broadsheet": newsroom.asked(COMPRESSED)})
    tell("a page of forty kilobytes", rates)
    tell("the same, compressed", packed)
    return {
        "page.hit_over_constant": of_a_core(rates, "constant"),
        "page.p99_over_constant": rates["broadsheet"].p99 / rates["constant"].p99,
        "page.compressed_per_s": packed["broadsheet"].per_second,
    }


def beside_nginx() -> dict[str, float]:
    """Compare with a file of the same bytes, which nginx compresses for each who asks for it."""
    with broadsheet() as (newsroom, folder), nginx(folder, newsroom.page()) as other:
        rates = in_turns({"broadsheet": newsroom, "nginx": other})
        ours, theirs = newsroom.asked(COMPRESSED), other.at("/packed.html").asked(GZIP)
        packed = in_turns({"broadsheet": ours, "nginx": theirs})
    tell("a page of forty kilobytes", rates)
    tell("the same, compressed", packed)
    return {
        "page.hit_over_nginx": of_a_core(rates, "nginx"),
        "page.p99_over_nginx": rates["broadsheet"].p99 / rates["nginx"].p99,
        "page.compressed_over_nginx_gzip": over(packed, "nginx"),
    }


def beside_wagtail() -> dict[str, float]:
    """Compare a story and its comments with one that is rendered for every reader."""
    with broadsheet() as (newsroom, folder), wagtail(folder / "wagtail") as other:
        talk = newsroom.at(f"/town/s{TALK}/")
        rates = in_turns({"broadsheet": talk, "wagtail": other}, rounds=2)
    tell(f"a story with {TALK} comments", rates)
    return {
        "page.hit_over_wagtail": over(rates, "wagtail"),
        "page.story_per_s": rates["broadsheet"].per_second,
    }


def beside_isso() -> dict[str, float]:
    """Compare with the thread alone, which is a part of the page, as JSON."""
    check_wrk()
    bench_isso.set_up_isso()
    with (
        broadsheet() as (newsroom, folder),
        bench_isso.isso(folder / "isso", sizes=(TALK,)) as peer,
    ):
        theirs = Serving(
            peer.process, f"http://127.0.0.1:{peer.port}/?uri=/{TALK}/", connections=FEW
        )
        talk = newsroom.at(f"/town/s{TALK}/")
        rates = in_turns({"broadsheet": talk, "isso": theirs}, rounds=2)
    tell(f"{TALK} comments", rates)
    return {"page.hit_over_isso": over(rates, "isso")}


def over(rates: dict[str, Rate], peer: str) -> float:
    """Return how many times as many answers ours gives as a peer."""
    return rates["broadsheet"].per_second / rates[peer].per_second


def of_a_core(rates: dict[str, Rate], peer: str) -> float:
    """Return the same by what a core could do: wrk is at its end before nginx is."""
    return rates[peer].cpu / rates["broadsheet"].cpu


def in_turns(peers: dict[str, Serving], *, rounds: int = ROUNDS) -> dict[str, Rate]:
    """Measure each several times, by turns; returns the medians."""
    for peer in peers.values():
        peer.measured(WARM)
    found: dict[str, list[Rate]] = {name: [] for name in peers}
    for _ in range(rounds):
        for name, peer in peers.items():
            found[name].append(peer.measured(SECONDS))
    return {
        name: Rate(*(median(getattr(one, part) for one in some) for part in Rate.__slots__))
        for name, some in found.items()
    }


def tell(what: str, rates: dict[str, Rate]) -> None:
    for name, rate in rates.items():
        print(
            f"{what}: {name} {rate.per_second:,.0f} a second, p99 {rate.p99 * 1000:.1f} ms,"
            f" {rate.cpu * 1e6:,.0f} µs of CPU, {rate.busy:.0%} of its core",
            file=sys.stderr,
        )


@contextmanager
def broadsheet(**settings: str) -> Iterator[tuple[Serving, Path]]:
    """Serve a newsroom whose stories have the numbers of comments that are measured.

    The folder that comes with it is removed at the end. `settings` are more of the environment.
    """
    check_wrk()
    with tempfile.TemporaryDirectory(prefix="broadsheet-page-") as name:
        home = Path(name, "home")
        home.mkdir()
        url = f"http://127.0.0.1:{PORTS['broadsheet']}"
        environment = newsroom_environment(home, url) | settings
        begin = "import django; django.setup(); import bench_page; bench_page.prepare()"
        subprocess.run(
            [BIN / "python", "-c", begin],
            cwd=ROOT / "tools",
            env=environment | {"DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        command = [BIN / "broadsheet", "serve", "--port", str(PORTS["broadsheet"])]
        page = f"{url}/town/s{PAGE}/"
        with serving(command, page, log=home / "bench.log", environment=environment) as newsroom:
            yield newsroom, Path(name)


def newsroom_environment(home: Path, url: str) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("BROADSHEET_", "DATABASE_"))}
    return kept | {
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_URL": url,
        "BROADSHEET_HOLD_FIRST_COMMENT": "false",
        "BROADSHEET_TRUSTED_PROXIES": "127.0.0.1/32",
    }


def prepare() -> None:
    """Write the newsroom; in a process with its settings."""
    bench_isso.prepare(sizes=(PAGE, TALK))


@contextmanager
def constant(folder: Path, page: bytes) -> Iterator[Serving]:
    (folder / "page.html").write_bytes(page)
    port = str(PORTS["constant"])
    command = [BIN / "python", ROOT / "tools" / "bench_constant.py", folder / "page.html", port]
    with serving(command, f"http://127.0.0.1:{port}/", log=folder / "constant.log") as served:
        yield served


@contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[Serving]:
    """Serve the page as a file. Raises NotMeasuredError where there is no nginx."""
    program = next(
        (p for p in map(Path, ("/usr/sbin/nginx", "/usr/bin/nginx")) if p.exists()), None
    )
    if program is None:
        raise NotMeasuredError("there is no nginx (Debian: apt-get install nginx-light)")
    own = folder / "nginx"
    (own / "www").mkdir(parents=True)
    for name in ("page.html", "packed.html"):
        (own / "www" / name).write_bytes(page)
    paths = "".join(
        f"{kind}_temp_path {own}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (own / "nginx.conf").write_text(
        NGINX.format(folder=own, port=PORTS["nginx"], paths=paths, user=user)
    )
    command = [program, "-p", own, "-c", own / "nginx.conf"]
    url = f"http://127.0.0.1:{PORTS['nginx']}/page.html"
    with serving(command, url, log=folder / "nginx.log") as served:
        yield served


@contextmanager
def wagtail(folder: Path) -> Iterator[Serving]:
    """Serve the story of wagtail_peer/."""
    folder.mkdir()
    environment = os.environ | {"WAGTAIL_PEER_HOME": str(folder)}
    tools = ROOT / "tools"
    subprocess.run(
        [BIN / "python", "-m", "wagtail_peer.prepare", str(TALK)],
        cwd=tools,
        env=environment,
        check=True,
    )
    command = [BIN / "granian", "--interface", "wsgi", "--workers", "1", "--no-ws"]
    command += ["--blocking-threads", "1"]
    command += ["--port", str(PORTS["wagtail"]), "wagtail_peer.wsgi:application"]
    url = f"http://127.0.0.1:{PORTS['wagtail']}/town/s0/"
    with serving(
        command, url, log=folder / "bench.log", environment=environment, cwd=tools
    ) as served:
        yield replace(served, connections=FEW)


if __name__ == "__main__":
    found: dict[str, float] = {}
    for measure in (beside_constant, beside_nginx, beside_wagtail, beside_isso):
        found |= measure()
    print(json.dumps(found, indent=2))
