"""Customers, vendors and items: names, parents, updates, deactivation."""

import pytest

from .conftest import code_of, error_of


def sparse(obj, **changes):
    return {"Id": obj["Id"], "SyncToken": obj["SyncToken"], "sparse": True, **changes}


def full(obj, **changes):
    return {"Id": obj["Id"], "SyncToken": obj["SyncToken"], **changes}


def test_new_customer_gets_its_defaults(us):
    made = us.made("customer", {"GivenName": "Ada", "FamilyName": "Quill", "BillAddr": {"Line1": "1 Row"}})
    assert made["DisplayName"] == made["FullyQualifiedName"] == made["PrintOnCheckName"] == "Ada Quill"
    assert (made["Active"], made["Job"], made["Balance"], made["SyncToken"]) == (True, False, 0, "0")
    assert made["CurrencyRef"] == {"value": "USD", "name": "United States Dollar"}
    assert made["BillAddr"]["Id"]
    assert us.get(f"customer/{made['Id']}").json()["Customer"] == made


def test_customer_without_any_name_is_refused(us):
    answer = us.post("customer", {"CompanyName": "Nameless"})
    assert (code_of(answer), error_of(answer)["element"]) == ("2020", "DisplayName")


@pytest.mark.parametrize("name", ["a:b", "a\tb", "a\nb"])
@pytest.mark.parametrize("path", ["customer", "vendor"])
def test_names_take_no_colon_tab_or_newline(us, path, name):
    assert code_of(us.post(path, {"DisplayName": name})) == "2040"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("customer", "Kestrel Dental"),
        ("customer", "KESTREL DENTAL "),
        ("customer", "Crestline Awards"),
        ("vendor", "Kestrel Dental"),
    ],
)
def test_name_is_unique_over_customers_and_vendors(us, path, name):
    answer = us.post(path, {"DisplayName": name})
    assert (answer.status_code, code_of(answer)) == (400, "6240")
    assert error_of(answer)["Detail"] == "The name supplied already exists. : null"
    assert "element" not in error_of(answer)


def test_sub_customer_may_share_a_name_but_not_a_full_name(us):
    body = {"DisplayName": "Kestrel Dental", "ParentRef": {"value": "10"}}
    made = us.made("customer", body)
    assert made["FullyQualifiedName"] == "Pemberwick School District:Kestrel Dental"
    assert (made["Job"], made["Level"], made["ParentRef"]["name"]) == (True, 1, "Pemberwick School District")
    assert code_of(us.post("customer", body)) == "6240"


def test_hierarchy_has_four_levels_below_the_top(us):
    parent = "1"
    for level in range(1, 5):
        parent = us.made("customer", {"DisplayName": f"Level {level}", "ParentRef": {"value": parent}})["Id"]
    assert code_of(us.post("customer", {"DisplayName": "Five", "ParentRef": {"value": parent}})) == "6000"


def test_renaming_a_parent_renames_the_full_names_below(us):
    school = us.get("customer/10").json()["Customer"]
    us.made("customer", sparse(school, DisplayName="Pemberwick Schools"))
    child = us.get("customer/21").json()["Customer"]
    assert child["FullyQualifiedName"] == "Pemberwick Schools:High School Boosters"
    assert child["ParentRef"]["name"] == "Pemberwick Schools"


def test_customer_cannot_lie_below_itself(us):
    school = us.get("customer/10").json()["Customer"]
    for parent in ("10", "21"):
        assert code_of(us.post("customer", sparse(school, ParentRef={"value": parent}))) == "6000"


def test_sparse_update_changes_only_what_it_names(us):
    before = us.get("customer/3").json()["Customer"]
    after = us.made("customer", sparse(before, Notes="rings at noon"))
    assert after["Notes"] == "rings at noon"
    assert after["PrimaryEmailAddr"] == before["PrimaryEmailAddr"]
    assert after["SyncToken"] == "1"


def test_sparse_update_clears_what_it_sends_empty(us):
    before = us.get("customer/3").json()["Customer"]
    after = us.made("customer", sparse(before, PrimaryPhone=None, CompanyName=""))
    assert not {"PrimaryPhone", "CompanyName"} & set(after)


def test_full_update_clears_what_it_leaves_out(us):
    before = us.get("customer/3").json()["Customer"]
    after = us.made("customer", full(before, DisplayName="Corvid Books"))
    assert not {"PrimaryPhone", "CompanyName", "BillAddr", "SalesTermRef"} & set(after)
    assert after["FullyQualifiedName"] == after["PrintOnCheckName"] == "Corvid Books"
    assert after["Active"] is True


