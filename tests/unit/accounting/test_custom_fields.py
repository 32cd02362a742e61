from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from webapp.accounting.drafts import CustomFieldDraft, DocumentKind
from webapp.accounting.provider import ProviderCompany
from webapp.accounting.sources import CustomField

from .builders import BILL, INVOICE, PURCHASE_ORDER, RULES, US, a_document, draft_of, mapped

PO, DAY, REP = CustomField
COMPANY = replace(
    US,
    sales_custom_fields={"1": "Customer PO", "2": "In-hands date", "3": "Sales rep"},
    purchase_custom_fields={"1": "In-hands date"},
)
CHOSEN = {(INVOICE, PO): "1", (INVOICE, DAY): "2", (INVOICE, REP): "3", (PURCHASE_ORDER, DAY): "1"}
FULL = {"customer_po": " AF-2291 ", "in_hands_date": date(2026, 10, 2), "sales_rep": "Dana Reyes"}


def sent(
    kind: DocumentKind = INVOICE, chosen: Any = CHOSEN, company: ProviderCompany = COMPANY, **values: Any
) -> list[tuple[str, str]]:
    rules = replace(RULES, custom_fields=chosen)
    draft = draft_of(a_document(kind, **{**FULL, **values}), rules=rules, company=company)
    assert all(isinstance(field, CustomFieldDraft) for field in draft.custom_fields)
    return [(field.definition_id, field.value) for field in draft.custom_fields]


def reasons(kind: DocumentKind = INVOICE, chosen: Any = CHOSEN, **values: Any) -> list[tuple[str, str, Any]]:
    rules = replace(RULES, custom_fields=chosen)
    found = mapped(a_document(kind, **{**FULL, **values}), rules=rules, company=COMPANY).reasons
    return [(reason.code, reason.fix, reason.facts) for reason in found]


def test_an_invoice_fills_the_sales_fields_and_a_purchase_order_its_own() -> None:
    assert sent() == [("1", "AF-2291"), ("2", "2026-10-02"), ("3", "Dana Reyes")]
    assert sent(PURCHASE_ORDER) == [("1", "2026-10-02")]


def test_a_bill_has_none() -> None:
    assert sent(BILL) == []


def test_what_is_empty_or_not_chosen_is_left_out() -> None:
    assert sent(customer_po="  ", in_hands_date=None) == [("3", "Dana Reyes")]
    assert sent(chosen={(INVOICE, REP): "3", (INVOICE, PO): ""}) == [("3", "Dana Reyes")]


def test_one_field_takes_one_text() -> None:
    assert sent(chosen={(INVOICE, REP): "1", (INVOICE, PO): "1"}) == [("1", "AF-2291")]


@pytest.mark.parametrize(("text", "is_sent"), [("x" * 31, True), ("x" * 32, False)])
def test_a_text_that_is_too_long_is_a_reason_and_never_cut(text: str, is_sent: bool) -> None:
    facts = {"name": "sales_rep", "text": text, "limit": "31"}

    assert reasons(sales_rep=text) == ([] if is_sent else [("custom_field_too_long", "document", facts)])


def test_a_long_text_without_a_field_hinders_nothing() -> None:
    assert reasons(PURCHASE_ORDER, sales_rep="x" * 99) == []


def test_a_field_that_was_switched_off_blocks_the_documents_that_fill_it() -> None:
    chosen = {(PURCHASE_ORDER, DAY): "3"}
    facts = {"field": "custom_fields", "name": "purchase_order:in_hands_date"}

    assert reasons(PURCHASE_ORDER, chosen) == [("mapping_gone", "preferences", facts)]
    assert reasons(PURCHASE_ORDER, chosen, in_hands_date=None) == []
    assert reasons(INVOICE, chosen) == []
