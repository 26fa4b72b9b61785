"""Thousands of open pages, in one process: opens so many event streams, and says what arrives when.

    bench_listeners.py PORT STREAMS QUERY

It prints "open" when all of them know where their thread is, and from then on a line of JSON for
each comment that all of them were told of: its number, and when, by the system's clock.
"""

import json
import os
import re
import resource
import selectors
import socket
import sys
import time

PER_NETWORK = 200
NEW = re.compile(rb'"new":\[(\d+)')
EVENT = re.compile(rb"id: \d+")


def main(port: int, streams: int, query: str) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    selector = selectors.EpollSelector()
    for number in range(streams):
        network = number // PER_NETWORK
        head = f"GET /live/?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        head += f"X-Forwarded-For: 10.{network >> 8}.{network & 255}.7\r\n\r\n"
        one = socket.create_connection(("127.0.0.1", port), timeout=30)
        one.sendall(head.encode())
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ, number)
    began: set[int] = set()
    arrived: dict[int, list[float]] = {}
    while True:
        for key, _ in selector.select():
            data = read(key.fd)
            if not data:
                print(f"stream {key.data} ended", flush=True)
                selector.unregister(key.fileobj)
                continue
            if len(began) < streams and EVENT.search(data):
                began.add(key.data)
                if len(began) == streams:
                    print("open", flush=True)
            found = NEW.search(data)
            if found:
                times = arrived.setdefault(int(found[1]), [])
                times.append(time.monotonic())
                if len(times) == streams:
                    print(json.dumps({"number": int(found[1]), "at": times}), flush=True)


def read(one: int) -> bytes:
    try:
        return os.read(one, 65536)
    except OSError:
        return b""


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
