"""No body breaks the server: the answer is a fault or a stored object, never a breakdown."""

import copy
import random

import pytest

from webapp.sandbox import create_sandbox
from webapp.sandbox.rules import fields
from webapp.sandbox.store import Store, StoreError

from .documents import account_line, bill, invoice, item_line, order, sales_line

DISCOUNT = {
    "DetailType": "DiscountLineDetail",
    "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10},
}
BODIES = {
    "Customer": {"DisplayName": "Odd", "BillAddr": {"Line1": "x"}, "ParentRef": {"value": "1"}},
    "Vendor": {"DisplayName": "Odd", "PrimaryEmailAddr": {"Address": "a@b.example"}},
    "Item": {"Name": "Odd", "Type": "Service", "IncomeAccountRef": {"value": "2"}},
    "Invoice": invoice(sales_line(10, Qty=2, UnitPrice=5, tax="TAX"), DISCOUNT, TxnTaxDetail={"TotalTax": 1}),
    "Bill": bill(item_line(10, Qty=1, UnitPrice=10), account_line(3)),
    "PurchaseOrder": order(),
}
ODD_VALUES = [
    *(None, "", 0, -1, True, "x", "1", "TAX", "x" * 5000, 1e300, 10**20, 1e-11, [], {}, [None], [{}], [[]]),
    *(
        {"value": "1"},
        {"value": {}},
        {"value": [1]},
        "9999-12-31",
        "Billable",
        "DescriptionOnly",
        "TaxInclusive",
    ),
]


def places(value, path=()):
    """The paths to all values inside a body."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*path, key))


def mutated(body, entity, chance):
    """A copy with one to three values replaced, removed or added."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice([path for path in places(body) if path] or [("Id",)])
        inside = body
        for key in way:
            inside = inside[key]
        if isinstance(inside, dict) and chance.random() < 0.2:
            del inside[last]
        else:
            inside[last] = copy.deepcopy(chance.choice(ODD_VALUES))
        if chance.random() < 0.3:
            body[chance.choice(sorted(fields(entity)))] = copy.deepcopy(chance.choice(ODD_VALUES))
    return body


@pytest.fixture
def client():
    app = create_sandbox()
    yield app.test_client()
    app.extensions["sandbox"].store.close()


@pytest.mark.parametrize("entity", BODIES)
def test_odd_bodies_are_refused_or_stored_whole(client, entity):
    chance = random.Random(entity)
    tokens = client.post("/control/tokens", json={}).json
    base = f"/v3/company/{tokens['realmId']}/{entity.lower()}"
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    for _ in range(150):
        body = mutated(BODIES[entity], entity, chance)
        answer = client.post(base, json=body, headers=headers)
        assert answer.status_code in (200, 400), body
        if answer.status_code == 200:
            made = answer.json[entity]
            assert client.get(f"{base}/{made['Id']}", headers=headers).json[entity] == made
            assert client.post(base, json=made, headers=headers).json[entity] == made


def test_store_of_another_version_is_refused_in_words(tmp_path):
    file = str(tmp_path / "old.sqlite3")
    store = Store(file)
    with store.reading() as db:
        db.execute("PRAGMA user_version=99")
    store.close()
    with pytest.raises(StoreError, match="another version"):
        create_sandbox(file)
