"""Forms as a customer or vendor gets them: by e-mail, which is only noted here, and as a PDF."""

from collections.abc import Iterator
from decimal import Decimal

from . import engine, faults, pdf
from .books import Body, Books
from .clock import stamp
from .entities import Entity
from .notifications import Event

SENT = frozenset(
    {"Invoice", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "PurchaseOrder"}
)
LONGEST_ADDRESS = 100


def send(books: Books, spec: Entity, object_id: str, address: str | None) -> Body:
    """Note that the form was sent, to the address given or else to its own; answers the form.

    No e-mail leaves this computer. Raises Fault 500 (not a form), 2030, 610, 2020 (nobody to send it to) or
    6000 (no address).
    """
    form = find(books, spec, object_id)
    field = "POEmail" if spec.name == "PurchaseOrder" else "BillEmail"
    if address is None:
        address = str(form.get(field, {}).get("Address", ""))
    if not address:
        raise faults.required(field)
    name, at, host = address.partition("@")
    if not (name and at and "." in host) or len(address) > LONGEST_ADDRESS or "@" in host:
        raise faults.business("Email Address does not conform to the syntax rules of RFC 822", field)
    if spec.name != "Payment":
        form[field] = {"Address": address}
        form["EmailStatus"] = "EmailSent"
    form["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": stamp(books.now)}
    books.change(spec.name, form)
    books.events = [Event("Emailed", spec.name, object_id)]
    return form


def find(books: Books, spec: Entity, object_id: str) -> Body:
    """The form; raises Fault 500 for an entity that is none, 2030 or 610."""
    if spec.name not in SENT:
        raise faults.unsupported(f"{spec.path}/{object_id}")
    engine.check_id(object_id)
    return books.get(spec.name, object_id)


def as_pdf(books: Books, spec: Entity, object_id: str) -> bytes:
    """The form as a PDF; raises what find raises."""
    form = find(books, spec, object_id)
    company = books.get("CompanyInfo", "1")["CompanyName"]
    title = f"{spec.name} {form.get('DocNumber', form['Id'])}"
    return pdf.render(title, _lines(company, title, form))


def _lines(company: str, title: str, form: Body) -> Iterator[pdf.Line]:
    party = form.get("CustomerRef") or form.get("VendorRef") or {}
    yield pdf.Line(company, size=16)
    yield pdf.Line("")
    yield pdf.Line(title, size=13)
    yield pdf.Line(str(party.get("name", "")), str(form["TxnDate"]))
    yield pdf.Line("")
    for line in form.get("Line", ()):
        yield pdf.Line(_described(line), _amount(line.get("Amount")))
    yield pdf.Line("")
    tax = form.get("TxnTaxDetail", {}).get("TotalTax")
    for word, amount in (("Tax", tax), ("Total", form.get("TotalAmt")), ("Balance", form.get("Balance"))):
        if amount is not None:
            yield pdf.Line(word, _amount(amount))


def _described(line: Body) -> str:
    """What a line is about, with its quantity and price."""
    detail = line.get(line.get("DetailType", ""), {})
    words = line.get("Description") or detail.get("ItemRef", {}).get("name") or line.get("DetailType", "")
    if detail.get("Qty") and detail.get("UnitPrice"):
        return f"{words}   {detail['Qty']:f} x {detail['UnitPrice']:f}"
    return str(words)


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{Decimal(amount):.2f}"
