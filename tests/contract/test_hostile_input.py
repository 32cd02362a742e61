"""What no form of ours sends is refused or overlooked, and breaks nothing on either database."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import factories
from tests.conftest import PanelClient
from webapp.models import OAuthState

QUICKBOOKS = "/settings/integrations/quickbooks"
TOO_LONG = "9" * 5000  # more digits than Python converts

GETS = [
    "/companies?q=abc%00def", "/companies?after=²", f"/companies?before={TOO_LONG}", f"/companies/{TOO_LONG}",
    "/companies/2147483648", "/companies/1/exemptions?from=²", f"/companies/1/exemptions/{TOO_LONG}/edit",
    "/companies/1/exemptions/edit?draft=²",
    "/documents?q=%00", "/documents?q=abc%00def", f"/documents?after={TOO_LONG}",
    "/documents?kind=%00&state=%00", f"/documents/{TOO_LONG}", "/documents/2147483648",
    "/documents/99999999999999999999/status", "/imports/99999999999999999999", "/activity?before=²",
    f"/activity?before={TOO_LONG}", f"{QUICKBOOKS}/permissions/edit?draft=²",
    f"{QUICKBOOKS}/permissions/edit?draft={TOO_LONG}", f"{QUICKBOOKS}/permissions/edit?draft=2147483648",
    f"{QUICKBOOKS}/preferences/edit?item_search=a%00b&field=%00",
    f"{QUICKBOOKS}/preferences/edit?field=rule-%D9%A1-value",
    f"{QUICKBOOKS}/preferences/options?field=%00&q=%00",
    f"{QUICKBOOKS}/preferences/options?field=class_id&q=a%00b",
    f"{QUICKBOOKS}/links/customers?q=%00a",
    f"{QUICKBOOKS}/links/customers?after={TOO_LONG}.a", f"{QUICKBOOKS}/links/customers?before=1.%00",
    f"{QUICKBOOKS}/links/customers?state=%00", f"/links/customers/{TOO_LONG}/edit",
    "/links/customers/1/options?q=a%00b", "/links/customers/1/parents?q=a%00b",
    "/links/customers/1/create?draft=²", f"/links/customers/{TOO_LONG}/create",
    f"/links/customers/creations/{TOO_LONG}",
    f"{QUICKBOOKS}/callback?state=%00&code=%00&realmId=%00",
]  # fmt: skip
PREFERENCES = {"item_name_source": "number", "unknown_items": "service", "numbers": "ours", "version": "0"}
POSTS = [
    ("/sign-in", {"email": "a\0b@example.test", "password": "\0", "next": "//elsewhere", "carried": "["}),
    ("/language", {"language": "\0", "next": "//elsewhere"}),
    ("/theme", {"theme": "\0"}),
    (f"{QUICKBOOKS}/connect", {"expect": "a\0b"}),
    (f"{QUICKBOOKS}/connect", {"expect": "9" * 100}),
    (f"{QUICKBOOKS}/permissions", {"visible_to": "selected", "people": [TOO_LONG, "²"], "version": "0"}),
    (f"{QUICKBOOKS}/permissions", {"visible_to": "\0", "send": ["\0"], "version": TOO_LONG}),
    (f"{QUICKBOOKS}/preferences", {"find": "a\0b", "search": "1", **PREFERENCES}),
    (f"{QUICKBOOKS}/preferences", {**PREFERENCES, "income_account_id": "\0", "freight": "item:\0"}),
    ("/links/customers/1", {"remote_id": "\0", "version": "\0", "q": "\0"}),
    ("/links/customers/1", {"action": "\0", "remote_id": "\0"}),
    ("/links/customers/1/create", {"name": "\0", "parent_id": "\0", "parent": "\0", "version": "\0"}),
    ("/links/customers/1/create", {"name": "A", "use": "\0", "parent_id": TOO_LONG, "version": TOO_LONG}),
    ("/links/customers/1/create", {"action": "search", "name": "\0", "parent": "a\0b"}),
    (f"/imports/{TOO_LONG}/commit", {"mode": "\0"}),
    (f"/documents/{TOO_LONG}/send", {}),
    ("/companies/1/exemptions", {"number": "\0", "states": "\0", "expires_on": "\0"}),
    ("/companies/1/exemptions", {"number": "\u2028", "states": "\ue000 ²", "expires_on": TOO_LONG}),
    ("/companies/1/exemptions/1", {"number": "A", "version": TOO_LONG, "action": "\0"}),
    (f"/companies/{TOO_LONG}/exemptions/{TOO_LONG}", {"action": "remove", "version": "²"}),
]


@pytest.fixture
def manager(connected: SimpleNamespace, client: PanelClient) -> PanelClient:
    factories.company(connected.workspace)
    return client.sign_in(connected.owner)


def test_no_address_breaks_on_what_stands_in_it(manager: PanelClient) -> None:
    for address in GETS:
        assert manager.get(address).status_code < 500, address[:90]


def test_no_form_breaks_on_what_is_sent_with_it(manager: PanelClient) -> None:
    for address, fields in POSTS:
        answer = manager.post(address, data=fields)
        assert answer.status_code < 500, (address[:90], fields)
        assert "elsewhere" not in answer.headers.get("Location", "")


def test_a_company_to_connect_instead_is_a_number_or_nothing(manager: PanelClient) -> None:
    for expected in ("a\0b", "9" * 33, "٣", "1 OR 1", "9130357766900001"):
        manager.post(f"{QUICKBOOKS}/connect", data={"expect": expected})
    rows = OAuthState.select().order_by(OAuthState.id)
    assert [row.expected_realm for row in rows] == [None, None, None, None, "9130357766900001"]
