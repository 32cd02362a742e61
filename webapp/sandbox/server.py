"""Serving the sandbox from a process of its own."""

import signal
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import create_sandbox


class QuietHandler(WSGIRequestHandler):
    """A request handler that logs no requests; the control page lists them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def serve(
    port: int,
    store: str | None = None,
    host: str = "127.0.0.1",
    control: bool = True,
    throttle: bool = False,
) -> None:
    """Serve until the process is told to stop; SIGINT and SIGTERM end it at once.

    store: an SQLite file, or None for memory. throttle: refuse calls beyond Intuit's published limits.
    Each request gets a thread; port 0 takes a free one.
    """
    app = create_sandbox(store, control=control, throttle=throttle)
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit(0))
    sys.stdout.write(f"Sandbox on http://{host}:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()
