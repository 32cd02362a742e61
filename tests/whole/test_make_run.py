"""``make run`` as a process tree: it starts, answers, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def descendants(pid: int) -> set[int]:
    """Every process below ``pid``, from /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    queue = [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found.update(below)
        queue.extend(below)
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Product:
    """The supervisor with its own instance folder and ports."""

    def __init__(self, instance: Path) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        self.environ = {
            "PATH": os.environ["PATH"],
            "INSTANCE_PATH": str(instance),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
        }
        self.log = instance / "run.log"

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "webapp.supervisor"],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
            )
        wait_until(self.is_up)
        return process

    def is_up(self) -> bool:
        discovery = f"http://127.0.0.1:{self.sandbox_port}/.well-known/openid_configuration"
        return answers(f"http://127.0.0.1:{self.port}/healthz") and answers(discovery)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    yield Product(tmp_path)


@pytest.mark.timeout(180)
def test_it_starts_says_how_to_sign_in_and_ends_whole(product: Product) -> None:
    process = product.start()
    tree = descendants(process.pid)
    assert len(tree) >= 4  # gunicorn with its workers, worker, sandbox
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    wait_until(lambda: not any(is_alive(pid) for pid in tree), seconds=10)
    said = product.log.read_text()
    assert f"http://localhost:{product.port}" in said
    assert "owner@demo.test" in said
    again = product.start()
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=30) == 0
    assert "applied" not in product.log.read_text().split("Stop")[-1]


@pytest.mark.timeout(180)
def test_nothing_is_left_when_the_top_is_killed(product: Product) -> None:
    process = product.start()
    tree = descendants(process.pid)
    process.kill()
    process.wait(timeout=10)
    wait_until(lambda: not any(is_alive(pid) for pid in tree), seconds=10)


def test_a_taken_port_ends_it_with_an_error(product: Product) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        product.environ["PORT"] = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "webapp.supervisor"]
        done = subprocess.run(
            command, cwd=ROOT, env=product.environ, timeout=60, capture_output=True, check=False
        )
    assert done.returncode == 1
    assert b"in use" in (done.stdout + done.stderr)
