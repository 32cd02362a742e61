"""Webhooks: both forms, signed, repeated on failure, and sent to this computer only."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from .documents import invoice

VERIFIER = "a-verifier-token"


class Receiver:
    """An endpoint that takes what it gets and answers the statuses it was told to, then 200."""

    def __init__(self):
        self.came, self.statuses = queue.Queue(), []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver.came.put((dict(self.headers), body))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/hook?app=1"

    def next(self):
        headers, body = self.came.get(timeout=10)
        wanted = base64.b64encode(hmac.new(VERIFIER.encode(), body, hashlib.sha256).digest()).decode()
        assert headers["intuit-signature"] == wanted
        assert headers["Content-Type"] == "application/json"
        return json.loads(body)

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def aim(server, receiver):
    def aim(**wish):
        server.control(
            "webhooks", {"url": receiver.url, "verifier": VERIFIER, "minute_seconds": 0.001, **wish}
        )

    return aim


def state(server):
    return requests.get(f"{server.base}/control/webhooks", timeout=10).json()


def settled(server, count):
    """The deliveries once this many are no longer waiting."""
    done = threading.Event()
    for _ in range(500):
        found = [one for one in state(server)["deliveries"] if one["state"] != "waiting"]
        if len(found) >= count:
            return found
        done.wait(0.01)
    return state(server)["deliveries"]


def test_cloud_events_tell_who_did_what(aim, receiver, us):
    aim()
    made = us.made("customer", {"DisplayName": "Told"})
    (event,) = receiver.next()
    assert event["specversion"] == "1.0"
    assert event["type"] == "qbo.customer.created.v1"
    assert (event["intuitentityid"], event["intuitaccountid"]) == (made["Id"], us.tokens["realmId"])
    assert event["datacontenttype"] == "application/json"
    assert event["time"].endswith("Z")
    assert event["data"] == {}
    assert event["id"]


def test_signature_satisfies_an_independent_client(aim, receiver, us):
    checker = pytest.importorskip("quickbooks").QuickBooks
    aim()
    us.made("customer", {"DisplayName": "Signed"})
    headers, body = receiver.came.get(timeout=10)
    check = checker.validate_webhook_signature
    assert check(None, body.decode(), headers["intuit-signature"], VERIFIER)
    assert not check(None, body.decode() + " ", headers["intuit-signature"], VERIFIER)


def test_older_form_tells_the_same(aim, receiver, us):
    aim(format="legacy")
    made = us.made("invoice", invoice())
    told = receiver.next()
    (notification,) = told["eventNotifications"]
    assert notification["realmId"] == us.tokens["realmId"]
    (entity,) = notification["dataChangeEvent"]["entities"]
    assert (entity["name"], entity["id"], entity["operation"]) == ("Invoice", made["Id"], "Create")
    assert entity["lastUpdated"]


def test_update_void_and_delete_are_told_apart(aim, receiver, us):
    made = us.made("invoice", invoice())
    aim()
    us.made("invoice", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    us.made("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")
    us.made("invoice", {"Id": made["Id"], "SyncToken": "2"}, operation="delete")
    assert {receiver.next()[0]["type"].split(".")[2] for _ in range(3)} == {"updated", "voided", "deleted"}


def test_what_changes_nothing_is_not_told(aim, receiver, us):
    aim()
    us.post("customer", {"DisplayName": "Kestrel Dental"})
    first = us.made("customer", {"DisplayName": "Once"}, requestid="r")
    us.made("customer", {"DisplayName": "Once"}, requestid="r")
    us.made("customer", first)
    assert receiver.next()[0]["intuitentityid"] == first["Id"]
    us.made("vendor", {"DisplayName": "Last"})
    assert receiver.next()[0]["type"] == "qbo.vendor.created.v1"


def test_each_item_of_a_batch_is_told(aim, receiver, us):
    aim()
    items = [{"bId": name, "operation": "create", "Vendor": {"DisplayName": name}} for name in ("V1", "V2")]
    us.made("batch", {"BatchItemRequest": items})
    assert [receiver.next()[0]["type"] for _ in range(2)] == ["qbo.vendor.created.v1"] * 2


def test_notification_is_sent_again_until_it_is_taken(aim, server, receiver, us):
    aim()
    receiver.statuses = [503, 408, 500]
    us.made("customer", {"DisplayName": "Again"})
    bodies = [receiver.next() for _ in range(4)]
    assert bodies.count(bodies[0]) == 4
    (delivery,) = settled(server, 1)
    assert (delivery["state"], delivery["statuses"]) == ("delivered", [503, 408, 500, 200])


@pytest.mark.parametrize(("statuses", "tries"), [([500] * 9, 4), ([404], 1), ([301], 1)])
def test_notification_is_dropped_after_three_repeats_or_a_final_answer(
    aim, server, receiver, us, statuses, tries
):
    aim()
    receiver.statuses = list(statuses)
    us.made("customer", {"DisplayName": "Dropped"})
    (delivery,) = settled(server, 1)
    assert (delivery["state"], delivery["statuses"]) == ("dropped", statuses[:tries])


def test_endpoint_that_does_not_answer_is_tried_again(aim, server, receiver, us):
    aim()
    receiver.close()
    us.made("customer", {"DisplayName": "Nobody home"})
    (delivery,) = settled(server, 1)
    assert (delivery["state"], delivery["statuses"]) == ("dropped", [None] * 4)


def test_stopping_and_reset_forget_what_is_waiting(aim, server, receiver, us):
    aim(minute_seconds=60)
    receiver.statuses = [500]
    us.made("customer", {"DisplayName": "Waiting"})
    receiver.next()
    requests.delete(f"{server.base}/control/webhooks", timeout=10)
    us.made("customer", {"DisplayName": "Untold"})
    assert state(server) == {"url": None, "deliveries": []}
    aim()
    server.control("reset")
    assert state(server)["url"] is None


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"url": "http://example.com/hook"},
        {"url": "http://127.0.0.1.example.com/hook"},
        {"url": "http://localhost@10.0.0.1/"},
        {"url": "https://localhost/hook"},
        {"url": "ftp://localhost/"},
        {"url": "http://localhost:0/"},
        {"url": "http://[::1/"},
        {"url": "http://localhost/a b"},
        {"url": 5},
        {"url": "http://localhost/", "format": "xml"},
        {"url": "http://localhost/", "verifier": ""},
        {"url": "http://localhost/", "minute_seconds": 0},
        {"url": "http://localhost/", "colour": "red"},
    ],
)
def test_only_addresses_on_this_computer_are_aimed_at(server, wish):
    answer = requests.post(f"{server.base}/control/webhooks", json=wish, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert state(server)["url"] is None
