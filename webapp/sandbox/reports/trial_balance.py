"""Trial balance: every account's balance as a debit or a credit; both columns come to the same."""

from dataclasses import replace
from datetime import date, timedelta

from ..books import Body, Books
from . import cash, columns, period, profit_and_loss, shape
from .request import Request
from .statement import accounts


def report(books: Books, request: Request) -> Body:
    """The trial balance report; income and costs count from the beginning of the fiscal year."""
    start, end = request.period
    with cash.source(books, request.basis) as table:
        _, sums = columns.until(books, _total(request, end), table)
        last = period.fiscal_year_start(end, request.first_month) - timedelta(days=1)
        _, before = columns.until(books, _total(request, last), table)
    rows, totals = [], [0, 0]
    for account, cents in _balances(books, sums, before):
        side = 0 if cents > 0 else 1
        totals[side] += abs(cents)
        figures = [shape.money(cents), ""] if cents > 0 else ["", shape.money(-cents)]
        rows.append(shape.data([account, *figures]))
    total = shape.section(None, [], ["TOTAL", *map(shape.money, totals)], "GrandTotal")
    heads = [shape.column("", "Account"), shape.column("Debit", "Money"), shape.column("Credit", "Money")]
    return shape.report(
        books,
        request,
        heads,
        [*rows, total],
        ReportBasis=request.basis,
        StartPeriod=start.isoformat(),
        EndPeriod=end.isoformat(),
        SummarizeColumnsBy="Total",
    )


def _total(request: Request, end: date) -> Request:
    return replace(request, period=period.Period(request.period.start, end), columns="Total")


def _balances(books: Books, sums: columns.Sums, before: columns.Sums) -> list[tuple[Body, int]]:
    """Each account with a balance; what earlier years earned lies in retained earnings."""
    found, past = [], 0
    for account in accounts(books):
        cents = sums.get(account.id, {}).get("", 0)
        if account.type in profit_and_loss.TYPES:
            earlier = before.get(account.id, {}).get("", 0)
            cents, past = cents - earlier, past + earlier
        found.append(({"value": account.name, "id": account.id}, cents))
    found.append(({"value": "Retained Earnings of earlier years", "id": ""}, past))
    return [(title, cents) for title, cents in found if cents]
