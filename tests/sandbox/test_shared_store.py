"""Two servers on one file, as the processes of one server are: what one does holds in the other at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from webapp.sandbox import entities, faults, sample
from webapp.sandbox.books import Books
from webapp.sandbox.orders import EarlyBooks, Order

from .conftest import Company, code_of
from .documents import invoice, sales_line

REALM = sample.COMPANIES["us"].realm


@pytest.fixture
def servers(start, tmp_path):
    file = str(tmp_path / "shared.sqlite3")
    return start(file), start(file)


@pytest.fixture
def pair(servers):
    """One company by way of both servers, which have both looked at its lists."""
    one, other = servers
    first = one.company("us")
    second = Company(other.base, first.tokens)
    for company in (first, second):
        company.made("invoice", invoice())
    return first, second


def changed(company, path, object_id, **fields):
    found = next(iter(company.get(f"{path}/{object_id}").json().values()))
    named = {
        key: found[key] for key in ("Id", "SyncToken", "Name", "Type", "IncomeAccountRef") if key in found
    }
    return company.made(path, {**named, "sparse": True, **fields})


def test_token_that_one_server_revokes_is_refused_by_the_other(servers, pair):
    client = ("sandbox-client", "sandbox-secret")
    token = {"token": pair[0].tokens["refresh_token"]}
    assert pair[1].get("customer/1").status_code == 200
    answer = requests.post(f"{servers[0].base}/v2/oauth2/tokens/revoke", json=token, auth=client, timeout=10)
    assert answer.status_code == 200
    assert [company.get("customer/1").status_code for company in pair] == [401, 401]


def test_item_that_one_server_renames_has_its_new_name_in_the_other(pair):
    changed(pair[0], "item", "2", Name="Renamed")
    line = pair[1].made("invoice", invoice())["Line"][0]
    assert line["SalesItemLineDetail"]["ItemRef"]["name"] == "Renamed"


def test_item_that_one_server_makes_inactive_is_refused_by_the_other(pair):
    changed(pair[0], "item", "2", Active=False)
    assert code_of(pair[1].post("invoice", invoice())) == "610"


def test_books_that_one_server_closes_are_closed_in_the_other(servers, pair):
    servers[0].control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2020-12-31"}})
    assert code_of(pair[1].post("invoice", invoice(TxnDate="2020-06-01"))) == "6210"


def test_choice_that_is_made_in_one_server_holds_in_the_other(servers, pair):
    servers[0].control("choices", {"from_customer": "BillEmail"})
    assert "BillEmail" in pair[1].made("invoice", invoice())


def test_customer_that_a_reset_took_away_is_unknown_to_both(servers, pair):
    made = pair[0].made("customer", {"DisplayName": "Gone soon"})
    pair[1].made("invoice", invoice(customer=made["Id"]))
    servers[0].control("reset")
    assert [code_of(company.post("invoice", invoice(customer=made["Id"]))) for company in pair] == [
        "2500"
    ] * 2


def test_writes_to_both_at_once_get_different_ids_and_add_up(pair):
    before = pair[0].get("customer/1").json()["Customer"]["Balance"]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: pair[n % 2].made("invoice", invoice(sales_line(10))), range(40)))
    assert len({one["Id"] for one in made}) == 40
    assert pair[1].get("customer/1").json()["Customer"]["Balance"] == before + 400


def test_order_is_settled_anew_when_the_lists_change_before_its_turn(server, us):
    store, now = server.app.extensions["sandbox"].store, server.app.extensions["sandbox"].clock.now()
    orders = [Order(entities.BY_NAME["Invoice"], invoice(DocNumber=number), "", "") for number in "ab"]
    for order in orders:
        with store.reading() as db:
            order.prepare(EarlyBooks(db, REALM, now))
    changed(us, "item", "2", Name="Renamed")
    with store.writing() as db:
        made = orders[0].carry_out(Books(db, REALM, now))
    assert made["Line"][0]["SalesItemLineDetail"]["ItemRef"]["name"] == "Renamed"
    changed(us, "item", "2", Active=False)
    with store.writing() as db, pytest.raises(faults.Fault, match="610"):
        orders[1].carry_out(Books(db, REALM, now))
