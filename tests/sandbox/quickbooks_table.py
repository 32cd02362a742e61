"""For every class of python-quickbooks that can be saved: a body to make one, and a change to make to it."""

from tests.sandbox.documents import account_line, bill, invoice, order, sales_line
from tests.sandbox.money import deposit, deposit_line, entry_line, payment, purchase

BANK, CARD = {"value": "35"}, {"value": "42"}
NOTE = {"PrivateNote": "changed"}


def sale(**fields):
    return {"CustomerRef": {"value": "1"}, "Line": [sales_line(40)], **fields}


def rename(name):
    return {"Name": name}


# Class: (body, change, whether it can be deleted).
ROWS = {
    "Account": ({"Name": "Petty cash", "AccountSubType": "CashOnHand"}, {"Description": "changed"}, False),
    "Attachable": ({"Note": "Rush order"}, {"Note": "changed"}, True),
    "Bill": (bill(), NOTE, True),
    "Class": ({"Name": "Schools"}, rename("Colleges"), False),
    "CompanyCurrency": ({"Code": "GBP"}, {"Active": False}, False),
    "CreditCardPayment": (
        {"Amount": 25, "BankAccountRef": BANK, "CreditCardAccountRef": CARD}, NOTE, True
    ),
    "CreditMemo": (sale(), NOTE, True),
    "Customer": ({"DisplayName": "Zinnia Florists"}, {"Notes": "changed"}, False),
    "Department": ({"Name": "Annapolis"}, rename("Bowie"), False),
    "Deposit": (deposit(deposit_line(60, "4")), NOTE, True),
    "Employee": ({"GivenName": "Ines", "FamilyName": "Rowe"}, {"HiredDate": "2026-01-05"}, False),
    "Estimate": (sale(), {"TxnStatus": "Accepted"}, True),
    "Invoice": (invoice(), NOTE, True),
    "Item": (
        {"Name": "Lapel Pin", "Type": "Service", "IncomeAccountRef": {"value": "2"}},
        {"UnitPrice": 3.5},
        False,
    ),
    "JournalEntry": ({"Line": [entry_line("Debit", "7", 9), entry_line("Credit", "35", 9)]}, NOTE, True),
    "Payment": (payment(12), NOTE, True),
    "PaymentMethod": ({"Name": "Gift card"}, rename("Voucher"), False),
    "Purchase": (purchase(account_line(30)), NOTE, True),
    "PurchaseOrder": (order(), NOTE, True),
    "RefundReceipt": (sale(DepositToAccountRef=BANK), NOTE, True),
    "SalesReceipt": (sale(), NOTE, True),
    "Term": ({"Name": "Net 20", "DueDays": 20}, {"DueDays": 21}, False),
    "TimeActivity": (
        {"NameOf": "Employee", "EmployeeRef": {"value": "51"}, "Hours": 2, "TxnDate": "2026-03-02"},
        {"Description": "changed"},
        True,
    ),
    "Transfer": ({"Amount": 15, "FromAccountRef": BANK, "ToAccountRef": {"value": "36"}}, NOTE, True),
    "Vendor": ({"DisplayName": "Zephyr Banners"}, {"AcctNum": "changed"}, False),
    "VendorCredit": (bill(), NOTE, True),
}  # fmt: skip
READ_ONLY = ("Budget", "CustomerType", "TaxCode", "TaxRate")
