"""Profit and loss: income, less costs, less expenses."""

from ..books import Body, Books
from . import cash, columns, shape
from .request import Request
from .statement import Figures, Statement, added, negated

_INCOME, _COSTS, _EXPENSES = ("Income",), ("Cost of Goods Sold",), ("Expense",)
_OTHER_INCOME, _OTHER_EXPENSES = ("Other Income",), ("Other Expense",)
TYPES = (*_INCOME, *_COSTS, *_EXPENSES, *_OTHER_INCOME, *_OTHER_EXPENSES)


def report(books: Books, request: Request) -> Body:
    """The profit and loss report."""
    with cash.source(books, request.basis) as table:
        split, sums = columns.between(books, request, table)
    statement = Statement(books, split, sums, totalled=True)
    start, end = request.period
    return shape.report(
        books,
        request,
        columns.heads(split, "Account", totalled=True),
        _rows(statement),
        ReportBasis=request.basis,
        StartPeriod=start.isoformat(),
        EndPeriod=end.isoformat(),
        SummarizeColumnsBy=request.columns,
    )


def _rows(statement: Statement) -> list[Body]:
    income_row, income = statement.section("Income", "Income", _INCOME, -1)
    rows = [income_row]
    costs_row, costs = statement.section("Cost of Goods Sold", "COGS", _COSTS, 1)
    rows += [costs_row] if "Rows" in costs_row else []
    gross = added(income, negated(costs))
    rows.append(statement.summary("Gross Profit", "GrossProfit", gross))
    expenses_row, expenses = statement.section("Expenses", "Expenses", _EXPENSES, 1)
    operating = added(gross, negated(expenses))
    rows += [expenses_row, statement.summary("Net Operating Income", "NetOperatingIncome", operating)]
    other_rows, other = _others(statement)
    net = added(operating, other)
    return [*rows, *other_rows, statement.summary("Net Income", "NetIncome", net)]


def _others(statement: Statement) -> tuple[list[Body], Figures]:
    """Other income and expenses, which the report leaves out when there are none."""
    income_row, income = statement.section("Other Income", "OtherIncome", _OTHER_INCOME, -1)
    costs_row, costs = statement.section("Other Expenses", "OtherExpenses", _OTHER_EXPENSES, 1)
    rows = [row for row in (income_row, costs_row) if "Rows" in row]
    other = added(income, negated(costs))
    if rows:
        rows.append(statement.summary("Net Other Income", "NetOtherIncome", other))
    return rows, other
