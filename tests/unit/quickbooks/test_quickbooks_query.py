from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from webapp.quickbooks import query


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Amy's Bird Sanctuary", r"'Amy\'s Bird Sanctuary'"),
        ("back\\slash", r"'back\\slash'"),
        ("ends with \\", r"'ends with \\'"),
        (r"\' OR Id > '0", r"'\\\' OR Id > \'0'"),
        ("Érablière", "'Érablière'"),
        ("", "''"),
        (True, "true"),
        (False, "false"),
        (7, "'7'"),
        (Decimal("1E+2"), "'100'"),
        (Decimal("300.00"), "'300.00'"),
        (date(2026, 3, 1), "'2026-03-01'"),
        (datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC), "'2026-03-01T09:30:15+00:00'"),
    ],
)
def test_values_are_quoted(value, written):
    assert query.quote(value) == written


def test_conditions_are_joined_and_empty_ones_left_out():
    where = query.all_of(
        query.equals("DocNumber", "INV-1"),
        None,
        query.one_of("CustomerRef", ["3", "4"]),
        query.condition("MetaData.LastUpdatedTime", ">=", date(2026, 1, 1)),
    )
    assert where == (
        "DocNumber = 'INV-1' AND CustomerRef IN ('3', '4') AND MetaData.LastUpdatedTime >= '2026-01-01'"
    )
    assert query.all_of(None, "") is None


def test_a_page_is_selected():
    assert query.select("Customer", "Active = true", "DisplayName DESC", 101, 100) == (
        "SELECT * FROM Customer WHERE Active = true ORDERBY DisplayName DESC STARTPOSITION 101 MAXRESULTS 100"
    )
    assert query.select("Term") == "SELECT * FROM Term ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    assert query.count("Item") == "SELECT COUNT(*) FROM Item"


@pytest.mark.parametrize(
    "build",
    [
        lambda: query.equals("Name = 'x' AND Id", "1"),
        lambda: query.condition("Name", "OR", "1"),
        lambda: query.one_of("Id", []),
        lambda: query.select("Customer; DROP"),
        lambda: query.select("Customer", order_by="Id, Name"),
        lambda: query.select("Customer", order_by="Id UP"),
        lambda: query.count("Customer WHERE Id"),
    ],
)
def test_what_is_no_name_or_operator_of_the_language_is_refused(build):
    with pytest.raises(ValueError, match=r"no such|at least one"):
        build()
