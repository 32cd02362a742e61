"""What customers owe and vendors are owed: in all, and by the age of what is open."""

from datetime import date
from typing import NamedTuple

from ..books import Body, Books
from . import shape
from .request import Request

_SIDES = {"AgedReceivables": "Customer", "CustomerBalance": "Customer", "AgedPayables": "Vendor",
          "VendorBalance": "Vendor"}  # fmt: skip
MOST_PERIODS, LONGEST_PERIOD = 50, 1000


class Open(NamedTuple):
    """What is open of one transaction: whose it is, when it is due, and cents in the company's money."""

    party: str
    due: date
    cents: int


def balances(books: Books, request: Request) -> Body:
    """The balance of every customer or vendor on a day."""
    day = request.day("report_date", request.period.end)
    sums: dict[str, int] = {}
    for one in _open(books, request, day):
        sums[one.party] = sums.get(one.party, 0) + one.cents
    heads = [shape.column("", _SIDES[request.name]), shape.column("Total", "Money")]
    figures = {party: [cents] for party, cents in sums.items() if cents}
    start = request.period.start.isoformat()
    return shape.report(
        books,
        request,
        heads,
        _rows(books, request, figures, 1),
        ReportBasis="Accrual",
        StartPeriod=start,
        EndPeriod=day.isoformat(),
        SummarizeColumnsBy="Total",
    )


def aged(books: Books, request: Request) -> Body:
    """What is open of every customer or vendor, by how long it is past due."""
    day = request.day("report_date", request.today)
    length = request.count("aging_period", 30, LONGEST_PERIOD)
    count = request.count("num_periods", 4, MOST_PERIODS)
    figures: dict[str, list[int]] = {}
    for one in _open(books, request, day):
        row = figures.setdefault(one.party, [0] * (count + 2))
        late = (day - one.due).days
        place = 0 if late <= 0 else min((late - 1) // length + 1, count)
        row[place] += one.cents
        row[-1] += one.cents
    figures = {party: row for party, row in figures.items() if any(row)}
    titles = ["Current", *_titles(length, count), "Total"]
    heads = [shape.column("", _SIDES[request.name]), *(shape.column(title, "Money") for title in titles)]
    return shape.report(
        books,
        request,
        heads,
        _rows(books, request, figures, len(titles)),
        StartPeriod=day.isoformat(),
        EndPeriod=day.isoformat(),
        SummarizeColumnsBy="Total",
    )


def _titles(length: int, count: int) -> list[str]:
    """The names of the columns of what is late: 1 - 30, 31 - 60, …, 91 and over."""
    ranges = [f"{place * length + 1} - {(place + 1) * length}" for place in range(count - 1)]
    return [*ranges, f"{(count - 1) * length + 1} and over"]


def _open(books: Books, request: Request, day: date) -> list[Open]:
    """What every transaction leaves open on a day, whatever was applied to it by then taken off."""
    side = _SIDES[request.name]
    rows = books.db.execute(
        f"""SELECT CASE target WHEN '' THEN ledger.entity ELSE target_kind END AS kind,
            CASE target WHEN '' THEN txn_id ELSE target END AS txn, party, sum(cents),
            (SELECT coalesce(json_extract(json, '$.DueDate'), json_extract(json, '$.TxnDate')) FROM object
             WHERE object.realm = ledger.realm AND object.entity =
                CASE target WHEN '' THEN ledger.entity ELSE target_kind END
             AND id = CASE target WHEN '' THEN txn_id ELSE target END)
        FROM ledger WHERE realm = ? AND party_kind = ? AND owed IS NOT NULL AND day <= ?{request.where}
        GROUP BY kind, txn, party HAVING sum(cents) != 0""",
        (books.realm, side, day.isoformat(), *request.values),
    )
    sign = -1 if side == "Vendor" else 1
    return [Open(party, date.fromisoformat(due), sign * cents) for _, _, party, cents, due in rows]


def _rows(books: Books, request: Request, figures: dict[str, list[int]], width: int) -> list[Body]:
    side = _SIDES[request.name]
    found = [(books.find(side, party) or {}, party, row) for party, row in figures.items()]
    found.sort(key=lambda one: str(one[0].get("FullyQualifiedName") or one[0].get("DisplayName", "")))
    rows, total = [], [0] * width
    for party, party_id, row in found:
        name: Body = {"value": party.get("DisplayName", ""), "id": party_id}
        rows.append(shape.data([name, *map(shape.money, row)]))
        total = [one + other for one, other in zip(total, row, strict=True)]
    sums = map(shape.money, total) if rows else [""] * width
    return [*rows, shape.section(None, [], ["TOTAL", *sums], "GrandTotal")]
