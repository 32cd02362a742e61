import pytest

from webapp.accounting.proposals import NOTHING, Proposal, Proposals, propose
from webapp.accounting.proposed_terms import due_days
from webapp.accounting.provider import ListedAccount, ListedItem, ProviderCompany

from .builders import CANADA, US

Codes = list[tuple[str, str]]


def proposals(
    accounts: list[ListedAccount] | None = None,
    items: list[ListedItem] | None = None,
    terms: list[tuple[str, str, int | None]] | None = None,
    tax_codes: Codes | None = None,
    company: ProviderCompany = US,
    our_terms: list[str] | None = None,
) -> Proposals:
    return propose(accounts or [], items or [], terms or [], tax_codes or [], company, our_terms or [])


def accounts(type_: str, *names: str) -> list[ListedAccount]:
    return [ListedAccount(name, name, type_) for name in names]


def test_empty_company_gives_no_proposals() -> None:
    result = proposals(company=CANADA, our_terms=["Net 30"])

    fields = [getattr(result, name) for name in Proposals.__dataclass_fields__]
    assert [value for value in fields if isinstance(value, Proposal)] == [NOTHING] * 11
    assert result.terms == {"net 30": NOTHING}
    assert set(result.province_tax_codes.values()) == {NOTHING}


@pytest.mark.parametrize(
    ("field", "listed", "expected"),
    [
        ("income_account_id", accounts("Income", "Services"), Proposal("Services", "only_one")),
        (
            "income_account_id",
            accounts(
                "Income", "Billable Expense Income", "Discounts on sales", "Sales of Product Income", "Sales"
            ),
            Proposal("Sales", "name_matches"),
        ),
        ("income_account_id", accounts("Income", "Services", "Ventes"), Proposal("Ventes", "name_matches")),
        (
            "income_account_id",
            [*accounts("Income", "Revenue"), *accounts("Other Income", "Interest", "Fees")],
            Proposal("Revenue", "type_matches"),
        ),
        ("income_account_id", accounts("Income", "Services", "Fees"), NOTHING),
        ("income_account_id", [ListedAccount("1", "Sales", "Income", active=False)], NOTHING),
        (
            "cost_account_id",
            [
                *accounts("Expense", "Rent", "Purchases"),
                *accounts("Cost of Goods Sold", "Cost of Goods Sold"),
            ],
            Proposal("Cost of Goods Sold", "name_matches"),
        ),
        (
            "cost_account_id",
            [*accounts("Expense", "Loyer"), *accounts("Cost of Goods Sold", "Coût des ventes", "Achats")],
            Proposal("Achats", "name_matches"),
        ),
        (
            "cost_account_id",
            [*accounts("Expense", "Rent", "Travel"), *accounts("Cost of Goods Sold", "Materials")],
            Proposal("Materials", "type_matches"),
        ),
        ("ap_account_id", accounts("Accounts Payable", "Suppliers"), Proposal("Suppliers", "only_one")),
        (
            "ap_account_id",
            accounts("Accounts Payable", "Accounts Payable (A/P) - EUR", "Accounts Payable (A/P)"),
            Proposal("Accounts Payable (A/P)", "name_matches"),
        ),
        ("discount_account_id", accounts("Income", "Sales"), NOTHING),
        ("deposit_account_id", accounts("Bank", "Checking"), NOTHING),
        (
            "deposit_account_id",
            accounts("Other Current Asset", "Fonds non déposés"),
            Proposal("Fonds non déposés", "name_matches"),
        ),
        ("deposit_account_id", accounts("Income", "Undeposited Funds"), NOTHING),
        (
            "discount_account_id",
            accounts("Income", "Sales", "Rabais accordés"),
            Proposal("Rabais accordés", "name_matches"),
        ),
        (
            "freight",
            accounts("Income", "Shipping Income"),
            Proposal("account:Shipping Income", "name_matches"),
        ),
        ("freight", accounts("Expense", "Shipping"), NOTHING),
        ("setup", accounts("Income", "Mise en route"), Proposal("account:Mise en route", "name_matches")),
        ("decoration", accounts("Income", "DÉCORATION"), Proposal("account:DÉCORATION", "name_matches")),
    ],
)
def test_account_is_proposed(field: str, listed: list[ListedAccount], expected: Proposal) -> None:
    assert getattr(proposals(listed), field) == expected


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("freight", "Freight charges"),
        ("freight", "Livraison"),
        ("setup", "Setup fee"),
        ("setup", "Set-up"),
        ("decoration", "Embroidery"),
        ("decoration", "Imprinting"),
        ("fixed_item_id", "Promotional products"),
    ],
)
def test_item_is_proposed_before_an_account(field: str, name: str) -> None:
    item = ListedItem("9", name, True, "1")

    found = getattr(proposals(accounts("Income", name), [item]), field)

    assert found == Proposal("9" if field == "fixed_item_id" else "item:9", "name_matches")


