"""Balance sheet: what the company has, and what it owes or is its own, on a day."""

from dataclasses import replace
from datetime import timedelta

from .. import account_roles
from ..books import Body, Books
from . import cash, columns, period, profit_and_loss, shape
from .columns import Column, Sums
from .request import Request
from .statement import Figures, Statement, added

# Title, group and either the account types or the sections of each section. Debits count in the first.
_ASSETS = ("ASSETS", "TotalAssets", (
    ("Current Assets", "CurrentAssets", (
        ("Bank Accounts", "BankAccounts", "Bank"),
        ("Accounts Receivable", "AR", "Accounts Receivable"),
        ("Other Current Assets", "OtherCurrentAssets", "Other Current Asset"),
    )),
    ("Fixed Assets", "FixedAssets", "Fixed Asset"),
    ("Other Assets", "OtherAssets", "Other Asset"),
))  # fmt: skip
_LIABILITIES = ("Liabilities", "Liabilities", (
    ("Current Liabilities", "CurrentLiabilities", (
        ("Accounts Payable", "AP", "Accounts Payable"),
        ("Credit Cards", "CreditCards", "Credit Card"),
        ("Other Current Liabilities", "OtherCurrentLiabilities", "Other Current Liability"),
    )),
    ("Long-Term Liabilities", "LongTermLiabilities", "Long Term Liability"),
))  # fmt: skip
Part = tuple[str, str, object]


def report(books: Books, request: Request) -> Body:
    """The balance sheet report."""
    with cash.source(books, request.basis) as table:
        split, sums = columns.until(books, request, table)
        profits = _move_profits(books, request, table, split, sums)
    statement = Statement(books, split, sums, totalled=False)
    assets, _ = _section(statement, _ASSETS, 1)
    start, end = request.period
    return shape.report(
        books,
        request,
        columns.heads(split, "Account", totalled=False),
        [assets, _other_side(statement, profits)],
        ReportBasis=request.basis,
        StartPeriod=start.isoformat(),
        EndPeriod=end.isoformat(),
        SummarizeColumnsBy=request.columns,
    )


def _move_profits(books: Books, request: Request, table: str, split: list[Column], sums: Sums) -> Figures:
    """Add what earlier fiscal years earned to retained earnings; answers what the current one earned."""
    types = {one.id: one.type for one in Statement(books, split, sums, totalled=False).accounts}
    results = {account for account in sums if types.get(account) in profit_and_loss.TYPES}
    retained = sums.setdefault(account_roles.for_role(books, "retained"), {})
    current: Figures = {}
    for one in split:
        last = period.fiscal_year_start(one.end, request.first_month) - timedelta(days=1)
        before = replace(request, period=period.Period(last, last), columns="Total")
        _, earlier = columns.until(books, before, table)
        whole = sum(sums[account].get(one.key, 0) for account in results)
        past = sum(earlier.get(account, {}).get("", 0) for account in results)
        retained[one.key] = retained.get(one.key, 0) + past
        current[one.key] = past - whole
    return current


def _other_side(statement: Statement, profits: Figures) -> Body:
    liabilities, owed = _section(statement, _LIABILITIES, -1)
    rows, own = statement.of_types(("Equity",), -1)
    if any(profits.values()):
        rows.append({**shape.data(statement.cells("Net Income", profits)), "group": "NetIncome"})
    own = added(own, profits)
    total = statement.cells("Total Equity", own)
    equity = shape.section(statement.cells("Equity", None), rows, total, "Equity")
    title = "TOTAL LIABILITIES AND EQUITY"
    return shape.section(
        statement.cells("LIABILITIES AND EQUITY", None),
        [*([liabilities] if "Rows" in liabilities else []), equity],
        statement.cells(title, added(owed, own)),
        "TotalLiabilitiesAndEquity",
    )


def _section(statement: Statement, part: Part, sign: int) -> tuple[Body, Figures]:
    title, group, content = part
    if isinstance(content, str):
        return statement.section(title, group, (content,), sign)
    rows: list[Body] = []
    total: Figures = {}
    for inner in content if isinstance(content, tuple) else ():
        row, figures = _section(statement, inner, sign)
        rows += [row] if "Rows" in row else []
        total = added(total, figures)
    name = "TOTAL ASSETS" if title == "ASSETS" else f"Total {title}"
    return shape.section(statement.cells(title, None), rows, statement.cells(name, total), group), total
