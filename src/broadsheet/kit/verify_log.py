"""Check a log of moderation decisions.

    python3 verify_log.py FILE-OR-ADDRESS [SIZE:HASH]

FILE has one entry in each line, as /moderation/log.jsonl gives them; "-" is what is piped in; an
address is that of a log.jsonl, read to its end. SIZE:HASH is a head that somebody wrote down: the
log has to be the same up to there. It says "whole" and its own head, or names the first entry that
was altered, left out, put in or moved. This file needs Python 3.9 or newer and nothing else.

Each entry is JSON with sorted keys, without white space, in UTF-8. Its "hash" is the SHA-256 of the
hash of the entry before it (32 zero bytes before the first) followed by the rest of the entry.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

GENESIS = "0" * 64
# An answer of the site has at most so many bytes, or something is wrong with it.
LONGEST_LINE = 10_000


class Result(NamedTuple):
    """What was found: `number` is the first entry that is wrong, 0 where none is."""

    size: int
    hash: str
    number: int = 0
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.problem

    @property
    def head(self) -> str:
        return f"{self.size}:{self.hash}"


def verify(lines: Iterable[str], head: str = "") -> Result:
    """Walk the log from its first entry, and stop at the first that does not follow."""
    previous, size = GENESIS, 0
    known_size, known_hash = read_head(head)
    for line in lines:
        if not line.strip():
            continue
        entry = _read(line)
        problem = _problem(entry, previous, size)
        if problem:
            return Result(size, previous, size + 1, problem)
        size, previous = size + 1, entry["hash"]
        if size == known_size and previous != known_hash:
            said = f"the log up to entry {size} is another one than that of the head {head}"
            return Result(size, previous, size, said)
    if size < known_size:
        said = f"the log ends at entry {size}; the head {head} had {known_size}"
        return Result(size, previous, size + 1, said)
    return Result(size, previous)


def read_head(head: str) -> tuple[int, str]:
    """Return size and hash of a head that was written down; (0, "") where none was."""
    if not head:
        return 0, ""
    size, _, known = head.partition(":")
    if not size.isdecimal() or len(known) != len(GENESIS):
        raise ValueError(f"{head!r} is no head: it is SIZE:HASH, as the page of the log shows it")
    return int(size), known.lower()


def _read(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _problem(entry: dict[str, Any], previous: str, size: int) -> str:
    """Say what is wrong with an entry after `size` others, the last of which has `previous`."""
    due = size + 1
    number, claimed = entry.get("number"), entry.get("hash")
    if not isinstance(number, int) or isinstance(number, bool) or not isinstance(claimed, str):
        return f"in place of entry {due} stands what is no entry"
    if number > due:
        return f"entry {due} is missing: entry {number} stands in its place"
    if number < due:
        return f"entry {number} stands once more in place of entry {due}: it was put in, or moved"
    payload = {key: value for key, value in entry.items() if key != "hash"}
    body = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        hashed = hashlib.sha256(bytes.fromhex(previous) + body.encode()).hexdigest()
    except UnicodeEncodeError:
        hashed = ""
    if hashed == claimed:
        return ""
    if not size:
        return "entry 1 was altered"
    return f"entry {due} was altered, or does not follow entry {size} as that stands here"


def _opened(asked: Request) -> HTTPResponse:
    try:
        answer: HTTPResponse = urlopen(asked, timeout=60)  # noqa: S310 - its scheme was looked at
    except HTTPError as error:
        raise ValueError(
            f"{asked.full_url} answered {error.code}: give the address of a site's log,"
            " https://…/moderation/log.jsonl"
        ) from error
    return answer


def read_address(address: str) -> Iterator[str]:
    """Yield the lines of a log.jsonl of a site, part by part until there is no more."""
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError(f"{address!r} is no http(s) address")
    after = 0
    while True:
        asked = Request(f"{address}?after={after}", headers={"User-Agent": "verify_log"})  # noqa: S310 - looked at above
        got = 0
        with _opened(asked) as answer:
            while line := answer.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise ValueError("the answer is no log: a line of it is too long")
                got += 1
                yield line.decode("utf-8", "replace")
        if not got:
            return
        after += got


def lines_of(source: str) -> Iterable[str]:
    """Return the lines of a file, of what is piped in, or of an address."""
    if source == "-":
        return sys.stdin
    if urlsplit(source).scheme in {"http", "https"}:
        return read_address(source)
    return Path(source).open(encoding="utf-8", errors="replace")


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2 or arguments[0] in {"-h", "--help"}:  # noqa: PLR2004 - source and head
        sys.stdout.write(__doc__ or "")
        return 2
    try:
        result = verify(lines_of(arguments[0]), *arguments[1:])
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    said = "whole" if result.is_whole else f"NOT whole: {result.problem}"
    sys.stdout.write(f"{said}\n{result.head}\n")
    return 0 if result.is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
