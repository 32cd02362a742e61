"""The pages at `/app/…`: what QuickBooks itself would show of a document, for links that open it there."""

from typing import Any

from flask import Blueprint, Response, abort, request

from . import control, pages
from .books import Body, Books
from .sample import COMPANIES
from .state import sandbox

blueprint = Blueprint("viewer", __name__, url_prefix="/app")

# The word in QuickBooks' own addresses, and the entity behind it.
ENTITIES = {"invoice": "Invoice", "bill": "Bill", "purchaseorder": "PurchaseOrder"}
WORDS = {
    "en": {
        "Invoice": "Invoice",
        "Bill": "Bill",
        "PurchaseOrder": "Purchase order",
        "missing": "This document does not exist",
        "missing_about": "It was deleted, or the sample data were restored.",
        "date": "Date",
        "party": "Customer or vendor",
        "total": "Total",
        "tax": "Tax",
        "balance": "Balance",
        "id": "ID",
        "lines": "Lines",
        "item": "Item or account",
        "quantity": "Quantity",
        "price": "Rate",
        "amount": "Amount",
        "other_language": "Français",
        "other_code": "fr",
    },
    "fr": {
        "Invoice": "Facture client",
        "Bill": "Facture fournisseur",
        "PurchaseOrder": "Bon de commande",
        "missing": "Ce document n’existe pas",
        "missing_about": "Il a été supprimé, ou les données d’exemple ont été rétablies.",
        "date": "Date",
        "party": "Client ou fournisseur",
        "total": "Total",
        "tax": "Taxe",
        "balance": "Solde",
        "id": "Identifiant",
        "lines": "Lignes",
        "item": "Article ou compte",
        "quantity": "Quantité",
        "price": "Prix",
        "amount": "Montant",
        "other_language": "English",
        "other_code": "en",
    },
}


@blueprint.before_request
def only_from_here() -> control.Answer | None:
    """Let anybody on this computer look, nobody else."""
    return control.refuse_others(pages_too=True)


@blueprint.get("/<word>")
def show(word: str) -> Response:
    """Show the document of `txnId`, in each company that has one of this id; 404 when none has."""
    entity = ENTITIES.get(word) or abort(404)
    found = _find(entity, request.args.get("txnId", ""))
    answer = pages.page("document.html", WORDS, entity=entity, found=found)
    answer.status_code = 200 if found else 404
    return answer


def _find(entity: str, object_id: str) -> list[dict[str, Any]]:
    found = []
    with sandbox().store.reading() as db:
        for company in COMPANIES.values():
            body = Books(db, company.realm, int(sandbox().clock.now())).find(entity, object_id)
            if body:
                found.append({"company": company, "body": body, "lines": _lines(body)})
    return found


def _lines(body: Body) -> list[dict[str, Any]]:
    """The lines as a person reads them: what they are for, how much of it, at what price."""
    shown = []
    for line in body.get("Line", []):
        detail = line.get(line.get("DetailType", ""), {})
        if line.get("DetailType") == "SubTotalLineDetail":
            continue
        names = (detail.get(key, {}).get("name") for key in ("ItemRef", "AccountRef", "DiscountAccountRef"))
        shown.append({"line": line, "detail": detail, "name": next(filter(None, names), "")})
    return shown
