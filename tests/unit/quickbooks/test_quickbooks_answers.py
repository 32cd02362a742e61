from __future__ import annotations

from decimal import Decimal

import pytest

from webapp.accounting.drafts import DocumentKind, LineDraft, LineKind
from webapp.quickbooks.answers import dropped_links, sent_document

INVOICE = {
    "Id": "130",
    "SyncToken": "0",
    "DocNumber": "1037",
    "TotalAmt": Decimal("362.07"),
    "Balance": Decimal("362.07"),
    "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
    "TxnTaxDetail": {"TotalTax": Decimal("26.82")},
    "Line": [
        {"Id": "1", "LineNum": 1, "DetailType": "SalesItemLineDetail"},
        {"Id": "2", "LineNum": 2, "DetailType": "SalesItemLineDetail"},
        {"DetailType": "SubTotalLineDetail", "Amount": Decimal("335.25")},
        {"Id": "3", "DetailType": "DiscountLineDetail"},
    ],
}


def draft_line(kind=LineKind.PRODUCT, **changes):
    return LineDraft(kind, "", Decimal(1), **changes)


def test_an_answered_invoice_gives_the_facts_to_keep():
    sent = sent_document(DocumentKind.INVOICE, INVOICE)
    assert (sent.remote_id, sent.number, sent.sync_token) == ("130", "1037", "0")
    assert (sent.total, sent.tax, sent.balance) == (Decimal("362.07"), Decimal("26.82"), Decimal("362.07"))
    assert sent.currency == "USD"
    assert sent.line_ids == ("1", "2", "3")


def test_line_ids_come_in_the_drafts_order_though_quickbooks_puts_discounts_last():
    lines = (draft_line(item_id="1"), draft_line(LineKind.DISCOUNT, account_id="86"), draft_line(item_id="2"))
    assert sent_document(DocumentKind.INVOICE, INVOICE, lines).line_ids == ("1", "3", "2")


def test_line_ids_stay_in_quickbooks_order_when_the_lines_do_not_match():
    assert sent_document(DocumentKind.INVOICE, INVOICE, (draft_line(item_id="1"),)).line_ids == (
        "1",
        "2",
        "3",
    )


def test_a_purchase_order_has_no_balance_and_may_have_no_number():
    entity = {"Id": 7, "SyncToken": 2, "TotalAmt": 100, "Line": [{"Id": "1"}], "DocNumber": ""}
    sent = sent_document(DocumentKind.PURCHASE_ORDER, {**entity, "Balance": 100})
    assert (sent.remote_id, sent.sync_token, sent.number, sent.balance) == ("7", "2", None, None)
    assert (sent.total, sent.tax, sent.currency) == (Decimal(100), Decimal(0), "")


@pytest.mark.parametrize(("balance", "expected"), [(0, Decimal(0)), (None, None)])
def test_a_paid_bill_has_a_balance_of_nothing(balance, expected):
    entity = {"Id": "7", "TotalAmt": 5, "Balance": balance}
    assert sent_document(DocumentKind.BILL, entity).balance == expected


def test_ties_that_quickbooks_dropped_are_found():
    lines = (
        draft_line(item_id="1", purchase_order_id="201", purchase_order_line_id="1"),
        draft_line(item_id="2"),
        draft_line(item_id="3", purchase_order_id="201", purchase_order_line_id="3"),
    )
    entity = {
        "Id": "9",
        "Line": [
            {"Id": "1", "LinkedTxn": [{"TxnId": "201", "TxnType": "PurchaseOrder", "TxnLineId": "1"}]},
            {"Id": "2"},
            {"Id": "3", "LinkedTxn": []},
        ],
    }
    assert dropped_links(entity, lines) == (2,)
    assert dropped_links({"Id": "9"}, lines[:1]) == (0,)
