"""Granian, the dispatcher and a small application in a process of their own."""

import http.client
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from granian import Granian
from granian.net import SocketHolder
from granian.server.mp import MPServer

from broadsheet.site.server.address import CannotServe, listen
from broadsheet.site.server.supervisor import DEATHS, let_in_no_more, waiting
from serving import free_port, freeze, worker_of

pytestmark = pytest.mark.process

PROGRAM = Path(__file__).parents[1] / "plain_server.py"


class Plain:
    """The running program and its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        (folder / "static").mkdir()
        (folder / "static" / "a.0123456789ab.css").write_text("a {}")
        (folder / "static" / "large.bin").write_bytes(b"x" * 3_000_000)
        (folder / "media" / "images").mkdir(parents=True)
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self.port), str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.ended = threading.Timer(60, self.kill)
        self.ended.start()
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "answers\n"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    @contextmanager
    def asking(self, path: str) -> Iterator[socket.socket]:
        """Ask for something, and leave its answer to be read."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            yield line

    def pipe(self, name: str) -> Path:
        """Make a named pipe: a request for /hold/NAME is held until `let_go(NAME)`."""
        path = self.folder / name
        os.mkfifo(path)
        return path

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Plain]:
    server = Plain(tmp_path)
    yield server
    server.ended.cancel()
    server.kill()
    server.process.communicate()


def test_a_request_and_its_answer_pass_through_unchanged(plain: Plain) -> None:
    body = os.urandom(700_000)
    answer, content = plain.ask(
        "/caf%C3%A9/a%2Fb?q=%20&x", "POST", body, X_Forwarded_For="198.51.100.7", Cookie="a=b"
    )
    told = json.loads(content)
    assert answer.status == 200
    assert told["body"] == sha256(body).hexdigest()
    assert told["PATH_INFO"].encode("latin-1").decode() == "/café/a/b"
    assert told["QUERY_STRING"] == "q=%20&x"
    assert told["REMOTE_ADDR"] == "198.51.100.7"
    assert told["HTTP_COOKIE"] == "a=b"
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert len(content) == int(answer.headers["Content-Length"])


def test_nobody_hides_behind_letters_that_no_address_has(plain: Plain) -> None:
    """A proxy that adds the address to what it was sent passes them on."""
    answer, content = plain.ask("/x", X_Forwarded_For="é, 198.51.100.7")
    assert answer.status == 400
    assert b"X-Forwarded-For" in content
    assert plain.ask("/x", X_Forwarded_For="")[0].status == 200


def test_nobody_writes_as_a_guest_because_of_a_cookie_that_cannot_be_read(plain: Plain) -> None:
    """Another program on the same domain may have set it."""
    cookies = "theme=é; session=1"
    answer, content = plain.ask("/x", "POST", b"words", Cookie=cookies)
    assert answer.status == 400
    assert b"cookie" in content
    script = plain.ask("/x", "POST", b"words", Cookie=cookies, Accept="application/json")
    assert (script[0].status, json.loads(script[1])["message"]) == (400, content.decode().strip())
    assert plain.ask("/x", Cookie=cookies)[0].status == 200
    assert plain.ask("/x", "POST", b"words", Cookie="session=1")[0].status == 200
    assert "cookie that cannot be read" in plain.stop()[1]


def test_head_says_what_get_would(plain: Plain) -> None:
    for path in ("/static/a.0123456789ab.css", "/static/large.bin", "/x"):
        got, content = plain.ask(path)
        head, nothing = plain.ask(path, "HEAD")
        assert (head.status, nothing) == (got.status, b"")
        if path != "/x":
            assert int(head.headers["Content-Length"]) == len(content)
            assert head.headers["ETag"] == got.headers["ETag"]


def test_a_known_file_is_not_sent_again(plain: Plain) -> None:
    first, _ = plain.ask("/static/a.0123456789ab.css")
    again, nothing = plain.ask("/static/a.0123456789ab.css", If_None_Match=first.headers["ETag"])
    assert (again.status, nothing) == (304, b"")


@pytest.mark.parametrize("path", ["/static/../began", "/static/%2e%2e/began", "/static/..%2fbegan"])
def test_no_spelling_leaves_the_folder(plain: Plain, path: str) -> None:
    (plain.folder / "began").write_text("secret")
    answer, content = plain.ask(path)
    assert answer.status == 404
    assert b"secret" not in content


def test_a_long_answer_is_streamed_and_its_source_closed(plain: Plain) -> None:
    _, content = plain.ask("/large")
    assert content == b"x" * 64 * 65536
    plain.ask("/large", "HEAD")
    plain.ask("/x")
    plain.ask("/broken")
    assert (plain.folder / "closed").read_text().count("closed") == 4


