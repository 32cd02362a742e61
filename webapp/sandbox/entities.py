"""The table of entities: everything in which one entity differs from another, as data."""

from dataclasses import dataclass, field
from typing import Any

READ = frozenset({"read", "query"})
WRITE = READ | {"create", "update"}
DELETE = WRITE | {"delete"}

_META = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime")
_PERSON = (
    *_META, "Active", "DisplayName", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName",
    "PrintOnCheckName", "PrimaryEmailAddr", "PrimaryPhone", "Balance",
)  # fmt: skip
_LIST = (*_META, "Active", "Name")
_TXN = (*_META, "DocNumber", "TxnDate", "DueDate", "TotalAmt")


@dataclass(frozen=True)
class Entity:
    """One entity of the API.

    family: which rules settle it: person, list (named), transaction, or fixed (one per company).
    label: how a refusal 2500 calls it. ids: the counter its ids come from; entities may share one.
    filterable: the properties that a query may filter by, as Intuit's reference marks them.
    sparse_required: what even a sparse update must carry.
    """

    name: str
    family: str
    operations: frozenset[str]
    label: str = ""
    ids: str = ""
    name_field: str | None = None
    required: tuple[str, ...] = ()
    sparse_required: tuple[str, ...] = ()
    filterable: tuple[str, ...] = _META
    defaults: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The entity's segment in addresses."""
        return self.name.lower()

    @property
    def id_space(self) -> str:
        """The counter that numbers this entity."""
        return self.ids or self.path


_CUSTOMER_DEFAULTS: dict[str, Any] = {
    "Taxable": True, "Job": False, "BillWithParent": False, "Balance": 0, "BalanceWithJobs": 0,
    "PreferredDeliveryMethod": "None", "IsProject": False, "Active": True,
}  # fmt: skip
_INVOICE_DEFAULTS: dict[str, Any] = {
    "AllowIPNPayment": False, "AllowOnlinePayment": False, "AllowOnlineCreditCardPayment": False,
    "AllowOnlineACHPayment": False, "ApplyTaxAfterDiscount": False,
    "PrintStatus": "NotSet", "EmailStatus": "NotSet",
}  # fmt: skip

_TABLE = (
    Entity("CompanyInfo", "fixed", READ, filterable=(*_META, "CompanyName")),
    Entity("Preferences", "fixed", READ),
    Entity("Account", "list", READ, "Accounts", name_field="Name",
           filterable=(*_LIST, "FullyQualifiedName", "AccountType", "AccountSubType", "Classification",
           "SubAccount", "CurrentBalance", "AcctNum", "Description", "ParentRef"), required=("Name",),
           sparse_required=("Name",)),
    Entity("Term", "list", READ, "Terms", name_field="Name", filterable=(*_LIST, "Type", "DueDays")),
    Entity("PaymentMethod", "list", READ, "PaymentMethods", name_field="Name", filterable=(*_LIST, "Type")),
    Entity("Class", "list", READ, "Classes", name_field="Name", filterable=(*_LIST, "FullyQualifiedName")),
    Entity("Department", "list", READ, "Departments", name_field="Name", filterable=(*_LIST,
    "FullyQualifiedName")), Entity("TaxAgency", "list", READ, "TaxAgencies", name_field="DisplayName",
    filterable=(*_META, "DisplayName")), Entity("TaxCode", "list", READ, "TaxCodes", name_field="Name",
    filterable=(*_LIST, "Description")), Entity("TaxRate", "list", READ, "TaxRates", name_field="Name",
    filterable=(*_LIST, "Description")), Entity("Customer", "person", WRITE, "Names", "names",
    "DisplayName", filterable=(*_PERSON, "FullyQualifiedName", "Job", "ParentRef", "Level", "Taxable",
    "BalanceWithJobs"), defaults=_CUSTOMER_DEFAULTS), Entity("Vendor", "person", WRITE, "Names", "names",
    "DisplayName", filterable=(*_PERSON, "Vendor1099", "AcctNum"), defaults={"Vendor1099": False,
    "Balance": 0, "Active": True}), Entity("Item", "list", WRITE, "Items", name_field="Name",
    filterable=(*_LIST, "FullyQualifiedName", "Type", "Sku", "Description", "UnitPrice", "QtyOnHand",
    "Taxable", "SubItem", "ParentRef"), required=("Name", "Type"), defaults={"Active": True, "Taxable":
    False, "UnitPrice": 0, "PurchaseCost": 0, "TrackQtyOnHand": False}), Entity("Invoice", "transaction",
    DELETE | {"void"}, "Transactions", "transactions", required=("CustomerRef", "Line"),
    filterable=(*_TXN, "CustomerRef", "Balance", "SalesTermRef", "EmailStatus", "PrintStatus",
    "DepartmentRef"), defaults=_INVOICE_DEFAULTS), Entity("Bill", "transaction", DELETE, "Transactions",
    "transactions", required=("VendorRef", "Line"), sparse_required=("VendorRef",), filterable=(*_TXN,
    "VendorRef", "Balance", "APAccountRef", "SalesTermRef", "DepartmentRef")), Entity("PurchaseOrder",
    "transaction", DELETE, "Transactions", "transactions", required=("VendorRef", "Line"),
    sparse_required=("VendorRef",), filterable=(*_TXN, "POStatus", "EmailStatus")),
)  # fmt: skip

BY_NAME = {entity.name: entity for entity in _TABLE}
BY_PATH = {entity.path: entity for entity in _TABLE}

# Which entity a reference field names. ParentRef names an object of its own kind.
REFERENCES = {
    "AccountRef": "Account", "APAccountRef": "Account", "ARAccountRef": "Account",
    "AssetAccountRef": "Account",
    "COGSAccountRef": "Account", "DepositToAccountRef": "Account", "DiscountAccountRef": "Account",
    "ExpenseAccountRef": "Account", "IncomeAccountRef": "Account", "ItemAccountRef": "Account",
    "MarkUpIncomeAccountRef": "Account", "PrefillAccountRef": "Account",
    "CustomerRef": "Customer", "ShipTo": "Customer", "VendorRef": "Vendor", "PrefVendorRef": "Vendor",
    "ItemRef": "Item", "GroupItemRef": "Item", "SalesTermRef": "Term", "TermRef": "Term",
    "TaxCodeRef": "TaxCode", "TxnTaxCodeRef": "TaxCode", "DefaultTaxCodeRef": "TaxCode",
    "SalesTaxCodeRef": "TaxCode",
    "PurchaseTaxCodeRef": "TaxCode", "TaxRateRef": "TaxRate",
    "ClassRef": "Class", "DepartmentRef": "Department", "PaymentMethodRef": "PaymentMethod",
}  # fmt: skip

# The account types that some reference fields insist on.
ACCOUNT_TYPES = {
    "APAccountRef": ("Accounts Payable",),
    "ARAccountRef": ("Accounts Receivable",),
    "AssetAccountRef": ("Other Current Asset",),
    "IncomeAccountRef": ("Income", "Other Income"),
    "ExpenseAccountRef": ("Cost of Goods Sold", "Expense", "Other Expense"),
}