def test_stale_sync_token_is_refused(us):
    before = us.get("vendor/31").json()["Vendor"]
    us.made("vendor", sparse(before, Notes="one"))
    answer = us.post("vendor", sparse(before, Notes="two"))
    assert (answer.status_code, code_of(answer)) == (400, "5010")
    assert us.get("vendor/31").json()["Vendor"]["Notes"] == "one"


@pytest.mark.parametrize("missing", ["SyncToken"])
def test_update_needs_a_sync_token(us, missing):
    answer = us.post("customer", {"Id": "1", "sparse": True, "Notes": "x"})
    assert (code_of(answer), error_of(answer)["element"]) == ("2020", missing)


@pytest.mark.parametrize(("object_id", "code"), [("9999", "610"), ("abc", "2030")])
def test_update_of_nothing_is_refused(us, object_id, code):
    assert code_of(us.post("customer", {"Id": object_id, "SyncToken": "0", "Notes": "x"})) == code


def test_update_that_changes_nothing_moves_nothing(server, us):
    before = us.get("customer/3").json()["Customer"]
    server.control("clock", {"advance": 60})
    assert us.made("customer", sparse(before, DisplayName=before["DisplayName"])) == before
    assert us.made("customer", before) == before


def test_numbers_are_taken_for_sync_token_and_reference(us):
    body = {"Id": 3, "SyncToken": 0, "sparse": True, "SalesTermRef": {"value": 4}}
    assert us.made("customer", body)["SalesTermRef"] == {"value": "4", "name": "Net 60"}


def test_deactivated_customer_gives_its_name_free(us):
    before = us.get("customer/19").json()["Customer"]
    gone = us.made("customer", sparse(before, Active=False))
    assert gone["DisplayName"] == gone["FullyQualifiedName"] == "Larkspur Yoga Studio (deleted)"
    twin = us.made("customer", {"DisplayName": "Larkspur Yoga Studio"})
    again = us.made("customer", sparse(twin, Active=False))
    assert again["DisplayName"] == "Larkspur Yoga Studio (deleted-1)"
    assert us.rows("SELECT * FROM Customer WHERE DisplayName LIKE 'Larkspur%'") == []


def test_reference_to_an_inactive_object_is_refused(us):
    answer = us.post("customer", {"DisplayName": "Child", "ParentRef": {"value": "24"}})
    assert (code_of(answer), error_of(answer)["element"]) == ("610", "ParentRef")


def test_vendor_tax_number_comes_back_masked(us):
    made = us.made("vendor", {"DisplayName": "Masked", "TaxIdentifier": "123456789"})
    assert made["TaxIdentifier"] == "XXXXX6789"


ITEM = {"Name": "Sticker", "Type": "Service", "IncomeAccountRef": {"value": "2"}}


def test_item_comes_back_with_sku_and_account_name(us):
    made = us.made("item", {**ITEM, "Sku": "STK-1", "UnitPrice": 0.5})
    assert (made["Sku"], made["FullyQualifiedName"]) == ("STK-1", "Sticker")
    assert made["IncomeAccountRef"] == {"value": "2", "name": "Sales of Product Income"}
    assert us.rows("SELECT * FROM Item WHERE Sku = 'stk-1'") == [made]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Name": None}, "2020"),
        ({"Type": None}, "2020"),
        ({"Type": "Spell"}, "2010"),
        ({"IncomeAccountRef": None}, "2020"),
        ({"IncomeAccountRef": {"value": "7"}}, "6430"),
        ({"Name": "tote bag"}, "6240"),
        ({"Name": "x" * 101}, "2050"),
        ({"Type": "Inventory"}, "2020"),
        ({"ExpenseAccountRef": {"value": "90"}}, "610"),
    ],
)
def test_item_that_breaks_a_rule_is_refused(us, changes, code):
    assert code_of(us.post("item", {**ITEM, **changes})) == code


def test_inventory_item_needs_its_accounts_and_quantity(us):
    body = {
        **ITEM,
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": 10,
        "InvStartDate": "2026-01-01",
        "AssetAccountRef": {"value": "81"},
        "ExpenseAccountRef": {"value": "7"},
    }
    assert us.made("item", body)["QtyOnHand"] == 10
