"""Bodies of payments, deposits and the like, and what the money tests look up."""

from webapp.sandbox import ledger
from webapp.sandbox.books import Books

from .documents import account_line

UNDEPOSITED, CHECKING, SAVINGS, CARD, RECEIVABLE, PAYABLE = "38", "35", "36", "42", "84", "33"


def sparse(obj, **changes):
    return {"Id": obj["Id"], "SyncToken": obj["SyncToken"], "sparse": True, **changes}


def pays(entity, txn_id, amount):
    return {"Amount": amount, "LinkedTxn": [{"TxnId": txn_id, "TxnType": entity}]}


def payment(total, *lines, customer="1", **fields):
    return {"CustomerRef": {"value": customer}, "TotalAmt": total, "Line": list(lines), **fields}


def bill_payment(total, *lines, vendor="31", **fields):
    return {
        "VendorRef": {"value": vendor},
        "TotalAmt": total,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": CHECKING}},
        "Line": list(lines),
        **fields,
    }


def purchase(*lines, account=CHECKING, kind="Cash", **fields):
    return {
        "AccountRef": {"value": account},
        "PaymentType": kind,
        "Line": list(lines) or [account_line(100)],
        **fields,
    }


def entry_line(posting, account, amount, **detail):
    return {
        "Amount": amount,
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": {"PostingType": posting, "AccountRef": {"value": account}, **detail},
    }


def deposit(*lines, account=CHECKING, **fields):
    return {"DepositToAccountRef": {"value": account}, "Line": list(lines), **fields}


def deposit_line(amount, account, **detail):
    return {
        "Amount": amount,
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": {"value": account}, **detail},
    }


def balance(company, account):
    """An account's balance as the API shows it."""
    return company.get(f"account/{account}").json()["Account"]["CurrentBalance"]


def found(company, entity, obj):
    """An object as it is now."""
    return next(iter(company.get(f"{entity}/{obj['Id']}").json().values()))


def trial_balance(app, company):
    """What is in a company's ledger, in cents by account."""
    with app.extensions["sandbox"].store.reading() as db:
        return ledger.trial_balance(Books(db, company.tokens["realmId"], 0))
