from __future__ import annotations

from dataclasses import replace

import pytest

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.proposals import Proposal, propose
from webapp.accounting.proposed_custom_fields import propose_custom_fields
from webapp.accounting.sources import CustomField

from .builders import CANADA, INVOICE, PURCHASE_ORDER, US

PO, DAY, REP = CustomField


def proposed(kind: DocumentKind, *names: str) -> dict[CustomField, str | None]:
    """What is proposed for a kind of document that has custom fields of these names, by their number."""
    fields = {str(number): name for number, name in enumerate(names, 1)}
    sales, bought = (fields, {}) if kind is INVOICE else ({}, fields)
    company = replace(US, sales_custom_fields=sales, purchase_custom_fields=bought)
    found = propose_custom_fields(company)
    assert {key[0] for key in found} <= {kind}
    assert {proposal.reason for proposal in found.values()} <= {"name_matches"}
    return {field: proposal.id for (_kind, field), proposal in found.items()}


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (PO, "Customer PO"),
        (PO, "PO number"),
        (PO, "P.O. #"),
        (PO, "PURCHASE ORDER NO."),
        (PO, "No de BC client"),
        (PO, "Bon de commande du client"),
        (PO, "Commande client"),
        (DAY, "In-hands date"),
        (DAY, "In hand"),
        (DAY, "Needed by"),
        (DAY, "Required date"),
        (DAY, "Event date"),
        (DAY, "Date requise"),
        (DAY, "Date souhaitée"),
        (DAY, "Date de l’événement"),
        (REP, "Sales rep"),
        (REP, "Salesperson"),
        (REP, "Rep"),
        (REP, "Account manager"),
        (REP, "Représentant"),
        (REP, "Représentante des ventes"),
        (REP, "Vendeur"),
        (REP, "Conseillère"),
    ],
)
def test_a_field_is_found_by_its_name(field: CustomField, name: str) -> None:
    assert proposed(INVOICE, "Colour", name) == {field: "2"}


@pytest.mark.parametrize(
    "name", ["", "Colour", "PO date", "Post code", "PO box", "Reply to", "Handling", "ABC"]
)
def test_a_field_of_another_name_is_not_proposed(name: str) -> None:
    assert proposed(INVOICE, name) == {}


def test_the_plainest_name_is_taken_and_none_twice() -> None:
    assert proposed(INVOICE, "Customer PO of the sales rep", "Sales rep", "Customer PO") == {
        PO: "3",
        REP: "2",
    }
    assert proposed(INVOICE, "Customer PO of the sales rep") == {PO: "1"}


def test_on_a_purchase_order_a_plain_po_number_may_be_its_own() -> None:
    assert proposed(PURCHASE_ORDER, "PO number") == {}
    assert proposed(PURCHASE_ORDER, "PO number", "Client PO", "Date requise") == {PO: "2", DAY: "3"}


def test_the_proposals_of_the_preferences_hold_them() -> None:
    company = replace(CANADA, sales_custom_fields={"3": "Représentant"})

    assert propose([], [], [], [], company, []).custom_fields == {
        (INVOICE, REP): Proposal("3", "name_matches")
    }
