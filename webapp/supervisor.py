"""``make run``: panel, worker and sandbox server as one process tree that ends whole.

Each child is the leader of its own process group and dies with this process (parent-death signal), so that
nothing is left behind when the terminal, a runner or an editor kills only the top.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from webapp import config
from webapp.sandbox.store import VERSION as STORE_VERSION

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8.0
ROOT = Path(__file__).resolve().parent.parent


def _die_with_parent() -> None:
    """Runs in the child before exec; Linux only, elsewhere Ctrl-C and the group kill do the work."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def commands(port: int, sandbox_port: int, settings: config.Settings) -> list[list[str]]:
    """The command lines of the processes that make up the product."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    panel = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    panel += ["--workers", "2", "--threads", "4", "--log-level", "warning", "--preload"]
    # A store of an older version is left where it is: the sandbox begins with its sample data anew.
    store = str(settings.instance_path / f"sandbox-{STORE_VERSION}.sqlite3")
    sandbox = [*flask, "sandbox", "--port", str(sandbox_port), "--store", store]
    return [panel, [*flask, "worker"], *([sandbox] if settings.is_demo else [])]


def prepare() -> None:
    """Bring the schema up to date and, in the demo, the sample data."""
    from webapp import create_app, db
    from webapp.db import schema
    from webapp.demo.seed import seed

    create_app()
    schema.upgrade()
    if config.current().is_demo:
        with db.database.connection_context():
            seed(config.current())


def stop_all(children: list[subprocess.Popen[bytes]]) -> None:
    """End every child's group: politely first, then for certain."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        for child in children:
            try:
                os.killpg(child.pid, wanted)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(child.poll() is None for child in children):
            time.sleep(0.05)


def main() -> int:
    """Start everything and wait; the first child that ends takes the others with it."""
    os.chdir(ROOT)
    port = int(os.environ.setdefault("PORT", "8000"))
    sandbox_port = int(os.environ.setdefault("SANDBOX_PORT", "8001"))
    prepare()
    settings = config.current()
    parent = os.getppid()
    stopped: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    children = [
        subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509 - no threads yet
        for command in commands(port, sandbox_port, settings)
    ]
    announce(settings)
    while not stopped and os.getppid() == parent and all(child.poll() is None for child in children):
        time.sleep(0.2)
    failed = any(child.poll() not in {None, 0} for child in children) and not stopped
    stop_all(children)
    return 1 if failed else 0


def announce(settings: config.Settings) -> None:
    """Say where the panel is and how to sign in."""
    lines = ["", f"  Ledgerbridge   {settings.public_url}"]
    if settings.is_demo:
        lines += [
            f"  QuickBooks     {settings.sandbox_url} (a local sandbox server)",
            "  Sign in        owner@demo.test   password: ledgerbridge",
            "                 (also admin@demo.test, member@demo.test, support@demo.test)",
        ]
    print("\n".join([*lines, "  Stop           Ctrl-C", ""]), flush=True)  # noqa: T201 - this is what people read


if __name__ == "__main__":
    sys.exit(main())
