"""The client: eight keep-alive connections, four to each worker, from one thread. What is asked lives in `asked`."""

import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import Protocol, Self

from tests.bench.served import WORKERS, Served

CONNECTIONS = 8
HOST = "127.0.0.1"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
BATCHES = 40  # of new connections, until each worker has its share
SILENCE = 10  # seconds without any answer until the client gives up


class Failed(Exception):
    """An answer was not what it should be; the round does not count."""


class Work(Protocol):
    """What to ask on each connection, and whether the answer is right."""

    def request(self, slot: int) -> bytes | None:
        """The next request of this connection, None when there is no more."""

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        """Raises Failed."""


@dataclass
class Answer:
    """A response as it comes in."""

    data: bytearray = field(default_factory=bytearray)
    head: int = 0  # length of the head with its blank line, 0 until it is here
    total: int = 0

    def feed(self, piece: bytes) -> bool:
        """Whether it is now complete."""
        self.data += piece
        if not self.head:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.head = end + 4
            length = LENGTH.search(self.data, 0, self.head)
            if not length:
                raise Failed("an answer without its length")
            self.total = self.head + int(length[1])
        return len(self.data) >= self.total

    @property
    def status(self) -> int:
        return int(self.data[9:12])


class Line:
    """One connection, with a request under way or none."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), SILENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = Answer()
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.answer = Answer()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def is_complete(self) -> bool:
        piece = self.socket.recv(262_144)
        if not piece:
            raise Failed("the server closed a connection")
        return self.answer.feed(piece)

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """One request, waiting for it: status, head and body."""
        self.send(request)
        return self.receive()

    def receive(self) -> tuple[int, bytes, bytes]:
        while not self.is_complete():
            pass
        data = bytes(self.answer.data)
        return self.answer.status, data[: self.answer.head], data[self.answer.head :]


@dataclass
class Round:
    """What one stretch of load came to, or several added up: seconds, `cpu` the workers' and `database` the server's."""

    done: int = 0
    seconds: float = 0
    cpu: float = 0
    database: float = 0
    latencies: list[float] = field(default_factory=list)

    def add(self, other: Self) -> None:
        self.done += other.done
        self.seconds += other.seconds
        self.cpu += other.cpu
        self.database += other.database
        self.latencies += other.latencies

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.done

    @property
    def database_ms(self) -> float:
        return 1000 * self.database / self.done


class Client:
    """The connections to one server. Use it in a `with`."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.lines: list[Line] = []

    def __enter__(self) -> Self:
        """Opens connections until each worker holds half of them: an uneven deal would be measured as speed.

        Raises:
            Failed: the workers could not be given the same number.
        """
        share = CONNECTIONS // WORKERS
        held: dict[int, list[Line]] = {pid: [] for pid in self.server.workers()}
        for _ in range(BATCHES):
            for line, pid in self._batch():
                if len(held[pid]) < share:
                    held[pid].append(line)
                else:
                    line.socket.close()
            if all(len(mine) == share for mine in held.values()):
                break
        self.lines = [line for mine in held.values() for line in mine]
        if len(self.lines) < CONNECTIONS:
            raise Failed("the workers could not be given the same number of connections")
        return self

    def _batch(self) -> list[tuple[Line, int]]:
        """Connections made at once, each with the worker that answers it."""
        lines = [Line(self.server.port) for _ in range(CONNECTIONS)]
        for line in lines:
            line.send(get("/anchor/worker/"))
        return [(line, int(line.receive()[2])) for line in lines]

    def __exit__(self, *_: object) -> None:
        for line in self.lines:
            line.socket.close()

    def round(self, work: Work, seconds: float) -> Round:
        """Keeps all connections busy for so long, then waits for what is under way; every answer counts.

        Raises:
            Failed: one answer was wrong, or none came.
        """
        found = Round()
        before, database, begun = (
            self.server.cpu_seconds(),
            self.server.database_seconds(),
            time.perf_counter(),
        )
        ended, until = begun, begun + seconds
        busy = {slot for slot in range(len(self.lines)) if self._next(work, slot)}
        with selectors.DefaultSelector() as selector:
            for slot, line in enumerate(self.lines):
                selector.register(line.socket, selectors.EVENT_READ, slot)
            while busy:
                ready = [key.data for key, _ in selector.select(SILENCE)]
                if not ready:
                    raise Failed(f"no answer for {SILENCE} s")
                for slot in ready:
                    if not self._receive(work, slot):
                        continue
                    ended = time.perf_counter()
                    found.latencies.append(ended - self.lines[slot].sent_at)
                    if ended > until or not self._next(work, slot):
                        busy.discard(slot)
        found.done, found.seconds = len(found.latencies), ended - begun
        found.cpu = self.server.cpu_seconds() - before
        found.database = self.server.database_seconds() - database
        return found

    def _next(self, work: Work, slot: int) -> bool:
        request = work.request(slot)
        if request is not None:
            self.lines[slot].send(request)
        return request is not None

    def _receive(self, work: Work, slot: int) -> bool:
        """Takes in what came; whether the answer is whole, and then it is checked."""
        line = self.lines[slot]
        if not line.is_complete():
            return False
        answer = line.answer
        work.check(
            slot,
            answer.status,
            bytes(answer.data[: answer.head]),
            bytes(answer.data[answer.head :]),
        )
        return True


def get(path: str, cookies: str = "", *, gzip: bool = False) -> bytes:
    """A GET as a browser sends it."""
    return _head("GET", path, cookies, gzip, "") + b"\r\n"


def post(path: str, cookies: str, body: bytes, kind: str, accept: str) -> bytes:
    """A POST as a browser sends it from a page of ours."""
    more = f"Origin: http://{HOST}\r\nAccept: {accept}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return _head("POST", path, cookies, True, more) + b"\r\n" + body


def _head(method: str, path: str, cookies: str, gzip: bool, more: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        "User-Agent: bench",
        "Connection: keep-alive",
    ]
    lines += [f"Cookie: {cookies}"] if cookies else []
    lines += ["Accept-Encoding: gzip, deflate"] if gzip else []
    return ("\r\n".join(lines) + "\r\n" + more).encode()
