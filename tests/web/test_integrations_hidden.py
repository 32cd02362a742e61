"""Whoever the integration is hidden from finds no trace of it: every address is walked as such a person."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule

from tests import factories, sendable
from tests.conftest import HTMX, PanelClient
from webapp.links import accepting
from webapp.models import (
    Activity,
    Company,
    Delivery,
    DeliveryAttempt,
    DirectoryEntry,
    Document,
    DocumentState,
    DocumentStatus,
    ImportFile,
    Job,
    ListKind,
    Permission,
    TaxExemption,
    Visibility,
    record,
)

# what only the integration knows; each of them is on some page of the owner's
TRACES = ("QuickBooks", "Trace Books Inc.", "Remote Ledger Party", "QB-778899", "TRACE-FAULT", "tid-31337")
STATES = {"Ready", "Blocked", "Queued", "Sending", "Sent", "Failed", "Changed since sent", "Voided"}
STATES |= {"Linked", "Not linked", "Conflict", "Do not link", "Suggested", "To review"}
INTEGRATION = "/settings/integrations"
LINKS = "/links/"
SEARCHES = [
    "/documents?q=QB-778899", "/documents?q=Remote+Ledger", "/documents?state=failed",
    "/documents?kind=invoice&state=sent", "/companies?q=Remote+Ledger", "/activity?before=2147483647",
]  # fmt: skip


@pytest.fixture
def hidden(connected: SimpleNamespace) -> SimpleNamespace:
    """A workspace with something of everything, whose integration the member is not to see."""
    world = sendable.prepare(connected)
    world.connection.company_name = "Trace Books Inc."
    world.connection.save()
    world.company = company(world)
    world.ids = {
        "company_id": world.company.id,
        "document_id": documents(world),
        "import_id": imported(world).id,
        "exemption_id": TaxExemption.create(
            workspace=world.workspace, company=world.company, number="EX-1"
        ).id,
        "job_id": job(world).id,
        "activity_id": activity(world),
    }
    Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)
    return world


def company(world: SimpleNamespace) -> Company:
    found = world.sandbox.query("SELECT * FROM Customer")[0]
    wanted = (DirectoryEntry.kind == ListKind.CUSTOMER) & (DirectoryEntry.remote_id == found["Id"])
    DirectoryEntry.update(name="Remote Ledger Party", full_name="Remote Ledger Party").where(wanted).execute()
    row = factories.company(world.workspace, "Alder Row", is_supplier=True, is_decorator=True)
    factories.link(world.workspace, world.connection.realm_id, row, found["Id"])
    return row


def documents(world: SimpleNamespace) -> int:
    """A document in each state; gives the failed one's id."""
    made = {state: factories.document(world.workspace, world.company) for state in DocumentState}
    for state, document in made.items():
        DocumentStatus.update(
            state=state, remote_id="998877", remote_number="QB-778899", realm_id=world.connection.realm_id
        ).where(DocumentStatus.document == document).execute()
    failed = made[DocumentState.FAILED]
    error = {"code": "refused", "message": "TRACE-FAULT", "trace_id": "tid-31337"}
    delivery = factories.delivery(world.connection, failed, state="failed", error=error)
    DeliveryAttempt.create(delivery=delivery, number=1, outcome="refused", trace_id="tid-31337")
    return failed.id


def imported(world: SimpleNamespace) -> ImportFile:
    header = b"ESP+ ID,Name,Member types\nZ-1,Other,Customer\n"
    return ImportFile.create(
        workspace=world.workspace, user=world.member, kind="companies", filename="c.csv", content=header
    )


def job(world: SimpleNamespace) -> Job:
    params = {"member_type": "customer", "score": 95, "realm_id": world.connection.realm_id}
    return Job.create(workspace=world.workspace, user=world.owner, kind=accepting.ACCEPT, params=params)


def activity(world: SimpleNamespace) -> int:
    home, who = world.workspace.id, world.owner.id
    for verb in ("connection.connected", "connection.disconnected", "connection.paused"):
        record(home, who, verb, company="Trace Books Inc.")
    record(home, who, "permissions.saved", before={}, after={"visible_to": "selected"})
    record(home, who, "preferences.saved", before={}, after={"income_account_id": "Remote Ledger Party"})
    for verb in ("document.queued", "document.sent", "document.failed"):
        record(home, who, verb, kind="invoice", number="QB-778899")
    before = {"state": None, "remote_id": None, "remote_name": "", "version": 0}
    after = {"state": "linked", "remote_id": "1", "remote_name": "Remote Ledger Party", "version": 1}
    record(
        home, who, "links.linked", ("company", world.company.id), company="Alder Row",
        before=before, after=after, member_type="customer", realm_id=world.connection.realm_id,
    )  # fmt: skip
    return Activity.select(Activity.id).order_by(Activity.id.desc()).scalar()


