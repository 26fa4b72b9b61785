"""A story and its comments on WordPress, as Debian packages it, beside the same page of ours.

All of it, PHP and MariaDB too, has the one core that ours has. First each page is rendered for
whoever asks; then nginx keeps it, and sends it as it is or compressed for each who asks. How it is
set up, and what is not alike, is in wordpress_peer/README.md. wrk may be at its end before a page
from nginx's cache or ours is: the processor's time for each is printed too.

WordPress' own comments do less than ours. A plugin that does more may be given as its unpacked
folder, and is measured with it:

    .venv/bin/python tools/bench_wordpress.py            what bench.py measures
    .venv/bin/python tools/bench_wordpress.py wpdiscuz/  with the comments of that plugin

Nothing is installed and no service touched; where a package is missing, that is said.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench_page import COMPRESSED, FEW, GZIP, TALK, broadsheet, in_turns, over, tell
from bench_processes import NotMeasuredError
from bench_wrk import Serving, check_wrk, serving, started

PORTS: Final = {"rendered": 28140, "cached": 28141}
CONFIGURED: Final = Path(__file__).with_name("wordpress_peer")
DEBIAN: Final = Path("/usr/share/wordpress")
THEME: Final = "twentytwentyone"
PACKAGES: Final = (
    "nginx-light php php-fpm php-mysql mariadb-server-core wordpress"
    " wordpress-theme-twentytwentyone"
)
# WordPress whole in memory, and nobody looks whether a file has changed.
OPCACHE: Final = (
    "opcache.enable=1",
    "opcache.memory_consumption=128",
    "opcache.interned_strings_buffer=16",
    "opcache.max_accelerated_files=10000",
    "opcache.validate_timestamps=0",
)
MARIADB: Final = ("--no-defaults", "--skip-networking", "--innodb-buffer-pool-size=256M")
WRITER: Final = b"Rhea Sands"
FLOORS = {
    # A kept page beside one that is rendered each time, beside one that nginx keeps, a file to it,
    # and beside that one when it is compressed for each. What was aimed at was wpDiscuz, by what
    # nginx gave of it: those two bounds are in bench_page.py, in answers a second.
    "page.hit_over_wordpress": (200.0, "ratio"),
    "page.hit_over_wordpress_cached": (0.75, "ratio"),
    "page.compressed_over_wordpress_cached": (5.0, "ratio"),
}


@dataclass(frozen=True, slots=True)
class Programs:
    nginx: str
    php: str
    fpm: str
    mariadb: str
    install: str


def beside_wordpress(plugin: Path | None = None) -> dict[str, float]:
    """Compare a story with its comments. Raises NotMeasuredError."""
    check_wrk()
    programs = check_packages()
    with (
        broadsheet() as (newsroom, folder),
        wordpress(folder / "wordpress", programs, plugin) as theirs,
    ):
        ours = newsroom.at(f"/town/s{TALK}/")
        kept = replace(theirs, url=theirs.url.replace(str(PORTS["rendered"]), str(PORTS["cached"])))
        sizes = {name: len(s.page()) / 1024 for name, s in {"ours": ours, "theirs": kept}.items()}
        rendered = in_turns(
            {"broadsheet": ours, "wordpress": replace(theirs, connections=FEW)}, rounds=2
        )
        cached = in_turns({"broadsheet": ours, "wordpress": kept})
        packed = in_turns({"broadsheet": ours.asked(COMPRESSED), "wordpress": kept.asked(GZIP)})
    print(f"pages: ours {sizes['ours']:.0f} KB, theirs {sizes['theirs']:.0f} KB", file=sys.stderr)
    tell(f"a story with {TALK} comments, WordPress rendering each", rendered)
    tell("… from nginx's cache", cached)
    tell("… and compressed", packed)
    return {
        "page.hit_over_wordpress": over(rendered, "wordpress"),
        "page.hit_over_wordpress_cached": over(cached, "wordpress"),
        "page.compressed_over_wordpress_cached": over(packed, "wordpress"),
    }


def check_packages() -> Programs:
    """Find what WordPress needs. Raises NotMeasuredError."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    fpm = next((str(p) for p in sorted(Path("/usr/sbin").glob("php-fpm*"), reverse=True)), None)
    found = [shutil.which(p, path=path) for p in ("nginx", "php", "mariadbd", "mariadb-install-db")]
    theme = DEBIAN / "wp-content" / "themes" / THEME
    nginx, php, mariadb, install = found
    if not (nginx and php and fpm and mariadb and install and theme.is_dir()):
        raise NotMeasuredError(
            "WordPress or what it needs is not there"
            f" (Debian: apt-get install --no-install-recommends {PACKAGES})"
        )
    return Programs(nginx, php, fpm, mariadb, install)


