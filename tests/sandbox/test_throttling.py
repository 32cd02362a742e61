"""Throttling: Intuit's published limits, counted on the server's clock, and none unless asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.sandbox import faults
from webapp.sandbox.throttling import Throttle

from .conftest import error_of


def admitted(throttle, calls, now, *, realm="1", app="a", kind=""):
    """How many of these calls are let in."""
    count = 0
    for _ in range(calls):
        try:
            throttle.admit(realm, app, kind, now)
        except faults.Fault:
            continue
        count += 1
    return count


def test_one_app_has_10_calls_a_second_in_a_company():
    throttle = Throttle()
    assert admitted(throttle, 15, 100.0) == 10
    assert admitted(throttle, 15, 100.9) == 0
    assert admitted(throttle, 15, 101.0) == 10
    assert admitted(throttle, 5, 101.5, app="b") == 5
    assert admitted(throttle, 5, 101.5, realm="2") == 5


def test_company_has_500_calls_a_minute_over_all_apps():
    throttle = Throttle()
    let_in = sum(admitted(throttle, 10, float(n // 2), app="ab"[n % 2]) for n in range(100))
    assert let_in == 500
    assert admitted(throttle, 1, 59.0) == 0
    assert admitted(throttle, 30, 60.0, app="c") == 10
    assert admitted(throttle, 1, 59.0, realm="2") == 1


def test_app_has_40_batches_a_minute_and_the_company_120():
    throttle = Throttle()
    let_in = sum(admitted(throttle, 10, float(n), app="a", kind="batch") for n in range(6))
    assert let_in == 40
    assert admitted(throttle, 1, 6.0) == 1
    for n in range(4):
        let_in += sum(admitted(throttle, 10, 10.0 + n, app=app, kind="batch") for app in "bcd")
    assert let_in == 120
    assert admitted(throttle, 1, 60.0, app="e", kind="batch") == 1


def test_company_sends_40_forms_a_day():
    throttle = Throttle()
    assert sum(admitted(throttle, 10, n * 60.0, kind="e-mail") for n in range(6)) == 40
    assert admitted(throttle, 1, 86_000.0, kind="e-mail") == 0
    assert admitted(throttle, 1, 86_400.0, kind="e-mail") == 1


@pytest.fixture
def throttled(start):
    return start(throttle=True)


def many(call):
    """The answers of 60 calls made as fast as can be."""
    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(call, range(60)))


def test_call_beyond_the_limit_is_refused_as_intuit_does(throttled):
    us = throttled.company()
    answer = next(one for one in many(lambda _: us.get("preferences")) if one.status_code != 200)
    error = error_of(answer)
    assert answer.status_code == 429
    assert answer.json()["Fault"]["type"] == "SERVICE"
    assert error["code"] == "3001"
    assert error["Message"] == "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    assert error["Detail"] == "The request limit was reached.  Try again later"
    assert "Retry-After" not in answer.headers


def test_refused_write_did_nothing_and_passes_a_minute_later(throttled):
    us = throttled.company()
    statuses = [
        one.status_code for one in many(lambda n: us.post("customer", {"DisplayName": f"N{n}"}, requestid=n))
    ]
    refused = statuses.index(429)
    throttled.control("clock", {"advance": 60})
    made = us.made("customer", {"DisplayName": f"N{refused}"}, requestid=refused)
    assert made["DisplayName"] == f"N{refused}"


def test_batches_are_counted_for_themselves(throttled):
    us = throttled.company()
    batch = {"BatchItemRequest": [{"bId": "1", "Query": "SELECT COUNT(*) FROM Term"}]}
    statuses = []
    for _ in range(41):
        throttled.control("clock", {"advance": 1})
        statuses.append(us.post("batch", batch).status_code)
    assert statuses == [200] * 40 + [429]
    assert us.get("preferences").status_code == 200


def test_calls_without_a_good_token_do_not_use_up_the_limit(throttled):
    us = throttled.company()
    for _ in range(30):
        assert us.call("GET", "preferences", headers={"Authorization": "Bearer x"}).status_code == 401
    throttled.control("reset")
    assert us.get("preferences").status_code == 200


def test_nothing_is_throttled_unless_asked_for(us):
    assert {us.get("preferences").status_code for _ in range(30)} == {200}
