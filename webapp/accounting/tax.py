"""Sales tax of a document: taxable or not per line in the US, a tax code by province elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from webapp.accounting.accounts import gone
from webapp.accounting.drafts import AddressDraft, DocumentKind, TaxMode
from webapp.accounting.provider import ProviderCompany, ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.sources import Exemption, MappingRules, Reason, SalesTaxSource, SourceDocument

US_TAXABLE: Final = "TAX"
US_NON_TAXABLE: Final = "NON"
_US_CODES: Final = frozenset({US_TAXABLE, US_NON_TAXABLE})
"""Every US company has these two pseudo codes, whether or not its list names them."""


def is_canadian(company: ProviderCompany) -> bool:
    """Whether the province of delivery decides on the company's sales tax."""
    return company.country.upper() in {"CA", "CAN", "CANADA"}


def code_problem(
    field: str, name: str, code_id: str, company: ProviderCompany, lists: ProviderLists
) -> Reason | None:
    """Why a chosen tax code cannot be used: the provider's list, when known, does not have it."""
    if not lists.tax_codes or code_id in lists.tax_codes or (company.is_us and code_id in _US_CODES):
        return None
    return gone(field, name)


def exemption_of(document: SourceDocument) -> Exemption | None:
    """The certificate that exempts an invoice: it names the state of delivery and holds on the day."""
    if document.kind is not DocumentKind.INVOICE:
        return None
    return next((one for one in document.exemptions if _covers(one, document)), None)


class Taxes:
    """The tax side of one document."""

    def __init__(
        self,
        document: SourceDocument,
        rules: MappingRules,
        company: ProviderCompany,
        lists: ProviderLists,
        reasons: Reasons,
    ) -> None:
        self._document = document
        self._rules = rules
        self._company = company
        self._lists = lists
        self._reasons = reasons
        self._is_sale = document.kind is DocumentKind.INVOICE
        self._province = document.ship_to.region.strip().upper()
        self._exemption = exemption_of(document)

    @property
    def mode(self) -> TaxMode:
        """How tax goes out; a US company has no tax on purchases."""
        if not self._company.is_us:
            return TaxMode.CODES
        return TaxMode.US if self._is_sale else TaxMode.NONE

    def code(self, taxable: bool) -> str | None:
        """The tax code of a line; None when lines carry none or after noting why there is none."""
        if self.mode is TaxMode.NONE:
            return None
        taxable = taxable and self._exemption is None
        field, name, code_id = self._us_choice(taxable) if self._company.is_us else self._choice(taxable)
        if not code_id:
            fix = "preferences" if self._province or not taxable else "document"
            self._reasons.add("tax_code_missing", fix, province=self._province, field=field)
            return None
        problem = code_problem(field, name, code_id, self._company, self._lists)
        self._reasons.note(problem)
        return None if problem else code_id

    def own_amount(self) -> Decimal | None:
        """Our tax amount when it is to be sent; never beside what the provider computes itself."""
        if self._exemption is not None:
            self._check_exempt(self._exemption)
            return None
        if self.mode is not TaxMode.US:
            return None
        if not self._company.automated_sales_tax:
            return self._document.tax if self._document.tax > 0 else None
        if self._rules.sales_tax is SalesTaxSource.OURS:
            # nothing is an amount too: without it QuickBooks would compute one
            return self._document.tax
        missing = _missing_parts(self._document.ship_to)
        if missing:
            # without a full ship-to QuickBooks would tax at the company's own address
            self._reasons.add("ship_to_incomplete", "document", missing=" ".join(missing))
        return None

    def own_code(self) -> str | None:
        """The document's own tax code, which automated sales tax wants beside an amount of ours."""
        is_override = self._company.automated_sales_tax and self._rules.sales_tax is SalesTaxSource.OURS
        if self.mode is not TaxMode.US or not is_override or self._exemption is not None:
            return None
        is_taxed = self._document.tax > 0 or any(line.taxable for line in self._document.lines)
        return US_TAXABLE if is_taxed else US_NON_TAXABLE

    def cost_tax(self) -> Decimal:
        """Tax that a US supplier charged: QuickBooks keeps none on purchases, so it is part of the cost."""
        return self._document.tax if self.mode is TaxMode.NONE else Decimal(0)

    def _check_exempt(self, exemption: Exemption) -> None:
        """An exempt customer's invoice that charges tax contradicts itself: people decide which is right."""
        if self._document.tax > 0:
            facts = {"number": exemption.number, "tax": str(self._document.tax)}
            self._reasons.add("exempt_but_taxed", "document", **facts)

    def _us_choice(self, taxable: bool) -> tuple[str, str, str | None]:
        if taxable:
            code_id = self._rules.taxable_code_id or US_TAXABLE
            return "taxable_code_id", code_id, code_id
        code_id = self._rules.non_taxable_code_id or US_NON_TAXABLE
        return "non_taxable_code_id", code_id, code_id

    def _choice(self, taxable: bool) -> tuple[str, str, str | None]:
        if not taxable:
            code_id = self._rules.non_taxable_code_id
            return "non_taxable_code_id", code_id or "", code_id
        code_id = self._rules.province_tax_codes.get(self._province) if self._province else None
        if code_id or (self._is_sale and is_canadian(self._company)):
            # the delivery province decides on a Canadian sale: another province's code would be wrong
            return "province_tax_codes", self._province, code_id
        code_id = self._rules.taxable_code_id
        return "taxable_code_id", code_id or "", code_id


def _covers(exemption: Exemption, document: SourceDocument) -> bool:
    if exemption.expires_on is not None and document.date > exemption.expires_on:
        return False
    # codes of states elsewhere can be the same: WA is in Australia too
    is_at_home = document.ship_to.country.strip().upper() in {"", "US", "CA"}
    here = document.ship_to.region.strip().upper()
    return not exemption.regions or (is_at_home and here in exemption.regions)


def _missing_parts(address: AddressDraft) -> list[str]:
    parts = {
        "line1": address.line1,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
    }
    return [name for name, value in parts.items() if not value.strip()]
