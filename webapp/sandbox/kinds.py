"""The table of transactions: in what one kind of them moves money otherwise than another, as data."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kind:
    """One kind of transaction.

    form: which rules settle it. party: the entity of those it is with, whom the property `reference` names.
    account: the property with the account that takes its total; role: the account when none is named
    (see account_roles.for_role). sign: 1 when the total is a debit there, -1 when it is a credit. open: the
    properties that hold what is still to be paid or used. pays: the kinds whose open amount it takes up,
    each with the sign with which that counts. linked_as: with what its name begins in the LinkedTxn
    of the other side. days: the
    term of one that names none. posting: whether it moves accounts.
    """

    form: str
    party: str = ""
    reference: str = ""
    account: str = ""
    role: str = ""
    sign: int = 1
    open: tuple[str, ...] = ()
    pays: tuple[tuple[str, int], ...] = ()
    linked_as: str = ""
    days: int | None = None
    posting: bool = True


_SALE = Kind("sales", "Customer", "CustomerRef", "ARAccountRef", "receivable", open=("Balance",))
_CASH_SALE = Kind("sales", "Customer", "CustomerRef", "DepositToAccountRef", "undeposited")
_COST = Kind("purchase", "Vendor", "VendorRef", "APAccountRef", "payable", -1, open=("Balance",))
_PAYMENT = Kind("payment", "Customer", "CustomerRef", "DepositToAccountRef", "undeposited",
                pays=(("Invoice", 1), ("CreditMemo", -1)), linked_as="Payment")  # fmt: skip
_BILL_PAYMENT = Kind("payment", "Vendor", "VendorRef", sign=-1, pays=(("Bill", 1), ("VendorCredit", -1)),
                     linked_as="BillPayment")  # fmt: skip

KINDS = {
    "Invoice": replace(_SALE, days=30),
    "CreditMemo": replace(_SALE, sign=-1, open=("Balance", "RemainingCredit")),
    "SalesReceipt": _CASH_SALE,
    "RefundReceipt": replace(_CASH_SALE, sign=-1),
    "Estimate": replace(_SALE, open=(), posting=False),
    "Bill": replace(_COST, days=0),
    "VendorCredit": replace(_COST, sign=1),
    "Purchase": Kind("purchase", "Vendor", "EntityRef", "AccountRef", sign=-1),
    "PurchaseOrder": replace(_COST, open=(), posting=False),
    "Payment": _PAYMENT,
    "BillPayment": _BILL_PAYMENT,
    "Deposit": Kind("deposit", account="DepositToAccountRef"),
    "JournalEntry": Kind("journal"),
    "Transfer": Kind("transfer"),
    "CreditCardPaymentTxn": Kind("transfer"),
}

# Both ends of what only moves money: the account it leaves and the one it reaches.
ENDS = {
    "Transfer": ("FromAccountRef", "ToAccountRef"),
    "CreditCardPaymentTxn": ("BankAccountRef", "CreditCardAccountRef"),
}