def test_a_file_that_is_stored_is_sent_and_let_go_at_once(plain: Plain) -> None:
    size = (plain.folder / "static" / "large.bin").stat().st_size
    for method, length in (("GET", size), ("HEAD", 0)):
        answer, content = plain.ask("/file", method)
        assert answer.headers.get_all("Content-Length") == [str(size)]
        assert len(content) == length
    with plain.asking("/file"):
        pass
    opened = Path(f"/proc/{worker_of(plain.process.pid)}/fd")
    if opened.exists():
        names = [str(each.readlink()) for each in opened.iterdir() if each.is_symlink()]
        assert not [name for name in names if "deleted" in name]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs the books of Linux")
def test_a_long_answer_is_not_in_memory_while_its_reader_is_slow(plain: Plain) -> None:
    megabytes, readers = 32, 4
    before = memory_of(plain.process.pid)
    with ExitStack() as stack:
        lines = [stack.enter_context(plain.asking(f"/large?{megabytes}")) for _ in range(readers)]
        begun = [line.recv(64) for line in lines]
        assert {head.partition(b"\r\n")[0] for head in begun} == {b"HTTP/1.1 200 OK"}
        # What they do not read is on the disk. The server does other things meanwhile.
        assert all(plain.ask(path)[0].status == 200 for path in ("/large", "/x"))
        assert memory_of(plain.process.pid) - before < readers * megabytes // 2
        # When they go on they get all of it, though the server has let go of it.
        for line, head in zip(lines, begun, strict=True):
            got = len(head)
            while piece := line.recv(1 << 20):
                got += len(piece)
            assert got > megabytes << 20


def test_too_large_a_body_is_answered_in_words(plain: Plain) -> None:
    answer, content = plain.ask("/x", "POST", b"x" * 5_000_000)
    assert answer.status == 413
    assert b"at most 1 MB" in content


def test_a_client_that_leaves_in_the_middle_harms_nobody(plain: Plain) -> None:
    for head in (b"Content-Length: 1000", b"Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", plain.port)) as client:
            client.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n5\r\nab")
    answer, _ = plain.ask("/x")
    assert answer.status == 200
    assert plain.stop()[0] == 0


def test_files_and_health_are_quick_while_every_thread_is_busy(plain: Plain) -> None:
    pipes = [plain.pipe(f"hold{number}") for number in range(8)]
    with ThreadPoolExecutor(len(pipes)) as clients:
        held = [clients.submit(plain.ask, f"/hold/{pipe.name}") for pipe in pipes]
        # A pipe opens for writing only when its request has opened it for reading.
        writers = [pipe.open("w") for pipe in pipes]
        for path in ("/healthz", "/static/a.0123456789ab.css"):
            assert plain.ask(path)[0].status == 200
        assert not any(future.done() for future in held)
        for writer in writers:
            writer.close()
        assert {future.result()[1] for future in held} == {b"held"}


def test_stopping_drops_no_request_that_was_read(plain: Plain) -> None:
    pipes = [plain.pipe(f"hold{number}") for number in range(4)]
    # More than there are threads: some of these wait in the queue when the stop comes.
    extra = [plain.pipe(f"late{number}") for number in range(8)]
    with ThreadPoolExecutor(20) as clients:
        held = [clients.submit(plain.ask, f"/hold/{pipe.name}") for pipe in pipes + extra]
        with ThreadPoolExecutor(len(held)) as openers:
            writers = [openers.submit(pipe.open, "w") for pipe in pipes + extra]
            while int(plain.ask("/read")[1]) < len(held):
                pass
            plain.process.send_signal(signal.SIGTERM)
            _wait_until_it_refuses(plain.port)
            for writer in writers:
                writer.result().close()
        assert [future.result()[1] for future in held] == [b"held"] * len(held)
    out, _ = plain.process.communicate(timeout=60)
    assert plain.process.returncode == 0, out
    assert (plain.folder / "stopped").exists()


def test_the_terminals_interrupt_is_an_orderly_stop_too(plain: Plain) -> None:
    pipe = plain.pipe("hold")
    with ThreadPoolExecutor(1) as client:
        held = client.submit(plain.ask, "/hold/hold")
        with pipe.open("w"):
            # As Ctrl-C does: to the supervisor and its worker at once.
            os.killpg(plain.process.pid, signal.SIGINT)
            _wait_until_it_refuses(plain.port)
        assert held.result()[1] == b"held"
    out, _ = plain.process.communicate(timeout=60)
    assert plain.process.returncode == 0, out


def test_a_stop_right_after_the_fork_is_heeded(tmp_path: Path) -> None:
    """When the worker has no way of its own yet to stop."""
    (tmp_path / "static").mkdir()
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(free_port()), str(tmp_path), "stop"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "ERROR" not in done.stdout + done.stderr
    assert (tmp_path / "stopped").exists()


def test_a_worker_without_its_supervisor_stops(plain: Plain) -> None:
    pipe = plain.pipe("hold")
    with ThreadPoolExecutor(1) as client:
        held = client.submit(plain.ask, "/hold/hold")
        with pipe.open("w"):
            os.kill(plain.process.pid, signal.SIGKILL)
            _wait_until_it_refuses(plain.port)
            # While it finishes what was begun, the next one can begin.
            listen("127.0.0.1", plain.port, backlog=1).close()
        assert held.result()[1] == b"held"
    # The output ends when the last process that could write to it is gone.
    out, _ = plain.process.communicate(timeout=30)
    assert "supervising process is gone" in out
    assert (plain.folder / "stopped").exists()