@contextmanager
def wordpress(folder: Path, programs: Programs, plugin: Path | None) -> Iterator[Serving]:
    """Serve the story from files and a database of its own."""
    site = folder / "www"
    shutil.copytree(DEBIAN, site, ignore_dangling_symlinks=True)
    for name in ("nginx.conf", "php-fpm.conf"):
        write(name, folder / name, home=folder)
    write("wp-config.php", site / "wp-config.php", home=folder)
    if plugin:
        shutil.copytree(plugin, site / "wp-content" / "plugins" / plugin.name)
    with ExitStack() as open_until_the_end:
        database = open_until_the_end.enter_context(mariadb(folder, programs))
        path = prepare(site, programs, plugin)
        options = [part for option in OPCACHE for part in ("-d", option)]
        fpm = started(
            [programs.fpm, *(["-R"] if root() else []), *options, "-y", folder / "php-fpm.conf"],
            ready=lambda: listens(folder / "php.sock"),
            log=folder / "php-fpm.log",
        )
        php = open_until_the_end.enter_context(fpm)
        nginx = serving(
            [programs.nginx, "-p", folder, "-c", folder / "nginx.conf"],
            f"http://127.0.0.1:{PORTS['rendered']}{path}",
            log=folder / "nginx.out",
        )
        served = open_until_the_end.enter_context(nginx)
        if served.page().count(WRITER) < TALK:
            raise RuntimeError("WordPress does not show the comments")
        yield replace(served, besides=(php, database))


def write(name: str, target: Path, *, home: Path) -> None:
    """Write one of WordPress' settings for this folder and these ports."""
    said = (CONFIGURED / name).read_text()
    words = {
        "HOME": str(home),
        "RENDERED": str(PORTS["rendered"]),
        "CACHED": str(PORTS["cached"]),
        "NGINX_USER": "user root;" if root() else "",
        "PHP_USER": "user = root" if root() else "",
    }
    for word, value in words.items():
        said = said.replace(f"@{word}@", value)
    target.write_text(said)


@contextmanager
def mariadb(folder: Path, programs: Programs) -> Iterator[subprocess.Popen[bytes]]:
    """Run a database that only this folder knows of."""
    data, line = folder / "mariadb", folder / "mariadb.sock"
    user = ["--user=root"] if root() else []
    command = [programs.install, "--no-defaults", f"--datadir={data}", *user]
    command += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with started(
        [programs.mariadb, *MARIADB, f"--datadir={data}", f"--socket={line}", *user],
        ready=lambda: listens(line),
        log=folder / "mariadb.log",
    ) as process:
        yield process


def prepare(site: Path, programs: Programs, plugin: Path | None) -> str:
    """Write the site and its story; returns the story's path."""
    added = [plugin.name] if plugin else []
    said = php(programs, "prepare.php", site, str(TALK), THEME, *added)
    if plugin:
        php(programs, "desk.php", site)
    return said.splitlines()[-1]


def php(programs: Programs, name: str, *arguments: str | Path) -> str:
    command = [programs.php, CONFIGURED / name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout[-500:]}{done.stderr[-500:]}"
        raise RuntimeError(f"WordPress was not set up: {said}")
    return done.stdout


def listens(line: Path) -> bool:
    """Say whether somebody answers at this socket."""
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(line)) == 0


def root() -> bool:
    return os.geteuid() == 0


if __name__ == "__main__":
    print(json.dumps(beside_wordpress(Path(sys.argv[1]) if sys.argv[1:] else None), indent=2))
