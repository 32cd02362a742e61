"""Reports: what the general ledger adds up to, in Intuit's shape of header, columns and rows.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
"""

from collections.abc import Callable, Mapping

from .. import faults
from ..books import Body, Books
from . import balance_sheet, general_ledger, parties, profit_and_loss, trial_balance
from .request import Request

_REPORTS: dict[str, Callable[[Books, Request], Body]] = {
    "ProfitAndLoss": profit_and_loss.report,
    "BalanceSheet": balance_sheet.report,
    "TrialBalance": trial_balance.report,
    "GeneralLedger": general_ledger.report,
    "AgedReceivables": parties.aged,
    "AgedPayables": parties.aged,
    "CustomerBalance": parties.balances,
    "VendorBalance": parties.balances,
}
# What a report covers when the request does not say.
_MACROS = {"GeneralLedger": "this month-to-date"}
_USUAL_MACRO = "this calendar year-to-date"


def run(books: Books, name: str, wishes: Mapping[str, str]) -> Body:
    """The report of this name over the wished period; raises Fault 500 or 2010.

    wishes: the parameters of the address.
    """
    found = {known.lower(): known for known in _REPORTS}.get(name.lower())
    if found is None:
        raise faults.unsupported(f"reports/{name}")
    return _REPORTS[found](books, Request.of(books, found, wishes, _MACROS.get(found, _USUAL_MACRO)))
