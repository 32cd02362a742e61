"""The promise of requestid, and the failures that put clients to the test."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from .conftest import Server, code_of
from .documents import invoice, sales_line


def count(company, entity="Invoice"):
    return company.query(f"SELECT COUNT(*) FROM {entity}").json()["QueryResponse"]["totalCount"]


def test_same_requestid_gets_the_same_bytes_and_makes_nothing(us):
    first = us.post("invoice", invoice(), requestid="a")
    again = us.post("invoice", invoice(sales_line(999)), requestid="a")
    assert again.content == first.content
    assert again.headers["intuit_tid"] != first.headers["intuit_tid"]
    assert count(us) == 1


def test_requestid_belongs_to_one_company(us, ca):
    us.made("invoice", invoice(), requestid="a")
    ca.made("invoice", invoice(sales_line(1, tax="4")), requestid="a")
    assert (count(us), count(ca)) == (1, 1)


def test_refusal_is_repeated_too(us):
    first = us.post("invoice", invoice(customer="99"), requestid="a")
    again = us.post("invoice", invoice(), requestid="a")
    assert (again.status_code, again.content) == (400, first.content)
    assert count(us) == 0


def test_requestid_holds_for_updates_and_deletes(us):
    made = us.made("invoice", invoice())
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert us.made("invoice", body, requestid="u") == us.made("invoice", body, requestid="u")
    gone = {"Id": made["Id"], "SyncToken": "1"}
    assert us.made("invoice", gone, operation="delete", requestid="d") == us.made(
        "invoice", gone, operation="delete", requestid="d"
    )


def test_equal_requestids_at_once_make_one_object(us):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: us.post("invoice", invoice(), requestid="race"), range(16)))
    assert len({answer.content for answer in answers}) == 1
    assert count(us) == 1


def test_many_writers_at_once_lose_nothing(us):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: us.made("invoice", invoice(DocNumber=str(n))), range(24)))
    assert len({obj["Id"] for obj in made}) == 24
    assert us.get("customer/1").json()["Customer"]["Balance"] == 2400


def test_equal_numbers_at_once_are_given_once(us):
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: us.post("invoice", invoice(DocNumber="1")).status_code, range(8)))
    assert sorted(codes) == [200] + [400] * 7


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("429", 429, "3001"),
        ("500", 500, "10000"),
        ("closed_books", 400, "6210"),
        ("subscription_ended", 400, "6190"),
    ],
)
def test_ordered_failure_happens_as_often_as_ordered_and_stores_nothing(server, us, kind, status, code):
    server.control("faults", {"kind": kind, "times": 2, "method": "post", "entity": "Invoice"})
    assert us.get("preferences").status_code == 200
    for _ in range(2):
        answer = us.post("invoice", invoice(), requestid="a")
        assert (answer.status_code, code_of(answer)) == (status, code)
    assert us.post("invoice", invoice(), requestid="a").status_code == 200
    assert count(us) == 1


def test_unavailable_server_answers_in_html(server, us):
    server.control("faults", {"kind": "503"})
    answer = us.get("preferences")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")


def test_ordered_401_ends_after_its_turn(server, us):
    server.control("faults", {"kind": "401"})
    assert us.get("preferences").json()["fault"]["error"][0]["code"] == "3200"
    assert us.get("preferences").status_code == 200


@pytest.mark.parametrize(("kind", "stored"), [("drop_before", 0), ("drop_after", 1)])
def test_dropped_connection_leaves_the_client_without_an_answer(server, us, kind, stored):
    server.control("faults", {"kind": kind, "method": "POST", "entity": "invoice"})
    with pytest.raises(requests.ConnectionError):
        us.post("invoice", invoice(), requestid="a")
    assert count(us) == stored
    assert us.post("invoice", invoice(), requestid="a").status_code == 200
    assert count(us) == 1


def test_slow_answer_comes_too_late_for_an_impatient_client(server, us):
    server.control("faults", {"kind": "slow", "seconds": 0.5, "entity": "invoice"})
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{us.address}/invoice?requestid=a", json=invoice(), headers=us.headers, timeout=(10, 0.05)
        )
    first = us.post("invoice", invoice(), requestid="a")
    assert first.status_code == 200
    assert us.post("invoice", invoice(), requestid="a").content == first.content


def test_token_endpoint_fails_only_when_it_is_named(server):
    server.control("faults", {"kind": "500"})
    form = {"grant_type": "refresh_token", "refresh_token": server.control("tokens")["refresh_token"]}
    address, auth = f"{server.base}/oauth2/v1/tokens/bearer", ("sandbox-client", "sandbox-secret")
    assert requests.post(address, form, auth=auth, timeout=10).status_code == 200
    server.control("faults", {"kind": "500", "entity": "token"})
    assert requests.post(address, form, auth=auth, timeout=10).status_code == 500


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "429", "times": 0}),
        ("faults", {"kind": "429", "times": "2"}),
        ("faults", {"kind": "slow", "seconds": -1}),
        ("faults", {"kind": "429", "when": "now"}),
        ("tokens", {"company": "uk"}),
        ("clock", {"advance": "1 day"}),
        ("preferences", {"Colour": {}}),
        ("preferences", {"TaxPrefs": 5}),
        ("clock", [1]),
    ],
)
def test_control_says_what_it_does_not_understand(server, path, body):
    answer = requests.post(f"{server.base}/control/{path}", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_control_does_not_answer_pages_of_other_sites(server):
    answer = requests.post(
        f"{server.base}/control/reset", headers={"Sec-Fetch-Site": "cross-site"}, timeout=10
    )
    assert answer.status_code == 403


def test_control_can_be_left_out(start):
    assert requests.post(f"{start(control=False).base}/control/reset", timeout=10).status_code == 404


def test_request_log_names_calls_but_no_tokens(server, us):
    server.control("faults", {"kind": "drop_before", "entity": "bill"})
    us.post("customer", {"DisplayName": "Logged"}, requestid="log-1")
    with pytest.raises(requests.ConnectionError):
        us.get("bill/1")
    written, dropped = server.requests()[-2:]
    assert (written["method"], written["status"], written["requestid"]) == ("POST", 200, "log-1")
    assert written["path"].endswith("/customer")
    assert written["intuit_tid"]
    assert dropped["status"] is None
    assert us.tokens["access_token"] not in str(server.requests())


def test_reset_restores_the_sample_data_and_keeps_tokens(server, us):
    us.made("invoice", invoice(), requestid="a")
    us.made("customer", {"Id": "3", "SyncToken": "0", "sparse": True, "Active": False})
    server.control("faults", {"kind": "429"})
    server.control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2099-01-01"}})
    server.control("reset")
    assert server.requests() == []
    assert us.get("customer/3").json()["Customer"]["DisplayName"] == "Corvid Street Books"
    assert us.post("invoice", invoice(), requestid="a").json()["Invoice"]["Id"] == "1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def process(tmp_path):
    """A function that starts a server process on one file and port; all are killed at the end."""
    port, file, running = free_port(), str(tmp_path / "store.sqlite3"), []

    def start_process():
        code = f"from webapp.sandbox import serve; serve({port}, {file!r})"
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        running.append(child)
        assert child.stdout.readline().startswith(b"Sandbox on http://127.0.0.1")
        return child, Server(f"http://127.0.0.1:{port}")

    yield start_process
    for child in running:
        child.kill()
        child.wait()
        child.stdout.close()


def test_killed_server_forgets_nothing_that_it_answered(process):
    child, server = process()
    us = server.company()
    first = us.post("invoice", invoice(DocNumber="k"), requestid="k")
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    process()
    assert us.post("invoice", invoice(DocNumber="k"), requestid="k").content == first.content
    assert count(us) == 1


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_server_ends_at_once_when_told_to(process, signal_number):
    child, server = process()
    assert server.requests() == []
    child.send_signal(signal_number)
    assert child.wait(timeout=5) == 0
