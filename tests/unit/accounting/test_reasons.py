"""Every reason against sending, each alone; a Case says what is changed and what is to come out."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.accounting.drafts import AddressDraft, DocumentKind, LineKind
from webapp.accounting.provider import ListedItem
from webapp.accounting.sources import (
    Exemption,
    ItemNameSource,
    Parties,
    Reason,
    SourceDocument,
    Target,
    UnknownItems,
)

from .builders import (
    AUTOMATED,
    BILL,
    CANADIAN_RULES,
    COSTS,
    DENVER,
    INVOICE,
    ITEMS,
    PARTIES,
    PURCHASE_ORDER,
    RULES,
    TORONTO,
    US,
    a_document,
    a_line,
    canadian,
    lists,
    mapped,
)


@dataclass(frozen=True)
class Case:
    document: SourceDocument
    code: str
    fix: str
    facts: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)


def gone(field_: str, name: str) -> dict[str, str]:
    return {"field": field_, "name": name}


def rules(**changes: Any) -> dict[str, Any]:
    return {"rules": replace(RULES, **changes)}


PEN = a_line(product_number="PEN")
FIXED = {"unknown_items": UnknownItems.FIXED}
NEW_CODES = {"lists": lists(tax_codes=frozenset({"99"}))}


def document_cases() -> list[Case]:
    closed = {"company": replace(US, books_closed_until=date(2025, 6, 2))}
    long, email = "1" * 22, "x" * 95 + "@a.example"
    return [
        Case(a_document(), "books_closed", "document", {"date": "2025-06-02"}, closed),
        *[
            Case(
                a_document(kind),
                "before_start_date",
                "preferences",
                {"date": "2025-06-03"},
                rules(start_date=date(2025, 6, 3)),
            )
            for kind in DocumentKind
        ],
        Case(
            a_document(currency="CAD"),
            "currency_mismatch",
            "document",
            {"currency": "CAD", "home_currency": "USD"},
            {"company": US, "rules": RULES},
        ),
        Case(a_document(lines=(), total=Decimal(0)), "no_lines", "document"),
        Case(a_document(BILL, a_line(LineKind.DISCOUNT)), "no_lines", "document"),
        *[
            Case(
                a_document(kind, tax=Decimal("5.00"), total=Decimal("105.01")),
                "totals_differ",
                "document",
                {"lines": "100.00", "tax": "5.00", "total": "105.01", "difference": "0.01"},
            )
            for kind in DocumentKind
        ],
        Case(a_document(number=long), "number_too_long", "document", {"number": long, "limit": "21"}),
        Case(
            a_document(BILL, number=long),
            "number_too_long",
            "document",
            {"number": long, "limit": "21"},
            rules(use_our_numbers=False),
        ),
        Case(a_document(email=email), "email_too_long", "document", {"email": email, "limit": "100"}),
        Case(
            a_document(INVOICE, a_line(product_number="", description=" ")),
            "item_name_missing",
            "document",
            {"line": "1"},
        ),
    ]


def party_cases() -> list[Case]:
    dollars = {"parties": replace(PARTIES, party_currency="CAD"), "company": replace(US, multicurrency=True)}
    in_theirs = {"company": "Acme Corp", "currency": "USD", "theirs": "CAD"}
    unlinked = {"parties": Parties(None, "Acme Corp", "88", "School")}
    gone = {"parties": Parties(None, "Acme Corp", "88", "School", party_gone=True)}
    no_customer = {"parties": Parties("77", "Acme Corp", None, "School"), **rules(billable=True)}
    return [
        *[
            Case(a_document(kind), "party_not_linked", "links", {"company": "Acme Corp"}, unlinked)
            for kind in DocumentKind
        ],
        *[
            Case(a_document(kind), "party_gone", "conflict", {"company": "Acme Corp"}, gone)
            for kind in DocumentKind
        ],
        *[
            Case(a_document(kind, PEN), "party_currency", "links", in_theirs, dollars)
            for kind in DocumentKind
        ],
        *[
            Case(
                a_document(kind, PEN, PEN), "customer_not_linked", "links", {"company": "School"}, no_customer
            )
            for kind in COSTS
        ],
    ]


def foreign_party_cases() -> list[Case]:
    document = replace(a_document(INVOICE, PEN), currency="CAD")
    given = {"parties": Parties(None, "Acme Corp"), "company": replace(US, multicurrency=True)}
    facts = {"company": "Acme Corp", "currency": "CAD"}
    return [Case(document, "party_not_linked", "links", facts, given)]


def account_cases() -> list[Case]:
    pen = a_document(INVOICE, PEN)
    discounted = a_document(INVOICE, a_line(), a_line(LineKind.DISCOUNT))
    forbidden = {"company": replace(US, allow_discount=False)}
    cases = [
        Case(pen, "income_account_missing", "preferences", {}, rules(income_account_id=None)),
        Case(discounted, "discount_account_missing", "preferences", {}, rules(discount_account_id=None)),
        Case(discounted, "discount_not_allowed", "connection", {}, forbidden),
        gone_case(pen, "income_account_id", "403", "Old sales"),
        gone_case(pen, "income_account_id", "501", "Cost of goods"),
        gone_case(pen, "income_account_id", "999", "999"),
        gone_case(discounted, "discount_account_id", "501", "Cost of goods"),
    ]
    for kind in COSTS:
        bought = a_document(kind, PEN, a_line(LineKind.FREIGHT), a_line(LineKind.DISCOUNT))
        cases += [
            Case(bought, "cost_account_missing", "preferences", {}, rules(cost_account_id=None)),
            Case(a_document(kind), "ap_account_missing", "preferences", {}, rules(ap_account_id=None)),
            gone_case(bought, "cost_account_id", "502", "Old costs"),
            gone_case(bought, "cost_account_id", "401", "Sales"),
            gone_case(a_document(kind), "ap_account_id", "202", "Visa"),
            gone_case(a_document(kind), "ap_account_id", "999", "999"),
        ]
    return cases


def gone_case(document: SourceDocument, field_: str, chosen: Any, name: str) -> Case:
    return Case(document, "mapping_gone", "preferences", gone(field_, name), rules(**{field_: chosen}))


def item_cases() -> list[Case]:
    freight_elsewhere = {"lists": lists(items=(*ITEMS, ListedItem("20", "Freight", True, "401")))}
    old_freight = {"lists": lists(items=(*ITEMS, ListedItem("20", "Freight", False, "401")))}
    bought_freight = {"lists": lists(items=(*ITEMS, ListedItem("20", "Freight", True, None, "501")))}
    bought_only = a_document(INVOICE, a_line(product_number="Bought only"))
    retired = {"name": "Retired"}
    cases = [
        Case(bought_only, "item_not_for_sale", "preferences", {"name": "Bought only"}),
        Case(
            a_document(INVOICE, a_line(LineKind.FREIGHT)),
            "item_posts_elsewhere",
            "preferences",
            {"name": "Freight", "account": "Freight income"},
            freight_elsewhere,
        ),
        Case(
            a_document(INVOICE, a_line(LineKind.FREIGHT)),
            "item_inactive",
            "preferences",
            {"name": "Freight"},
            old_freight,
        ),
        Case(
            a_document(INVOICE, a_line(LineKind.FREIGHT)),
            "item_not_for_sale",
            "preferences",
            {"name": "Freight"},
            bought_freight,
        ),
        Case(
            a_document(INVOICE, a_line(product_number="X", product_name="retired")),
            "item_inactive",
            "preferences",
            retired,
            rules(item_name_source=ItemNameSource.NAME),
        ),
    ]
    for kind in DocumentKind:
        pen = a_document(kind, PEN)
        none, missing, old = (rules(**FIXED, fixed_item_id=id_) for id_ in (None, "999", "14"))
        inactive = a_document(kind, a_line(product_number="Retired"))
        cases += [
            Case(inactive, "item_inactive", "preferences", retired),
            Case(pen, "fixed_item_missing", "preferences", {"name": ""}, none),
            Case(pen, "fixed_item_missing", "preferences", {"name": ""}, missing),
            Case(pen, "fixed_item_missing", "preferences", retired, old),
        ]
    return cases


def charge_cases() -> list[Case]:
    cases = []
    for line_kind in (LineKind.DECORATION, LineKind.SETUP, LineKind.FREIGHT):
        name = line_kind.value
        for kind in DocumentKind:
            document = a_document(kind, a_line(line_kind), a_line(line_kind))
            cases += [
                Case(document, "line_kind_not_mapped", "preferences", {"kind": name}, rules(**{name: None})),
                gone_case(document, name, Target("item", "14"), "Retired"),
                gone_case(document, name, Target("item", "999"), "999"),
            ]
        invoice = a_document(INVOICE, a_line(line_kind))
        cases += [
            gone_case(invoice, name, Target("account", "403"), "Old sales"),
            gone_case(invoice, name, Target("account", "501"), "Cost of goods"),
            gone_case(invoice, name, Target("account", "999"), "999"),
        ]
    return cases


def term_cases() -> list[Case]:
    cases = []
    for kind in (INVOICE, BILL):
        no_list = {"lists": lists(terms=frozenset())}
        cases += [
            Case(a_document(kind, terms="Net 45 "), "term_not_mapped", "preferences", {"term": "Net 45"}),
            Case(
                a_document(kind, terms="Net 30"),
                "mapping_gone",
                "preferences",
                gone("terms", "Net 30"),
                no_list,
            ),
        ]
    return cases


def tax_cases() -> list[Case]:
    alberta, nowhere = replace(TORONTO, region="AB"), AddressDraft()
    no_codes = {"rules": replace(CANADIAN_RULES, taxable_code_id=None, non_taxable_code_id=None)}
    untaxed = a_line(taxable=False)
    cases = [
        Case(
            a_document(ship_to=replace(DENVER, city=" ", postal_code="")),
            "ship_to_incomplete",
            "document",
            {"missing": "city postal_code"},
            {"company": AUTOMATED},
        ),
        Case(
            a_document(tax=Decimal("8.25"), exemptions=(Exemption("CO-88"),)),
            "exempt_but_taxed",
            "document",
            {"number": "CO-88", "tax": "8.25"},
        ),
        missing_code(canadian(ship_to=alberta), "preferences", "AB", "province_tax_codes"),
        missing_code(canadian(ship_to=nowhere), "document", "", "province_tax_codes"),
        gone_code(canadian(), "province_tax_codes", "ON"),
        gone_code(a_document(), "taxable_code_id", "2", rules(taxable_code_id="2")),
    ]
    for kind in DocumentKind:
        cases += [
            missing_code(canadian(kind, untaxed), "preferences", "ON", "non_taxable_code_id", no_codes),
            gone_code(canadian(kind, untaxed), "non_taxable_code_id", "6"),
            missing_code(
                canadian(kind, untaxed, ship_to=nowhere), "preferences", "", "non_taxable_code_id", no_codes
            ),
        ]
    for kind in COSTS:
        cases += [
            missing_code(canadian(kind, ship_to=alberta), "preferences", "AB", "taxable_code_id", no_codes),
            gone_code(canadian(kind, ship_to=alberta), "taxable_code_id", "5"),
        ]
    return cases


def missing_code(
    document: SourceDocument, fix: str, province: str, field_: str, given: dict[str, Any] | None = None
) -> Case:
    return Case(document, "tax_code_missing", fix, {"province": province, "field": field_}, given or {})


def gone_code(document: SourceDocument, field_: str, name: str, given: dict[str, Any] | None = None) -> Case:
    return Case(document, "mapping_gone", "preferences", gone(field_, name), {**NEW_CODES, **(given or {})})


CASES = [
    *document_cases(),
    *party_cases(),
    *foreign_party_cases(),
    *account_cases(),
    *item_cases(),
    *charge_cases(),
    *term_cases(),
    *tax_cases(),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.document.kind.value}")
def test_document_is_blocked_for_this_reason_alone(case: Case) -> None:
    result = mapped(case.document, **case.given)

    assert result.reasons == (Reason(case.code, case.fix, case.facts),)
    assert result.draft is None
    assert result.missing_items == ()


def test_all_reasons_come_at_once_and_none_twice() -> None:
    document = a_document(
        INVOICE,
        PEN,
        PEN,
        a_line(LineKind.FREIGHT),
        a_line(LineKind.FREIGHT),
        terms="Net 45",
        total=Decimal(1),
    )
    nothing = replace(RULES, income_account_id=None, freight=None)

    result = mapped(document, rules=nothing, parties=Parties(None, "Acme Corp"))

    assert [reason.code for reason in result.reasons] == [
        "party_not_linked",
        "totals_differ",
        "term_not_mapped",
        "income_account_missing",
        "line_kind_not_mapped",
    ]


UNUSED = {
    "cost_account_id": "502",
    "ap_account_id": None,
    "discount_account_id": "501",
    "freight": None,
    "setup": Target("item", "999"),
    "decoration": Target("account", "501"),
    "fixed_item_id": "999",
    "taxable_code_id": "TAX",
    "terms": {"net 60": "999"},
}


def test_what_the_document_does_not_need_does_not_block_it() -> None:
    assert mapped(a_document(), **rules(**UNUSED)).reasons == ()


def test_bills_need_neither_income_accounts_nor_a_full_address() -> None:
    costs_only = replace(RULES, income_account_id=None, freight=Target("account", "403"))
    document = a_document(BILL, PEN, a_line(LineKind.FREIGHT), ship_to=AddressDraft(), email="x" * 200)

    assert mapped(document, rules=costs_only, company=AUTOMATED).reasons == ()


def test_number_that_is_not_sent_may_be_long() -> None:
    document = a_document(PURCHASE_ORDER, number="1" * 60)

    assert mapped(document, **rules(use_our_numbers=False)).reasons == ()


def test_day_after_closing_is_open() -> None:
    company = replace(US, books_closed_until=date(2025, 6, 1))

    assert mapped(a_document(), company=company).reasons == ()
