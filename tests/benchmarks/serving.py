"""Serving and asking: every program that is measured runs under the same gunicorn and is asked alike."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

WORKERS, THREADS, CLIENTS = 2, 1, 2
ROUNDS, SECONDS = 5, 1.5


class Served:
    """A program behind gunicorn on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, request: bytes) -> bytes:
        """One call on a connection of its own; the whole answer."""
        parts = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            while part := connection.recv(1 << 20):
                parts.append(part)
        return b"".join(parts)


@contextmanager
def serve(app: str) -> Iterator[Served]:
    """Run gunicorn with 2 workers and 1 thread on a program, named as gunicorn names it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    process = subprocess.Popen(command)
    try:
        _wait_for(port, process)
        yield Served(port)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("gunicorn did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a call that closes its connection."""
    lines = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class Subject:
    """Something that is called over and over: a server and what makes the n-th call's bytes."""

    def __init__(self, served: Served, make: Callable[[int], bytes]) -> None:
        self.served = served
        self.make = make
        # Each client counts by itself, in steps as wide as there are clients: what one of them changes in the
        # order of its numbers, no other comes to meanwhile.
        self.numbers = [count(client, CLIENTS) for client in range(CLIENTS)]
        self.rates: list[float] = []
        self.times: list[float] = []
        self.size = 0

    @property
    def rate(self) -> float:
        """Calls a second, the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def p50(self) -> float:
        """The seconds that the middle call took."""
        return statistics.median(self.times)

    def run(self) -> None:
        """One round: two clients call for a while; any answer other than 200 ends the measurement."""
        done: list[int] = []
        until = time.perf_counter() + SECONDS

        def work(numbers: Iterator[int]) -> None:
            calls = 0
            while (asked_at := time.perf_counter()) < until:
                answer = self.served.ask(self.make(next(numbers)))
                self.times.append(time.perf_counter() - asked_at)
                self.size = len(answer)
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(answer[:2000].decode(errors="replace"))
                calls += 1
            done.append(calls)

        began = time.perf_counter()
        threads = [threading.Thread(target=work, args=(numbers,)) for numbers in self.numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(done) != CLIENTS:
            raise RuntimeError("a call failed; its answer stands above")
        self.rates.append(sum(done) / (time.perf_counter() - began))


def in_turns(*subjects: Subject) -> None:
    """Warm everything up, then measure all in turns, so that a slow minute of the machine hits all alike."""
    for subject in subjects:
        for numbers in subject.numbers * 5:
            subject.served.ask(subject.make(next(numbers)))
    for _ in range(ROUNDS):
        for subject in subjects:
            subject.run()