@pytest.mark.parametrize(
    "item", [ListedItem("9", "Freight", False, "1"), ListedItem("9", "Freight", True, None, "5")]
)
def test_item_that_cannot_be_sold_is_not_proposed(item: ListedItem) -> None:
    assert proposals(items=[item]).freight == NOTHING


TERMS: list[tuple[str, str, int | None]] = [
    ("1", "Due on receipt", 0),
    ("2", "Net 15 ", 15),
    ("3", "2% 10 Net 30", 30),
    ("4", "30 jours fin", 30),
    ("5", "Fin de mois", None),
    ("6", "1% 5, Net 60", 60),
]


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ("NET 15", Proposal("2", "name_matches")),
        ("Net 30", Proposal("4", "days_match")),
        ("30 days", Proposal("4", "days_match")),
        ("Payable on reception", Proposal("1", "days_match")),
        ("fin de mois", Proposal("5", "name_matches")),
        ("2/10 net 30", NOTHING),
        ("Net 60", NOTHING),
        ("Net 45", NOTHING),
        ("On account", NOTHING),
    ],
)
def test_terms_are_proposed_by_name_or_days(ours: str, expected: Proposal) -> None:
    assert proposals(terms=TERMS, our_terms=[ours, " "]).terms == {ours.casefold(): expected}


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Net 30", 30),
        ("N30", 30),
        ("net-10", 10),
        ("60 jours", 60),
        ("COD", 0),
        ("Net 30 EOM", None),
        ("50% down", None),
    ],
)
def test_days_are_read_from_plain_terms_only(words: str, days: int | None) -> None:
    assert due_days(words) == days


def test_us_company_gets_its_two_codes() -> None:
    result = proposals(tax_codes=[("2", "California")])

    assert (result.taxable_code_id, result.non_taxable_code_id) == (
        Proposal("TAX", "us_standard"),
        Proposal("NON", "us_standard"),
    )
    assert result.province_tax_codes == {}


ENGLISH: Codes = [
    ("1", "GST"),
    ("2", "HST ON"),
    ("3", "HST NS"),
    ("4", "HST NS 2025"),
    ("5", "HST 15%"),
    ("6", "GST/PST BC"),
    ("7", "GST/QST QC - 9.975"),
    ("8", "GST/QST QC - 9.975 (Purchases)"),
    ("9", "Exempt"),
    ("10", "Zero-rated"),
    ("11", "Out of Scope"),
]
FRENCH: Codes = [
    ("1", "TPS"),
    ("2", "TVH ON"),
    ("7", "TPS/TVQ QC - 9,975"),
    ("9", "Exonéré"),
    ("10", "Détaxé"),
]


def test_canadian_codes_are_proposed_by_province() -> None:
    result = proposals(tax_codes=ENGLISH, company=CANADA)

    by_name, by_rate, federal = "name_matches", "rate_matches", "federal_only"
    assert result.province_tax_codes == {
        "AB": Proposal("1", by_name),
        "BC": Proposal("6", by_name),
        "MB": Proposal("1", federal),
        "NB": Proposal("5", by_rate),
        "NL": Proposal("5", by_rate),
        "NS": Proposal("4", by_name),
        "NT": Proposal("1", by_name),
        "NU": Proposal("1", by_name),
        "ON": Proposal("2", by_name),
        "PE": Proposal("5", by_rate),
        "QC": Proposal("7", by_name),
        "SK": Proposal("1", federal),
        "YT": Proposal("1", by_name),
    }
    assert (result.taxable_code_id.id, result.non_taxable_code_id.id) == ("1", "9")


def test_french_names_of_codes_are_understood() -> None:
    result = proposals(tax_codes=FRENCH, company=CANADA)

    assert {p: result.province_tax_codes[p].id for p in ("AB", "ON", "QC", "NB")} == {
        "AB": "1",
        "ON": "2",
        "QC": "7",
        "NB": None,
    }
    assert (result.taxable_code_id.id, result.non_taxable_code_id.id) == ("1", "9")


@pytest.mark.parametrize(
    ("codes", "taxable", "non_taxable"),
    [
        ([("1", "20.0% S"), ("2", "No VAT")], Proposal("1", "only_one"), Proposal("2", "name_matches")),
        (
            [("1", "Standard 20%"), ("2", "5% R"), ("3", "0% Z")],
            Proposal("1", "name_matches"),
            Proposal("3", "name_matches"),
        ),
        ([("1", "20%"), ("2", "5%")], NOTHING, NOTHING),
    ],
)
def test_codes_elsewhere_are_proposed_by_name(codes: Codes, taxable: Proposal, non_taxable: Proposal) -> None:
    result = proposals(tax_codes=codes, company=ProviderCompany("GB", "GBP"))

    assert (result.taxable_code_id, result.non_taxable_code_id) == (taxable, non_taxable)
    assert result.province_tax_codes == {}
