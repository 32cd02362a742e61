"""Reads documents in bulk and makes the plain snapshots that the mapping works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee import JOIN

from webapp.accounting.drafts import AddressDraft, DocumentKind
from webapp.accounting.sources import SourceDocument, SourceLine
from webapp.companies import exemptions
from webapp.errors import NotFound
from webapp.models import Company, Document, DocumentLine, MemberType

Customer = Company.alias("customer")


def load(ids: Iterable[int]) -> list[Document]:
    """These documents with their companies, exemptions and lines, in as few queries however many there are.

    The documents are read before their lines: when an import changes one in between, its revision is the
    older one, so that what is sent counts as changed rather than as current.
    """
    documents = list(
        Document.select(Document, Company, Customer)
        .join(Company, on=Document.company)
        .switch(Document)
        .join(Customer, JOIN.LEFT_OUTER, on=(Document.customer == Customer.id), attr="customer")
        .where(Document.id.in_(list(ids)))
        .order_by(Document.id)
    )
    lines = _lines_of([document.id for document in documents])
    exempt = exemptions.by_company(one.company_id for one in documents if one.kind is DocumentKind.INVOICE)
    for document in documents:
        document.ordered_lines = lines[document.id]
        document.exemptions = exempt.get(document.company_id, ())
    return documents


def find(workspace_id: int, document_id: int) -> Document:
    """A document of the workspace with its companies and lines; raises NotFound."""
    found = load([document_id])
    if not found or found[0].workspace_id != workspace_id:
        raise NotFound
    return found[0]


def _lines_of(ids: Sequence[int]) -> dict[int, list[DocumentLine]]:
    """The lines of these documents in their order, by document."""
    lines: dict[int, list[DocumentLine]] = {document_id: [] for document_id in ids}
    for line in (
        DocumentLine.select()
        .where(DocumentLine.document.in_(ids))
        .order_by(DocumentLine.document, DocumentLine.position)
    ):
        lines[line.document_id].append(line)
    return lines


def source_of(document: Document) -> SourceDocument:
    """The snapshot of a document that ``load`` gave."""
    is_invoice = document.kind is DocumentKind.INVOICE
    return SourceDocument(
        kind=document.kind,
        number=document.number,
        order_number=document.order_number,
        customer_po=document.customer_po,
        date=document.date,
        due_date=document.due_date,
        currency=document.currency,
        terms=document.terms,
        memo=document.memo,
        # a purchase order leaves from ESP+; QuickBooks is not to know the supplier's address for it
        email=document.company.email if is_invoice else "",
        bill_to=_billing(document.company) if is_invoice else AddressDraft(),
        ship_to=_shipping(document),
        tax=document.tax,
        total=document.total,
        in_hands_date=document.in_hands_date,
        sales_rep=document.sales_rep,
        member_types=_member_types(document.company),
        lines=tuple(map(_line, document.ordered_lines)),
        exemptions=document.exemptions,
    )


def _line(line: DocumentLine) -> SourceLine:
    return SourceLine(
        position=line.position,
        kind=line.kind,
        product_number=line.product_number,
        product_name=line.product_name,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        taxable=line.taxable,
        category=line.category,
    )


def _member_types(company: Company) -> frozenset[str]:
    types = {
        MemberType.CUSTOMER: company.is_customer,
        MemberType.SUPPLIER: company.is_supplier,
        MemberType.DECORATOR: company.is_decorator,
    }
    return frozenset(type_.value for type_, is_one in types.items() if is_one)


def _billing(company: Company) -> AddressDraft:
    return AddressDraft(
        company.bill_line1,
        company.bill_line2,
        company.bill_city,
        company.bill_region,
        company.bill_postal_code,
        company.bill_country,
    )


def _shipping(document: Document) -> AddressDraft:
    return AddressDraft(
        document.ship_line1,
        document.ship_line2,
        document.ship_city,
        document.ship_region,
        document.ship_postal_code,
        document.ship_country,
    )
