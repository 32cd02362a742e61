"""A live sandbox server for each test that asks for one, on a free port in a thread of the test process."""

import threading
from dataclasses import dataclass

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from webapp.sandbox import create_sandbox
from webapp.sandbox.server import QuietHandler

JSON = {"Accept": "application/json"}


@dataclass
class Company:
    """One sample company with a valid token: the calls that tests make most."""

    base: str
    tokens: dict

    @property
    def address(self):
        return f"{self.base}/v3/company/{self.tokens['realmId']}"

    @property
    def headers(self):
        return {**JSON, "Authorization": f"Bearer {self.tokens['access_token']}"}

    def call(self, method, path, **options):
        headers = {**self.headers, **options.pop("headers", {})}
        return requests.request(method, f"{self.address}/{path}", headers=headers, timeout=10, **options)

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body, **params):
        return self.call("POST", path, json=body, params=params)

    def query(self, text):
        return self.call("GET", "query", params={"query": text})

    def rows(self, text):
        """The objects a query finds, whatever their entity."""
        found = self.query(text).json()["QueryResponse"]
        return next((value for value in found.values() if isinstance(value, list)), [])

    def made(self, path, body, **params):
        """Create or change an object and return it; the test fails when the server refuses."""
        answer = self.post(path, body, **params)
        assert answer.status_code == 200, answer.text
        return next(iter(answer.json().values()))


@dataclass
class Server:
    """A running sandbox."""

    base: str
    app: Flask | None = None

    def control(self, path, body=None):
        answer = requests.post(f"{self.base}/control/{path}", json=body or {}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def company(self, key="us"):
        return Company(self.base, self.control("tokens", {"company": key}))

    def requests(self):
        return requests.get(f"{self.base}/control/requests", timeout=10).json()


@pytest.fixture
def start():
    """A function that starts a sandbox with the options of create_sandbox; all end with the test."""
    running = []

    def start_one(store=None, **options):
        app = create_sandbox(store, **options)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread, app))
        return Server(f"http://127.0.0.1:{server.port}", app)

    yield start_one
    for server, thread, app in running:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["sandbox"].store.close()


@pytest.fixture
def server(start):
    return start()


@pytest.fixture
def us(server):
    return server.company("us")


@pytest.fixture
def ca(server):
    return server.company("ca")


def error_of(answer):
    """The first error of a fault body."""
    return answer.json()["Fault"]["Error"][0]


def code_of(answer):
    """The code of the first error of a fault body, or what came instead."""
    return error_of(answer)["code"] if "Fault" in answer.json() else answer.text