def test_granian_has_what_the_supervisor_changes() -> None:
    """Where this fails after an upgrade, read site/server/supervisor.py beside the new granian."""
    assert issubclass(Granian, MPServer)
    server = Granian("x", port=free_port())
    for name in ("_ssp", "_shd", "_sfd", "respawned_wrks", "bind_addr", "bind_port", "backlog"):
        assert hasattr(server, name), name
    assert "self._sso" in inspect.getsource(MPServer._drop_shared_socket)
    assert "((self._ssp, self._shd), self._sso)" in inspect.getsource(MPServer._spawn_worker)
    assert "self._drop_shared_socket()" in inspect.getsource(MPServer.shutdown)
    looping = inspect.getsource(MPServer._serve_loop)
    assert "self.respawned_wrks.get(idx, 0) <= 5.5" in looping
    assert "self._respawn_workers(workers, spawn_target, target_loader)" in looping
    started = inspect.getsource(MPServer._spawn_rsgi_worker)
    assert started.index("set_loop_signals(loop)") < started.index("callback_init(loop)")
    for spawning in ("_spawn_workers", "_respawn_workers"):
        assert "wrk.start()" in inspect.getsource(getattr(MPServer, spawning))
    assert SocketHolder.__text_signature__ == "(fd, uds, backlog)"


def test_nobody_who_was_let_in_is_cut_off_by_a_stop() -> None:
    with listen("127.0.0.1", free_port(), backlog=16) as listening:
        where = listening.getsockname()
        clients = [socket.create_connection(where) for _ in range(3)]
        assert waiting(listening) == len(clients)
        with ThreadPoolExecutor(1) as pool:
            letting = pool.submit(let_in_no_more, listening)
            for client in clients:
                client.sendall(b"x")
                taken, _ = listening.accept()
                with taken:
                    assert taken.recv(1) == b"x"
            letting.result()
        assert waiting(listening) == 0
        # The next one hears nothing, rather than to be let in and then cut off.
        with socket.socket() as late:
            late.settimeout(0.2)
            with pytest.raises(TimeoutError):
                late.connect(where)
        for client in clients:
            client.close()


def test_who_comes_while_a_worker_is_replaced_waits(plain: Plain) -> None:
    pipe = plain.pipe("hold")
    with ThreadPoolExecutor(9) as clients:
        held = clients.submit(plain.ask, "/hold/hold")
        with pipe.open("w"):
            worker = worker_of(plain.process.pid)
            freeze(worker)
            # They have been let in by the kernel, and nobody has taken them yet.
            waiting = [socket.create_connection(("127.0.0.1", plain.port)) for _ in range(8)]
            os.kill(worker, signal.SIGKILL)
            coming = [clients.submit(plain.ask, "/x") for _ in range(8)]
            for client in waiting:
                client.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert client.makefile("rb").read().startswith(b"HTTP/1.1 200")
                client.close()
            assert {answer.result()[0].status for answer in coming} == {200}
            # Only what was being answered is not.
            assert isinstance(held.exception(), http.client.RemoteDisconnected)
    assert worker_of(plain.process.pid) != worker
    assert plain.stop()[0] == 0


def test_a_worker_that_dies_again_and_again_ends_the_server(plain: Plain) -> None:
    """Who starts it then starts it from the beginning; with an exit code that says so."""
    seen = set()
    while plain.process.poll() is None:
        try:
            plain.ask("/x")
            worker = worker_of(plain.process.pid)
            os.kill(worker, signal.SIGKILL)
        except OSError:
            break
        seen.add(worker)
    out, _ = plain.process.communicate(timeout=60)
    assert (plain.process.returncode, len(seen)) == (1, DEATHS + 1), out
    assert "crash loop" in out


def test_nobody_else_gets_the_port(plain: Plain) -> None:
    with pytest.raises(CannotServe, match=f"port {plain.port} is taken"):
        listen("127.0.0.1", plain.port, backlog=1)
    with socket.socket() as sharing:
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError, match="in use"):
            sharing.bind(("127.0.0.1", plain.port))


def test_the_log_names_requests_and_no_persons(plain: Plain) -> None:
    plain.ask("/fail?token=secret", X_Forwarded_For="198.51.100.7")
    code, out = plain.stop()
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    ours = [line for line in lines if line["logger"] == "broadsheet.request"]
    assert [line["status"] for line in ours if "status" in line] == [500]
    assert len({line["request_id"] for line in ours}) == 1
    for secret in ("ada@", "203.0.113.9", "198.51.100.7", "secret"):
        assert secret not in out
    assert code == 0


def memory_of(pid: int) -> int:
    """Return the memory of a process and of those it started, in megabytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return own // 1024 + sum(memory_of(int(child)) for child in children)


def _wait_until_it_refuses(port: int) -> None:
    """Return when the server takes no more connections."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except OSError:
            return
