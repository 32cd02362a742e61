from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.imports import values
from webapp.imports.kinds import (
    COMPANY_COLUMNS,
    COMPANY_TYPES,
    DOCUMENT_COLUMNS,
    DOCUMENT_KINDS,
    LINE_KINDS,
    CompanyType,
)
from webapp.imports.places import region_code
from webapp.imports.problems import ValueProblem
from webapp.models import Company, Document, DocumentLine

types = values.several_of(COMPANY_TYPES, "member_type")
kind = values.one_of(DOCUMENT_KINDS, "document_kind")
line_kind = values.one_of(LINE_KINDS, "line_kind")
C, S, D, P = CompanyType.CUSTOMER, CompanyType.SUPPLIER, CompanyType.DECORATOR, CompanyType.PROSPECT


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (values.text(10), "  two \n words ", "two words"),
        (values.text(10), "0123456789", "0123456789"),
        (values.paragraphs, "one \r\ntwo\tthree\r\n", "one\ntwo\tthree"),
        (values.email, " a.b+c@mail.example.ca ", "a.b+c@mail.example.ca"),
        (values.country, "us", "US"),
        (values.country, "États-Unis", "US"),
        (values.country, "U.S.A.", "US"),
        (values.country, "CAN", "CA"),
        (values.country, "de", "DE"),
        (values.currency, " cad ", "CAD"),
        (values.postal_code, "h2x  1y4", "H2X 1Y4"),
        (values.not_negative, "0", Decimal(0)),
        (values.quantity, "0.12345", Decimal("0.12345")),
        (values.unit_price, "6.2958333", Decimal("6.2958333")),
        (values.yes_or_no, "Oui", True),
        (values.yes_or_no, "x", True),
        (values.yes_or_no, "NON", False),
        (values.yes_or_no, "0", False),
        (types, "Customer;Supplier", {C, S}),
        (types, "Client | Décorateur", {C, D}),
        (types, "fournisseur/DECORATEUR/prospect", {S, D, P}),
        (types, "Customers, ", {C}),
        (kind, "facture client", DocumentKind.INVOICE),
        (kind, "Facture fournisseur", DocumentKind.BILL),
        (kind, "Bon de commande", DocumentKind.PURCHASE_ORDER),
        (kind, "purchase_order", DocumentKind.PURCHASE_ORDER),
        (line_kind, "SET UP CHARGE", LineKind.SETUP),
        (line_kind, "Décoration", LineKind.DECORATION),
        (line_kind, "Remise", LineKind.DISCOUNT),
    ],
)
def test_cell_is_read(parse: Callable[[str], Any], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (values.text(10), "01234567890", "too_long"),
        (values.text(10), "a\x07b", "control_character"),
        (values.text(10), "a\ue000b", "control_character"),
        (values.paragraphs, "x" * 4001, "too_long"),
        (values.paragraphs, "a\x00b", "control_character"),
        (values.email, "nobody", "email"),
        (values.email, "a@b", "email"),
        (values.email, "a@b.c@d.example", "email"),
        (values.email, "a@x.example, b@x.example", "email"),
        (values.email, "x" * 250 + "@a.example", "too_long"),
        (values.country, "Untied States", "country"),
        (values.currency, "dollars", "currency"),
        (values.currency, "XXX", "currency"),
        (values.postal_code, "x" * 21, "too_long"),
        (values.not_negative, "-0.01", "negative"),
        (values.quantity, "-1", "negative"),
        (values.quantity, "0.123456", "too_many_decimals"),
        (values.unit_price, "0.12345678", "too_many_decimals"),
        (values.yes_or_no, "maybe", "yes_or_no"),
        (types, "Customer;Friend", "member_type"),
        (types, ";", "member_type"),
        (kind, "Facture", "document_kind"),
        (line_kind, "Gift", "line_kind"),
    ],
)
def test_cell_that_cannot_be_read_says_why(parse: Callable[[str], Any], text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("qc", "CA", "QC"),
        ("Québec", "CA", "QC"),
        ("Nouvelle-Écosse", "CA", "NS"),
        ("new york", "US", "NY"),
        ("D.C.", "US", "DC"),
        ("Ontario", "", "ON"),
        ("Ontario", "US", None),
        ("NY", "CA", None),
        ("Nowhere", "", None),
        ("Bavaria", "DE", "Bavaria"),
    ],
)
def test_region_becomes_the_code_of_its_country(text: str, country: str, code: str | None) -> None:
    assert region_code(text, country) == code


def test_texts_fit_the_columns_that_store_them() -> None:
    lines = {column.key: column for column in DOCUMENT_COLUMNS if column.of_line}
    for column in (*COMPANY_COLUMNS, *DOCUMENT_COLUMNS):
        model = DocumentLine if lines.get(column.key) is column else Document
        model = Company if column in COMPANY_COLUMNS else model
        stored = getattr(getattr(model, column.key, None), "max_length", None)
        if column.limit and stored:
            assert column.limit <= stored, column.key
