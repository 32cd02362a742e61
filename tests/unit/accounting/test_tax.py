from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from webapp.accounting.drafts import AddressDraft, DocumentKind
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.sources import Exemption, MappingRules, SalesTaxSource

from .builders import (
    AUTOMATED,
    BILL,
    CANADIAN_RULES,
    COSTS,
    DENVER,
    INVOICE,
    PURCHASE_ORDER,
    RULES,
    TORONTO,
    a_document,
    a_line,
    canadian,
    lists,
    mapped,
)

NOWHERE = AddressDraft()
BC = replace(TORONTO, region="BC")
QUEBEC = replace(TORONTO, region="qc ")


@pytest.mark.parametrize(
    ("rules", "taxable", "code"),
    [
        (RULES, True, "TAX"),
        (RULES, False, "NON"),
        (replace(RULES, taxable_code_id="2"), True, "2"),
        (replace(RULES, non_taxable_code_id="4"), False, "4"),
    ],
)
def test_us_invoice_line_is_taxable_or_not(rules: MappingRules, taxable: bool, code: str) -> None:
    result = mapped(a_document(INVOICE, a_line(taxable=taxable)), rules=rules)

    assert result.draft
    assert result.draft.lines[0].tax_code_id == code


def test_us_pseudo_codes_need_not_be_in_the_list() -> None:
    result = mapped(a_document(), lists=lists(tax_codes=frozenset({"2", "3"})))

    assert result.reasons == ()


@pytest.mark.parametrize(
    ("kind", "ship_to", "taxable", "code"),
    [
        (INVOICE, TORONTO, True, "7"),
        (INVOICE, QUEBEC, True, "8"),
        (INVOICE, TORONTO, False, "6"),
        (INVOICE, NOWHERE, False, "6"),
        (BILL, TORONTO, True, "7"),
        (BILL, BC, True, "5"),
        (BILL, NOWHERE, True, "5"),
        (BILL, BC, False, "6"),
        (PURCHASE_ORDER, QUEBEC, True, "8"),
        (PURCHASE_ORDER, BC, True, "5"),
        (PURCHASE_ORDER, NOWHERE, False, "6"),
    ],
)
def test_canadian_code_is_that_of_the_delivery_province(
    kind: DocumentKind, ship_to: AddressDraft, taxable: bool, code: str
) -> None:
    result = mapped(canadian(kind, a_line(taxable=taxable), ship_to=ship_to))

    assert result.draft
    assert result.draft.lines[0].tax_code_id == code


@pytest.mark.parametrize("kind", DocumentKind)
def test_elsewhere_one_code_serves_all_taxable_lines(kind: DocumentKind) -> None:
    company = ProviderCompany("GB", "GBP")

    result = mapped(a_document(kind, currency="GBP"), company=company, rules=CANADIAN_RULES)

    assert result.draft
    assert result.draft.lines[0].tax_code_id == "5"


DAY = date(2025, 6, 2)  # of the documents that are built
PERTH = AddressDraft("1 Hay St", "", "Perth", "CO", "6000", "AU")


@pytest.mark.parametrize(
    ("exemption", "ship_to", "is_exempt"),
    [
        (Exemption("A"), DENVER, True),
        (Exemption("A"), NOWHERE, True),
        (Exemption("A", frozenset({"CO", "WY"})), DENVER, True),
        (Exemption("A", frozenset({"CO"})), replace(DENVER, region=" co", country=""), True),
        (Exemption("A", frozenset({"WY"})), DENVER, False),
        (Exemption("A", frozenset({"CO"})), NOWHERE, False),
        (Exemption("A", frozenset({"CO"})), PERTH, False),
        (Exemption("A", expires_on=DAY), DENVER, True),
        (Exemption("A", expires_on=date(2025, 6, 1)), DENVER, False),
    ],
)
def test_exempt_customer_is_not_taxed_where_and_while_the_certificate_holds(
    exemption: Exemption, ship_to: AddressDraft, is_exempt: bool
) -> None:
    result = mapped(a_document(INVOICE, a_line(), ship_to=ship_to, exemptions=(exemption,)))

    assert result.draft
    assert result.draft.lines[0].tax_code_id == ("NON" if is_exempt else "TAX")


def test_any_of_several_certificates_exempts() -> None:
    several = (Exemption("A", expires_on=date(2020, 1, 1)), Exemption("B", frozenset({"CO"})))

    result = mapped(a_document(exemptions=several))

    assert result.draft
    assert result.draft.lines[0].tax_code_id == "NON"


@pytest.mark.parametrize("source", SalesTaxSource)
@pytest.mark.parametrize("ship_to", [DENVER, NOWHERE])
def test_exempt_invoice_carries_no_amount_of_ours_and_needs_no_ship_to(
    source: SalesTaxSource, ship_to: AddressDraft
) -> None:
    document = a_document(
        INVOICE, a_line(), a_line(taxable=False), exemptions=(Exemption("A"),), ship_to=ship_to
    )

    result = mapped(document, company=AUTOMATED, rules=replace(RULES, sales_tax=source))

    assert result.draft
    assert (result.draft.tax_amount, result.draft.tax_code_id) == (None, None)
    assert {line.tax_code_id for line in result.draft.lines} == {"NON"}


def test_canadian_exempt_customer_gets_the_code_of_lines_that_are_not_taxable() -> None:
    result = mapped(canadian(exemptions=(Exemption("A", frozenset({"ON"})),)))

    assert result.draft
    assert result.draft.lines[0].tax_code_id == "6"


@pytest.mark.parametrize("kind", COSTS)
def test_costs_are_taxed_whoever_is_exempt(kind: DocumentKind) -> None:
    result = mapped(canadian(kind, exemptions=(Exemption("A"),)))

    assert result.draft
    assert result.draft.lines[0].tax_code_id == "7"


def test_expired_certificate_does_not_block_a_taxed_invoice() -> None:
    result = mapped(
        a_document(tax=Decimal("8.25"), exemptions=(Exemption("A", expires_on=date(2025, 1, 1)),))
    )

    assert result.reasons == ()
