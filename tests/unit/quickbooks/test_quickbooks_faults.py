from __future__ import annotations

import json

import pytest

from webapp.errors import ProviderError
from webapp.quickbooks import errors
from webapp.quickbooks.faults import parse_fault

TRACE = {"intuit_tid": "1-5f2e-abc"}

UNAUTHORIZED = json.dumps(
    {
        "warnings": None,
        "intuitObject": None,
        "fault": {
            "error": [
                {
                    "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                    "detail": "Token expired: AB01",
                    "code": "3200",
                    "element": None,
                }
            ],
            "type": "AUTHENTICATION",
        },
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "time": 1596034131000,
        "status": None,
    }
)


def fault(code, detail="", message="", element=None, type="ValidationFault"):
    entry = {"Message": message, "Detail": detail, "code": str(code)}
    if element:
        entry["element"] = element
    return json.dumps({"Fault": {"Error": [entry], "type": type}, "time": "2026-01-05T10:00:00.000-08:00"})


@pytest.mark.parametrize(
    ("http_status", "code", "expected", "retryable"),
    [
        (401, 120, errors.NotAuthorised, False),
        (400, 500, errors.Refused, False),
        (400, 600, errors.Refused, False),
        (400, 610, errors.ObjectNotFound, False),
        (400, 620, errors.Refused, False),
        (400, 630, errors.Refused, False),
        (400, 1040, errors.Refused, False),
        (400, 2010, errors.Refused, False),
        (400, 2020, errors.Refused, False),
        (400, 2030, errors.Refused, False),
        (400, 2040, errors.Refused, False),
        (400, 2050, errors.Refused, False),
        (400, 2080, errors.Refused, False),
        (400, 2130, errors.Refused, False),
        (400, 2500, errors.InvalidReference, False),
        (403, 3001, errors.Throttled, True),
        (429, 3001, errors.Throttled, True),
        (403, 3100, errors.NotAuthorised, False),
        (401, 3200, errors.AuthExpired, False),
        (400, 4000, errors.Refused, False),
        (400, 4001, errors.Refused, False),
        (400, 5010, errors.StaleObject, False),
        (400, 5020, errors.FeatureMissing, False),
        (400, 6000, errors.Refused, False),
        (400, 6010, errors.Refused, False),
        (400, 6070, errors.Refused, False),
        (400, 6100, errors.Refused, False),
        (400, 6140, errors.DuplicateNumber, False),
        (400, 6190, errors.SubscriptionEnded, False),
        (403, 6190, errors.SubscriptionEnded, False),
        (403, 6000, errors.NotAuthorised, False),
        (400, 6200, errors.ClosedPeriod, False),
        (400, 6210, errors.ClosedPeriod, False),
        (400, 6240, errors.DuplicateName, False),
        (400, 6270, errors.Refused, False),
        (400, 6310, errors.Refused, False),
        (400, 6320, errors.Refused, False),
        (400, 6430, errors.Refused, False),
        (400, 6440, errors.Refused, False),
        (400, 6540, errors.Refused, False),
        (500, 10000, errors.ServerFault, True),
        (400, 10000, errors.ServerFault, True),
        (200, 2500, errors.InvalidReference, False),
    ],
)
def test_each_documented_code_becomes_its_error(http_status, code, expected, retryable):
    error = parse_fault(http_status, TRACE, fault(code, detail="what is wrong", element="Line"))
    assert type(error) is expected
    assert error.retryable is retryable
    assert error.provider_code == str(code)
    assert error.http_status == http_status
    assert error.trace_id == "1-5f2e-abc"
    assert error.errors == (errors.FaultError("", "what is wrong", str(code), "Line"),)
    assert isinstance(error, ProviderError)


