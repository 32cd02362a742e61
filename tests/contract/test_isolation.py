"""A workspace is closed to all others: no address takes the id of another workspace's row."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.conftest import PanelClient
from webapp.auth.service import keep_draft
from webapp.errors import NotFound
from webapp.jobs import service as jobs
from webapp.links import accepting, creating_many
from webapp.links import service as links
from webapp.models import (
    ALL,
    Connection,
    DirectoryEntry,
    ImportFile,
    ListKind,
    MemberType,
    TaxExemption,
)

LINKS = "/settings/integrations/quickbooks/links"
QUICKBOOKS = "/settings/integrations/quickbooks"
SECRET = "Confidential Trophies"

# method, address, fields: {names} are ids of another workspace's rows; 404 and nothing changed is right
REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/companies/{company}", {}),
    ("GET", "/companies/{company}/exemptions", {}),
    ("GET", "/companies/{company}/exemptions/edit", {}),
    ("POST", "/companies/{company}/exemptions", {"number": "A-1"}),
    ("GET", "/companies/{company}/exemptions/{exemption}/edit", {}),
    ("POST", "/companies/{company}/exemptions/{exemption}", {"number": "A-1", "version": "1"}),
    ("POST", "/companies/{company}/exemptions/{exemption}", {"action": "remove", "version": "1"}),
    ("GET", "/companies/{own}/exemptions/{exemption}/edit", {}),
    ("GET", "/documents/{document}", {}),
    ("GET", "/documents/{document}/status", {}),
    ("POST", "/documents/{document}/send", {}),
    ("GET", "/imports/{file}", {}),
    ("POST", "/imports/{file}/commit", {}),
    ("POST", "/imports/{file}/commit", {"mode": "skip_bad"}),
    ("GET", "/links/customers/{company}", {}),
    ("GET", "/links/customers/{company}/edit", {}),
    ("GET", "/links/customers/{company}/options", {}),
    ("POST", "/links/customers/{company}", {"remote_id": "1"}),
    ("POST", "/links/customers/{company}", {"action": "search", "q": "Conf"}),
    ("POST", "/links/customers/{company}", {"action": "unlink"}),
    ("POST", "/links/customers/{company}", {"action": "do_not_link"}),
    ("GET", "/links/customers/{company}/create", {}),
    ("POST", "/links/customers/{company}/create", {"name": "Theirs", "version": "none"}),
    ("POST", "/links/customers/{company}/create", {"action": "search", "parent": "Conf"}),
    ("GET", "/links/customers/{company}/parents", {}),
    ("GET", "/links/customers/{company}/creation", {}),
    ("POST", "/links/customers/{company}/creation/withdraw", {}),
    ("POST", "/links/undo/{activity}", {}),
    ("POST", "/links/customers/{company}/conflict", {"action": "link", "remote_id": "1"}),
    ("POST", "/links/customers/{company}/conflict", {"action": "keep"}),
    ("POST", "/links/customers/{company}/conflict", {"action": "unlink"}),
    ("POST", "/links/conflicts/undo/{activity}", {}),
    ("GET", "/links/customers/jobs/{job}", {}),
    ("POST", "/links/customers/jobs/{job}/cancel", {}),
    ("POST", "/links/customers/jobs/{job}/undo", {}),
    ("GET", "/links/customers/creations/{creations}", {}),
    ("POST", "/links/customers/creations/{creations}/stop", {}),
]
# addresses of the workspace's own that are handed another's id in a query or a field
UNAFFECTED: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/companies?after={company}", {}, 200),
    ("GET", "/companies?before={company}", {}, 200),
    ("GET", "/companies?q=Confidential", {}, 200),
    ("POST", "/companies/{own}/exemptions/{exemption}", {"number": "A-1", "version": "1"}, 409),
    ("POST", "/companies/{own}/exemptions/{exemption}", {"action": "remove", "version": "1"}, 303),
    ("GET", "/documents?after={document}", {}, 200),
    ("GET", "/documents?before={document}", {}, 200),
    ("GET", "/documents?q=Confidential", {}, 200),
    ("GET", "/activity", {}, 200),
    ("GET", f"{LINKS}/customers?q=Confidential", {}, 200),
    ("GET", "/links/conflicts?q=Confidential", {}, 200),
    ("POST", "/links/customers/{own}/conflict", {"action": "link", "remote_id": "secret-1"}, 422),
    ("GET", "/links/customers/{own}/options?q=Confidential", {}, 200),
    ("GET", "/links/customers/{own}/parents?q=Confidential", {}, 200),
    ("POST", "/links/customers/{own}", {"remote_id": "secret-1"}, 422),
    (
        "POST",
        "/links/customers/{own}/create",
        {"name": "Ours", "parent_id": "secret-1", "version": "none"},
        422,
    ),
    ("POST", f"{LINKS}/customers/accept", {"accept": ["{own}.secret-1"]}, 422),
    ("POST", f"{LINKS}/customers/accept", {"accept": ["{company}.secret-1"]}, 404),
    ("GET", f"{QUICKBOOKS}/permissions/edit?draft={{draft}}", {}, 200),
    (
        "POST",
        f"{QUICKBOOKS}/permissions",
        {"visible_to": "selected", "people": ["{person}"], "send": "invoice", "version": "0"},
        422,
    ),
    (
        "POST",
        f"{QUICKBOOKS}/preferences",
        {
            "income_account_id": "secret-2",
            "item_name_source": "number",
            "unknown_items": "service",
            "numbers": "ours",
            "version": "0",
        },
        422,
    ),
]


@pytest.fixture
def foreign(connected: SimpleNamespace) -> dict[str, Any]:
    """The ids of another workspace's rows, which is connected to a company of its own."""
    other, owner = connected.other, connected.outsider
    company = factories.company(other, SECRET)
    connection = factories.connection(
        other, realm_id="777", company_name=SECRET, lists_read_at=connected.connection.lists_read_at
    )
    for kind, remote_id in ((ListKind.CUSTOMER, "secret-1"), (ListKind.ACCOUNT, "secret-2")):
        DirectoryEntry.create(
            workspace=other,
            realm_id="777",
            kind=kind,
            remote_id=remote_id,
            name=SECRET,
            folded=SECRET.lower(),
            type="Income",
        )
    change = links.link(owner, connection, company.id, MemberType.CUSTOMER, "secret-1")
    header = "ESP+ ID,Name,Member types\nZ-1,Other,Customer\n"
    file = ImportFile.create(
        workspace=other, user=owner, kind="companies", filename=f"{SECRET}.csv", content=header.encode()
    )
    return {
        "company": company.id,
        "exemption": TaxExemption.create(workspace=other, company=company, number=SECRET).id,
        "document": factories.document(other, company, memo=SECRET).id,
        "activity": change.activity_id,
        "file": file.id,
        "person": factories.user(other).id,
        "draft": keep_draft(owner.id, {"visible_to": ["selected"], "version": [SECRET]}),
        "job": jobs.start(
            other.id, owner.id, accepting.ACCEPT, {"member_type": "customer", "realm_id": "1"}
        ).id,
        "creations": jobs.start(
            other.id, owner.id, creating_many.KIND, {"member_type": "customer", "realm_id": "1"}
        ).id,
        "own": factories.company(connected.workspace, "Ours").id,
    }


