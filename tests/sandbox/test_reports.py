"""Reports: the shape of Intuit's, and figures that add up to what the documents say."""

import pytest

from .conftest import code_of
from .documents import account_line, bill, invoice, sales_line
from .money import (
    CHECKING,
    RECEIVABLE,
    balance,
    bill_payment,
    entry_line,
    payment,
    pays,
    purchase,
    trial_balance,
)

YEAR = "start_date=2026-01-01&end_date=2026-12-31"


def report(company, name, params=YEAR):
    answer = company.get(f"reports/{name}?{params}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def walk(rows):
    """Every row of a report, those within sections after their section."""
    for row in rows.get("Row", ()):
        yield row
        yield from walk(row.get("Rows", {}))


def group(found, name):
    """The figures that a section comes to."""
    row = next(row for row in walk(found["Rows"]) if row.get("group") == name)
    cells = (row.get("Summary") or row)["ColData"][1:]
    return [float(cell["value"] or 0) for cell in cells]


def figures(found, title):
    """The figures of the row, or of the head of the section, with this title."""
    for row in walk(found["Rows"]):
        cells = row.get("ColData") or row.get("Header", {}).get("ColData") or [{"value": ""}]
        if cells[0]["value"] == title:
            return [cell["value"] for cell in cells[1:]]
    return None


def trade(us):
    """A year's trade: two invoices, a bill, an expense, a payment and a bill payment."""
    day = {"TxnDate": "2026-02-10"}
    first = us.made("invoice", invoice(sales_line(100), sales_line(40, item="10"), **day))
    us.made("invoice", invoice(sales_line(60), customer="2", TxnDate="2026-03-05"))
    debt = us.made("bill", bill(account_line(30), **day))
    us.made("purchase", purchase(account_line(8, account="14"), TxnDate="2026-03-20"))
    us.made("payment", payment(70, pays("Invoice", first["Id"], 70), TxnDate="2026-04-01"))
    us.made("billpayment", bill_payment(30, pays("Bill", debt["Id"], 30), TxnDate="2026-04-02"))


def test_empty_profit_and_loss_is_as_recorded(us):
    found = report(us, "ProfitAndLoss", "start_date=2015-01-01&end_date=2015-07-31")
    assert {"ReportName": "ProfitAndLoss", "ReportBasis": "Accrual"}.items() <= found["Header"].items()
    assert (found["Header"]["StartPeriod"], found["Header"]["EndPeriod"]) == ("2015-01-01", "2015-07-31")
    assert found["Header"]["SummarizeColumnsBy"] == "Total"
    assert {"Name": "NoReportData", "Value": "true"} in found["Header"]["Option"]
    groups = [row["group"] for row in found["Rows"]["Row"]]
    assert groups == ["Income", "GrossProfit", "Expenses", "NetOperatingIncome", "NetIncome"]
    assert found["Rows"]["Row"][0] == {
        "Header": {"ColData": [{"value": "Income"}, {"value": ""}]},
        "Summary": {"ColData": [{"value": "Total Income"}, {"value": ""}]},
        "type": "Section",
        "group": "Income",
    }


def test_profit_and_loss_adds_up(us):
    trade(us)
    found = report(us, "profitandloss")
    assert figures(found, "Sales of Product Income") == ["160.00"]
    assert figures(found, "Set-Up Charge Income") == ["40.00"]
    assert [group(found, name) for name in ("Income", "COGS", "GrossProfit", "Expenses", "NetIncome")] == [
        [200], [30], [170], [8], [162],
    ]  # fmt: skip
    # An account below another stands in its parent's section.
    assert figures(found, "Office Expenses") == [""]
    assert figures(found, "Office Supplies") == ["8.00"]


def test_cash_basis_counts_what_was_paid(us):
    trade(us)
    found = report(us, "ProfitAndLoss", f"{YEAR}&accounting_method=Cash")
    assert found["Header"]["ReportBasis"] == "Cash"
    assert figures(found, "Sales of Product Income") == ["50.00"]
    assert figures(found, "Set-Up Charge Income") == ["20.00"]
    assert group(found, "NetIncome") == [70 - 30 - 8]
    before = report(us, "ProfitAndLoss", "start_date=2026-01-01&end_date=2026-03-31&accounting_method=Cash")
    assert group(before, "NetIncome") == [-8]


@pytest.mark.parametrize(
    ("by", "titles", "income"),
    [
        ("Month", ["Jan 2026", "Feb 2026", "Mar 2026", "TOTAL"], [0, 140, 60, 200]),
        ("Quarter", ["Jan 2026"], [200]),
        ("Customers", ["Alder & Finch Events", "Birchline Outfitters Inc.", "Not Specified", "TOTAL"],
         [140, 60, 0, 200]),
        ("Vendors", ["Brightside Drinkware", "Not Specified", "TOTAL"], [0, 200, 200]),
    ],
)  # fmt: skip
def test_columns_split_the_figures(us, by, titles, income):
    trade(us)
    params = f"start_date=2026-01-01&end_date=2026-03-31&summarize_column_by={by}"
    found = report(us, "ProfitAndLoss", params)
    assert [column["ColTitle"] for column in found["Columns"]["Column"]] == ["", *titles]
    assert group(found, "Income") == income


def test_filter_by_customer(us):
    trade(us)
    found = report(us, "ProfitAndLoss", f"{YEAR}&customer=2")
    assert (found["Header"]["Customer"], group(found, "NetIncome")) == ("2", [60])


@pytest.mark.parametrize("basis", ["Accrual", "Cash"])
@pytest.mark.parametrize("key", ["us", "ca"])
def test_balance_sheet_balances(server, key, basis):
    company = server.company(key)
    if key == "us":
        trade(company)
    found = report(company, "BalanceSheet", f"{YEAR}&accounting_method={basis}")
    assert group(found, "TotalAssets") == group(found, "TotalLiabilitiesAndEquity") != [0]


def test_balance_sheet_shows_what_accounts_show(us):
    trade(us)
    us.made("invoice", invoice(sales_line(11), TxnDate="2025-12-31"))
    found = report(us, "BalanceSheet")
    assert float(figures(found, "Checking")[0]) == balance(us, CHECKING)
    assert float(figures(found, "Accounts Receivable (A/R)")[0]) == balance(us, RECEIVABLE) == 141
    assert figures(found, "Net Income") == ["162.00"]
    assert figures(found, "Retained Earnings") == ["11.00"]
    months = report(us, "BalanceSheet", f"{YEAR}&summarize_column_by=Quarter")
    assert figures(months, "Accounts Receivable (A/R)") == ["211.00", "141.00", "141.00", "141.00"]


def test_trial_balance_has_equal_sides(us):
    trade(us)
    debit, credit = group(report(us, "TrialBalance"), "GrandTotal")
    assert debit == credit > 0


def test_general_ledger_runs_from_balance_to_balance(us):
    trade(us)
    found = report(us, "GeneralLedger", "start_date=2026-03-01&end_date=2026-04-30")
    kinds = [column["ColType"] for column in found["Columns"]["Column"]]
    assert kinds == ["tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount",
                     "rbal_nat_amount"]  # fmt: skip
    section = next(
        row
        for row in walk(found["Rows"])
        if row.get("Header", {}).get("ColData", [{}])[0].get("id") == RECEIVABLE
    )
    rows = [[cell["value"] for cell in row["ColData"]] for row in section["Rows"]["Row"]]
    assert rows[0] == ["Beginning Balance", "", "", "", "", "", "", "140.00"]
    assert rows[1][:4] == ["2026-03-05", "Invoice", "", "Birchline Outfitters Inc."]
    assert rows[1][5:] == ["Sales of Product Income", "60.00", "200.00"]
    assert [*rows[2][:2], *rows[2][6:]] == ["2026-04-01", "Payment", "-70.00", "130.00"]
    assert section["Summary"]["ColData"][6] == {"value": "-10.00"}
    payable = figures(found, "Accounts Payable (A/P)")
    assert payable is not None


def test_receivables_by_age(us):
    old = us.made("invoice", invoice(TxnDate="2026-01-01", DueDate="2026-01-31"))
    us.made("invoice", invoice(sales_line(50), customer="2", TxnDate="2026-04-01", DueDate="2026-05-01"))
    us.made("payment", payment(30, pays("Invoice", old["Id"], 25), TxnDate="2026-04-10"))
    found = report(us, "AgedReceivables", "report_date=2026-04-15")
    titles = ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert [column["ColTitle"] for column in found["Columns"]["Column"]] == titles
    assert figures(found, "Alder & Finch Events") == ["0.00", "-5.00", "0.00", "75.00", "0.00", "70.00"]
    assert figures(found, "Birchline Outfitters Inc.") == ["50.00", "0.00", "0.00", "0.00", "0.00", "50.00"]
    assert group(found, "GrandTotal") == [50, -5, 0, 75, 0, 120]
    before = report(us, "AgedReceivables", "report_date=2026-03-31&aging_period=60&num_periods=2")
    assert [column["ColTitle"] for column in before["Columns"]["Column"]][2:4] == ["1 - 60", "61 and over"]
    assert group(before, "GrandTotal") == [0, 100, 0, 100]


def test_balances_of_customers_and_vendors_are_those_of_the_accounts(us):
    trade(us)
    us.made("bill", bill(account_line(12), TxnDate="2026-05-01"))
    entry = [
        entry_line("Debit", RECEIVABLE, 5, Entity={"Type": "Customer", "EntityRef": {"value": "3"}}),
        entry_line("Credit", RECEIVABLE, 2, Entity={"Type": "Customer", "EntityRef": {"value": "4"}}),
        entry_line("Credit", "2", 3),
    ]
    us.made("journalentry", {"Line": entry, "TxnDate": "2026-06-01"})
    customers = report(us, "CustomerBalance")
    assert figures(customers, "Alder & Finch Events") == ["70.00"]
    assert group(customers, "GrandTotal") == [balance(us, RECEIVABLE)] == [133]
    assert group(report(us, "AgedReceivables", "report_date=2026-12-31"), "GrandTotal")[-1] == 133
    vendors = report(us, "VendorBalance")
    assert figures(vendors, "Brightside Drinkware") == ["12.00"]
    assert group(report(us, "AgedPayables", "report_date=2026-12-31"), "GrandTotal")[-1] == 12


@pytest.mark.parametrize(
    "params",
    [
        "start_date=soon",
        "start_date=0001-01-01",
        "start_date=2026-02-01&end_date=2026-01-01",
        "date_macro=someday",
        "summarize_column_by=Colour",
        "start_date=1900-01-01&end_date=2200-12-31&summarize_column_by=Month",
    ],
)
def test_report_with_a_wrong_parameter_is_refused(us, params):
    assert code_of(us.get(f"reports/ProfitAndLoss?{params}")) == "2010"
    assert code_of(us.get("reports/AgedReceivables?num_periods=0")) == "2010"


def test_unknown_report_is_refused(us):
    assert code_of(us.get("reports/Horoscope")) == "500"


@pytest.mark.parametrize(
    ("macro", "start", "end"),
    [
        ("today", "2026-05-15", "2026-05-15"),
        ("yesterday", "2026-05-14", "2026-05-14"),
        ("this month", "2026-05-01", "2026-05-31"),
        ("Last Month", "2026-04-01", "2026-04-30"),
        ("this calendar quarter-to-date", "2026-04-01", "2026-05-15"),
        ("last fiscal year", "2025-01-01", "2025-12-31"),
        ("this week", "2026-05-10", "2026-05-16"),
        ("last week", "2026-05-03", "2026-05-09"),
        ("last month-to-date", "2026-04-01", "2026-04-15"),
    ],
)
def test_words_name_a_period(macro, start, end):
    from datetime import date

    from webapp.sandbox.reports import period

    found = period.from_words(macro, date(2026, 5, 15), 1)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


def test_fiscal_year_begins_with_its_own_month():
    from datetime import date

    from webapp.sandbox.reports import period

    found = period.from_words("this fiscal year", date(2026, 2, 15), 7)
    assert (found.start.isoformat(), found.end.isoformat()) == ("2025-07-01", "2026-06-30")


def test_ledger_of_the_sample_companies_is_balanced(start):
    server = start()
    for key in ("us", "ca"):
        assert sum(trial_balance(server.app, server.company(key)).values()) == 0