@pytest.mark.parametrize(
    ("http_status", "body", "expected"),
    [
        (500, "<html><body>Internal Server Error</body></html>", errors.ServerFault),
        (502, "", errors.ServerFault),
        (503, '{"message":"no healthy upstream"}', errors.ServerFault),
        (504, "<html>", errors.ServerFault),
        (429, "<html>slow down</html>", errors.Throttled),
        (401, "", errors.AuthExpired),
        (403, "<html>Forbidden</html>", errors.UnexpectedAnswer),
        (404, "<html>not here</html>", errors.UnexpectedAnswer),
        (302, "", errors.UnexpectedAnswer),
        (200, "<html>Sign in to the hotel network</html>", errors.UnexpectedAnswer),
        (200, "[1, 2]", errors.UnexpectedAnswer),
        (200, "", errors.UnexpectedAnswer),
        (400, '{"Fault":{"type":"ValidationFault"}}', errors.Refused),
        (400, '{"Fault":{"Error":[],"type":"ValidationFault"}}', errors.UnexpectedAnswer),
        (400, '{"Fault":{"Error":["odd"]}}', errors.Refused),
        (400, '{"Fault":null}', errors.UnexpectedAnswer),
        (400, "[" * 100_000, errors.UnexpectedAnswer),
    ],
)
def test_bodies_that_are_no_proper_fault_are_judged_by_their_status(http_status, body, expected):
    assert type(parse_fault(http_status, {}, body)) is expected


def test_the_lower_case_body_of_a_refused_token_is_read():
    error = parse_fault(401, {"Intuit_Tid": "t-9"}, UNAUTHORIZED)
    assert type(error) is errors.AuthExpired
    assert error.provider_code == "3200"
    assert error.trace_id == "t-9"
    assert error.errors[0].detail == "Token expired: AB01"


def test_the_lower_case_body_of_a_throttled_call_is_read():
    body = json.dumps(
        {
            "fault": {
                "error": [
                    {
                        "message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
                        "code": "003001",
                    }
                ],
                "type": "SERVICE",
            }
        }
    )
    error = parse_fault(429, {}, body)
    assert (type(error), error.provider_code, error.retry_after) == (errors.Throttled, "3001", 60)


@pytest.mark.parametrize(
    ("value", "seconds"), [("5", 5), ("120", 120), ("0", 60), ("soon", 60), ("99999", 60), ("-1", 60)]
)
def test_a_throttled_call_waits_as_long_as_told_or_a_minute(value, seconds):
    error = parse_fault(429, {"Retry-After": value}, fault(3001))
    assert error.retry_after == seconds
    assert error.detail["retry_after"] == seconds


def test_duplicate_number_says_which_document_has_it():
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been "
        "used. DocNumber=1037 is assigned to TxnType=Invoice with TxnId=17984"
    )
    error = parse_fault(400, TRACE, fault(6140, detail))
    assert (error.existing_id, error.existing_type) == ("17984", "Invoice")
    assert error.detail["existing_id"] == "17984"


@pytest.mark.parametrize(
    ("detail", "owner"),
    [
        (
            "DocNumber=A is assigned to B is assigned to TxnType=Purchase Order with TxnId=3",
            ("3", "Purchase Order"),
        ),
        ("Duplicate Document Number Error", (None, None)),
        ("DocNumber=7 is assigned to TxnType=Bill with TxnId=", (None, None)),
    ],
)
def test_duplicate_number_without_a_readable_owner_has_none(detail, owner):
    error = parse_fault(400, {}, fault(6140, detail))
    assert (error.existing_id, error.existing_type) == owner


def test_of_several_errors_the_one_with_a_next_step_decides_and_all_are_kept():
    body = json.dumps(
        {
            "Fault": {
                "Error": [
                    {
                        "Message": "Required param missing",
                        "Detail": "Name",
                        "code": "2020",
                        "element": "Name",
                    },
                    {"Message": "Duplicate Name Exists Error", "Detail": "taken", "code": "6240"},
                ],
                "type": "ValidationFault",
            }
        }
    )
    error = parse_fault(400, {}, body)
    assert type(error) is errors.DuplicateName
    assert [entry.code for entry in error.errors] == ["2020", "6240"]
    assert error.detail["errors"][0] == {
        "message": "Required param missing",
        "detail": "Name",
        "code": "2020",
        "element": "Name",
    }


def test_every_code_of_ours_is_of_its_own():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ProviderError)
    ]
    codes = {kind.code for kind in kinds if kind not in (ProviderError, errors.ServerError)}
    assert len(codes) == len(kinds) - 2
    assert errors.ServerError.code == errors.ServerFault.code


def test_long_messages_are_cut_and_the_details_kept_whole():
    error = parse_fault(400, {}, fault(2010, "x" * 5000))
    assert len(str(error)) == 500
    assert len(error.errors[0].detail) == 5000
