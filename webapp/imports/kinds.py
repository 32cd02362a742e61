"""The columns of each kind of file, as data."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.imports import values
from webapp.imports.columns import Column


class CompanyType(StrEnum):
    """What a company is to the distributor; a prospect is not linked until it is a customer."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    DECORATOR = "decorator"
    PROSPECT = "prospect"


COMPANY_TYPES: Final = {
    CompanyType.CUSTOMER: ("Customer", "Client", "Customers", "Clients"),
    CompanyType.SUPPLIER: ("Supplier", "Fournisseur", "Vendor", "Suppliers", "Fournisseurs"),
    CompanyType.DECORATOR: ("Decorator", "Décorateur", "Decorators", "Décorateurs"),
    CompanyType.PROSPECT: ("Prospect", "Prospects"),
}
DOCUMENT_KINDS: Final = {
    DocumentKind.INVOICE: ("Invoice", "Facture client"),
    DocumentKind.BILL: ("Bill", "Facture fournisseur"),
    DocumentKind.PURCHASE_ORDER: ("Purchase order", "Bon de commande", "PO"),
}
LINE_KINDS: Final = {
    LineKind.PRODUCT: ("Product", "Produit"),
    LineKind.DECORATION: ("Decoration", "Décoration"),
    LineKind.SETUP: ("Set-up charge", "Frais de mise en route", "Set-up", "Frais de préparation", "Montage"),
    LineKind.FREIGHT: ("Freight", "Transport", "Shipping", "Livraison"),
    LineKind.DISCOUNT: ("Discount", "Remise", "Rabais"),
    LineKind.SERVICE: ("Service",),
    LineKind.OTHER: ("Other", "Autre"),
}


def _text(key: str, en: str, fr: str, limit: int, *, required: bool = False, of_line: bool = False) -> Column:
    return Column(key, en, fr, values.text(limit), required=required, limit=limit, of_line=of_line)


def _address(prefix: str, en: str, fr: str) -> tuple[Column, ...]:
    return (
        _text(f"{prefix}_line1", f"{en} line 1", f"{fr}, ligne 1", 300),
        _text(f"{prefix}_line2", f"{en} line 2", f"{fr}, ligne 2", 300),
        _text(f"{prefix}_city", f"{en} city", f"{fr}, ville", 120),
        Column(
            f"{prefix}_region",
            f"{en} state or province",
            f"{fr}, province ou État",
            values.text(60),
            "region",
            also=(f"{en} state", f"{en} province", f"{en} region", f"{fr}, province", f"{fr}, État"),
        ),
        Column(
            f"{prefix}_postal_code",
            f"{en} postal code",
            f"{fr}, code postal",
            values.postal_code,
            limit=20,
            also=(f"{en} ZIP code", f"{en} ZIP", f"{en} postal"),
        ),
        Column(f"{prefix}_country", f"{en} country", f"{fr}, pays", values.country, "country"),
    )


COMPANY_COLUMNS: Final = (
    _text("esp_id", "ESP+ ID", "ID ESP+", 60, required=True),
    _text("name", "Name", "Nom", 300, required=True),
    _text("number", "Number", "Numéro", 60),
    Column(
        "types",
        "Member types",
        "Types de membre",
        values.several_of(COMPANY_TYPES, "member_type"),
        "member_types",
        required=True,
    ),
    Column("email", "E-mail", "Courriel", values.email, "email", limit=254),
    _text("phone", "Phone", "Téléphone", 60),
    _text("website", "Website", "Site web", 300),
    _text("tax_number", "Tax number", "Numéro de taxe", 60),
    Column("currency", "Currency", "Devise", values.currency, "currency"),
    _text("terms", "Terms", "Modalités", 60),
    *_address("bill", "Billing address", "Adresse de facturation"),
    *_address("ship", "Shipping address", "Adresse de livraison"),
    _text("exemption_number", "Tax exemption number", "Numéro d’exemption de taxe", 60),
    Column(
        "exemption_regions",
        "Tax exemption states",
        "Provinces ou États de l’exemption",
        values.regions,
        "regions",
        default=(),
        also=("Tax exemption states or provinces", "Tax exemption provinces", "Provinces de l’exemption"),
    ),
    Column(
        "exemption_expires_on",
        "Tax exemption expiry",
        "Échéance de l’exemption",
        values.day,
        "last_day",
        default=None,
        also=("Tax exemption expires", "Tax exemption valid until", "Exemption valable jusqu’au"),
    ),
)

DOCUMENT_COLUMNS: Final = (
    _text("esp_id", "ESP+ ID", "ID ESP+", 60, required=True),
    Column(
        "kind", "Type", "Type", values.one_of(DOCUMENT_KINDS, "document_kind"), "document_kind", required=True
    ),
    _text("number", "Number", "Numéro", 60, required=True),
    _text("order_number", "Order number", "Numéro de commande", 60),
    _text("company", "Company ESP+ ID", "ID ESP+ de l’entreprise", 60, required=True),
    _text("customer", "Customer ESP+ ID", "ID ESP+ du client", 60),
    _text("customer_po", "Customer PO", "Bon de commande du client", 60),
    Column("date", "Date", "Date", values.day, "date", required=True),
    Column("due_date", "Due date", "Échéance", values.day, "date", default=None),
    Column("in_hands_date", "In-hands date", "Date de réception souhaitée", values.day, "date", default=None),
    _text("sales_rep", "Sales rep", "Représentant", 120),
    Column("currency", "Currency", "Devise", values.currency, "currency", required=True),
    _text("terms", "Terms", "Modalités", 60),
    Column("memo", "Memo", "Note", values.paragraphs, limit=values.MAX_TEXT),
    *_address("ship", "Ship to", "Livrer à"),
    Column("tax", "Tax", "Taxe", values.not_negative, "amount", default=Decimal("0.00")),
    Column("total", "Total", "Total", values.not_negative, "amount", required=True),
    Column(
        "line_kind",
        "Line kind",
        "Genre de ligne",
        values.one_of(LINE_KINDS, "line_kind"),
        "line_kind",
        default=LineKind.PRODUCT,
        of_line=True,
    ),
    _text("product_number", "Product number", "Numéro de produit", 100, of_line=True),
    _text("product_name", "Product name", "Nom du produit", 300, of_line=True),
    Column(
        "description", "Description", "Description", values.paragraphs, limit=values.MAX_TEXT, of_line=True
    ),
    Column("quantity", "Quantity", "Quantité", values.quantity, "quantity", default=None, of_line=True),
    Column(
        "unit_price",
        "Unit price",
        "Prix unitaire",
        values.unit_price,
        "unit_price",
        default=None,
        of_line=True,
    ),
    Column("amount", "Amount", "Montant", values.money, "amount", required=True, of_line=True),
    Column("taxable", "Taxable", "Taxable", values.yes_or_no, "yes_or_no", default=True, of_line=True),
    _text("category", "Category", "Catégorie", 120, of_line=True),
)
