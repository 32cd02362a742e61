"""The page at `/`: what it shows and does, and whom it refuses."""

import pytest
import requests
from bs4 import BeautifulSoup

from .conftest import code_of
from .documents import invoice


def page(server, **options):
    answer = requests.get(server.base + "/", timeout=10, **options)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def press(server, headers=None, **form):
    return requests.post(server.base + "/", form, headers=headers, timeout=10)


def test_page_shows_companies_client_and_recent_calls(server, us):
    us.get("preferences")
    text = page(server).get_text(" ")
    for words in ("Northgate Promo Co.", "9130357766900001", "sandbox-client", "Calls are not limited."):
        assert words in text
    assert f"GET /v3/company/{us.tokens['realmId']}/preferences" in text
    assert us.tokens["access_token"] not in text


def test_page_says_when_calls_are_limited(start):
    assert "Calls beyond Intuit’s limits are refused." in page(start(throttle=True)).get_text()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_is_whole_in_both_languages(server, language):
    soup = page(server, headers={"Accept-Language": language})
    assert soup.html["lang"] == language
    assert len(soup.find_all("h1")) == 1
    title = {"en": "Local QuickBooks server", "fr": "Serveur QuickBooks local"}[language]
    assert soup.h1.get_text() == title
    assert all(button.get_text(strip=True) for button in soup.find_all("button"))


def test_every_button_orders_its_failure(server, us):
    buttons = [button["value"] for button in page(server).select("button[name=kind]")]
    assert {"429", "500_html", "503", "401", "slow", "drop_before", "drop_after"} < set(buttons)
    for kind in buttons:
        answer = press(server, kind=kind, times="2", method="POST", entity=" Invoice ")
        assert answer.url.endswith("done=ordered")
        assert "The failure is waiting for its calls." in answer.text
    waiting = requests.get(f"{server.base}/control/faults", timeout=10).json()["faults"]
    assert [one["kind"] for one in waiting] == buttons
    assert {(one["times"], one["method"], one["entity"]) for one in waiting} == {(2, "POST", "invoice")}
    assert code_of(us.post("invoice", invoice())) == "3001"
    assert "No failure is waiting any more." in press(server, action="forget").text
    assert us.post("invoice", invoice()).status_code == 200


def test_answer_of_500_can_be_html(server, us):
    server.control("faults", {"kind": "500_html"})
    answer = us.get("preferences")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")


@pytest.mark.parametrize("times", ["0", "-1", "many", "", "12345", "٣"])
def test_failure_that_cannot_be_ordered_is_refused_with_what_was_typed(server, times):
    answer = press(server, kind="429", times=times, entity="bill", locale="en")
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    assert "whole number from 1" in soup.select_one("[role=alert]").get_text()
    assert soup.select_one("#times")["value"] == times
    assert soup.select_one("#times")["aria-invalid"] == "true"
    assert soup.select_one("#entity")["value"] == "bill"


def test_clock_and_sample_data_have_buttons(server, us):
    before = requests.get(f"{server.base}/control/clock", timeout=10).json()["now"]
    press(server, action="day")
    press(server, action="hour")
    after = requests.get(f"{server.base}/control/clock", timeout=10).json()["now"]
    assert 90_000 <= after - before < 90_060
    press(server, action="reset")
    assert requests.get(f"{server.base}/control/clock", timeout=10).json()["now"] < before + 60
    assert us.query("SELECT COUNT(*) FROM Invoice").json()["QueryResponse"] == {"totalCount": 0}


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "path", ["/", "/control/faults", "/control/reset", "/control/tokens", "/control/webhooks"]
)
def test_page_of_another_site_can_order_nothing(server, headers, path):
    answer = requests.post(server.base + path, {"kind": "429"}, headers=headers, timeout=10)
    assert answer.status_code == 403
    assert requests.get(f"{server.base}/control/faults", timeout=10).json()["faults"] == []


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_own_page_and_programs_may(server, headers):
    if headers:
        headers = {**headers, "Origin": server.base}
    assert press(server, headers, kind="429").status_code == 200
    assert press(server, headers, action="forget").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_other_hosts_are_refused(server, host):
    for path in ("/", "/control/requests", "/.well-known/openid_configuration"):
        assert requests.get(server.base + path, headers={"Host": host}, timeout=10).status_code in (400, 421)


def test_link_on_another_page_may_lead_here(server):
    assert page(server, headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"})


def test_page_is_left_out_with_the_control_addresses(start):
    server = start(control=False)
    for path in ("/", "/control/requests"):
        assert requests.get(server.base + path, timeout=10).status_code == 404


def test_page_brings_no_script_and_cannot_be_framed(server):
    answer = requests.get(server.base + "/", timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert 'style="' not in answer.text