def everything() -> dict[str, list[Any]]:
    return {
        model._meta.table_name: sorted(map(repr, model.select().order_by(model.id).tuples())) for model in ALL
    }


def test_no_address_takes_the_id_of_another_workspaces_row(
    connected: SimpleNamespace, client: PanelClient, foreign: dict[str, Any]
) -> None:
    client.sign_in(connected.owner)
    before = everything()
    for method, address, fields in REFUSED:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.open(address.format(**foreign), method=method, data=fields, headers=headers)
            assert answer.status_code == 404, (method, address, fields)
            assert SECRET not in answer.get_data(as_text=True), (method, address, fields)
    assert everything() == before


def test_what_names_another_workspaces_row_finds_nothing_and_changes_nothing(
    connected: SimpleNamespace, client: PanelClient, foreign: dict[str, Any]
) -> None:
    client.sign_in(connected.owner)
    before = everything()
    for method, address, fields, status in UNAFFECTED:
        filled = {
            name: [one.format(**foreign) for one in value] if isinstance(value, list) else value
            for name, value in fields.items()
        }
        answer = client.open(address.format(**foreign), method=method, data=filled)
        assert answer.status_code == status, (method, address, fields)
        assert SECRET not in answer.get_data(as_text=True), (method, address, fields)
    assert everything() == before


def test_every_address_with_an_id_is_in_the_table(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    tried = set()
    for method, address, _fields in REFUSED:
        filled = address.format(
            company=1, document=1, file=1, activity=1, exemption=1, own=1, job=1, creations=1
        )
        tried.add((adapter.match(filled, method=method)[0], method))
    wanted = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if any(name.endswith("_id") for name in rule.arguments)
    }
    assert wanted == tried


def test_services_refuse_a_connection_of_another_workspace(
    connected: SimpleNamespace, foreign: dict[str, Any]
) -> None:
    theirs = Connection.get(Connection.workspace == connected.other)
    with pytest.raises(NotFound):
        links.link(connected.owner, theirs, foreign["own"], MemberType.CUSTOMER, "secret-1")
    with pytest.raises(NotFound):
        links.undo(connected.owner, theirs, foreign["activity"])
