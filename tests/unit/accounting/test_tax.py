from dataclasses import replace

import pytest

from webapp.accounting.drafts import AddressDraft, DocumentKind
from webapp.accounting.sources import MappingRules, ProviderCompany

from .builders import (
    BILL,
    CANADIAN_RULES,
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
