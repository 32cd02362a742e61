"""The link by which a customer pays an invoice on the web: on request, and only where paying is possible.

A read with `include=invoiceLink` has it when the invoice allows online payment and has an e-mail address.
"""

import hashlib

from . import jsontext

_ALLOWED = ("AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")


def with_link(realm: str, text: str) -> str:
    """An invoice's JSON text with its link, where it can have one."""
    invoice = jsontext.loads(text)
    if not invoice.get("BillEmail") or not any(invoice.get(name) for name in _ALLOWED):
        return text
    mark = hashlib.sha256(f"{realm}/{invoice['Id']}".encode()).hexdigest()[:40]
    return jsontext.dumps({**invoice, "InvoiceLink": f"https://connect.intuit.com/t/scs-v1-{mark}"})