def walk(app: Flask, world: SimpleNamespace, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address that takes the method, with ids of rows that are there."""
    choices = {"member": "customers", "kind": "companies"}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static" or method not in (rule.methods or set()):
                continue
            if rule.endpoint in {"auth.sign_out", "auth.set_language"}:
                continue
            names = {name: choices.get(name) or world.ids[name] for name in rule.arguments}
            yield rule, adapter.build(rule.endpoint, names)


def traces(answer: Any) -> set[str]:
    """What an answer gives away: in its text, its attributes, its headers, or as a badge of a state."""
    body = answer.get_data(as_text=True)
    page = BeautifulSoup(body, "html.parser")
    everything = body + str(answer.headers)
    badges = {badge.get_text(strip=True) for badge in page.select(".badge")}
    links = (
        {"a link to the integration"} if f'href="{INTEGRATION}' in body or f'href="{LINKS}' in body else set()
    )
    return {trace for trace in TRACES if trace in everything} | (badges & STATES) | links


def test_no_page_menu_search_or_export_has_a_trace_of_it(
    hidden: SimpleNamespace, app: Flask, client: PanelClient
) -> None:
    client.sign_in(hidden.member)
    addresses = [address for _rule, address in walk(app, hidden, "GET")] + SEARCHES
    addresses += [
        address.replace("companies", "documents") for address in addresses if "companies" in address
    ]
    found = {}
    for address in addresses:
        for headers in ({}, HTMX):
            answer = client.get(address, headers=headers, follow_redirects=not headers)
            assert answer.status_code < 500, address
            asked = {trace for trace in TRACES if trace in unquote_plus(address)}
            found[address, bool(headers)] = traces(answer) - asked
    assert "\n".join(f"{key} {value}" for key, value in found.items() if value) == ""


def test_a_search_for_what_only_quickbooks_knows_finds_nothing(
    hidden: SimpleNamespace, client: PanelClient
) -> None:
    client.sign_in(hidden.member)
    whole = len(BeautifulSoup(client.get("/documents").data, "html.parser").select("tbody tr"))
    assert whole == Document.select().count()
    for search, rows in (("/documents?state=failed", whole), ("/documents?q=QB-778899", 0)):
        assert len(BeautifulSoup(client.get(search).data, "html.parser").select("tbody tr")) == rows


def test_every_address_of_it_answers_as_if_it_were_not_there(
    hidden: SimpleNamespace, app: Flask, client: PanelClient
) -> None:
    client.sign_in(hidden.member)
    before = [model.select().count() for model in (Activity, Delivery, Permission, Job)]
    for method in ("GET", "POST"):
        for rule, address in walk(app, hidden, method):
            if not address.startswith((INTEGRATION, LINKS)) and rule.endpoint != "documents.send":
                continue
            for headers in ({}, HTMX):
                answer = client.open(address, method=method, headers=headers)
                assert answer.status_code == 404, (method, address)
                assert traces(answer) == set(), (method, address)
    assert [model.select().count() for model in (Activity, Delivery, Permission, Job)] == before


def test_no_answer_to_what_they_send_has_a_trace_of_it(
    hidden: SimpleNamespace, app: Flask, client: PanelClient
) -> None:
    client.sign_in(hidden.member)
    for _rule, address in walk(app, hidden, "POST"):
        for headers in ({}, HTMX):
            answer = client.post(address, data={}, headers=headers)
            assert answer.status_code < 500, address
            assert traces(answer) == set(), address


def test_the_walk_would_find_every_trace(hidden: SimpleNamespace, app: Flask, client: PanelClient) -> None:
    client.sign_in(hidden.owner)
    found: set[str] = set()
    for _rule, address in walk(app, hidden, "GET"):
        found |= traces(client.get(address))
    assert set(TRACES) <= found
    assert {"Failed", "Sent", "Linked", "a link to the integration"} <= found
