from dataclasses import replace

import pytest

from webapp.accounting.drafts import DocumentKind, LineKind
from webapp.accounting.names import clean_name, item_name, wanted_item_names
from webapp.accounting.provider import ListedItem
from webapp.accounting.sources import ItemNameSource, Target

from .builders import BILL, INVOICE, ITEMS, RULES, a_document, a_line, lists, mapped

NUMBER, NAME = ItemNameSource.NUMBER, ItemNameSource.NAME


@pytest.mark.parametrize(
    ("source", "number", "name", "description", "expected"),
    [
        (NUMBER, "M1", "Mug", "White mug", "M1"),
        (NAME, "M1", "Mug", "White mug", "Mug"),
        (NUMBER, "", "Mug", "White mug", "Mug"),
        (NAME, "M1", "", "White mug", "M1"),
        (NUMBER, " ", "\t", "White mug", "White mug"),
        (NAME, "", "", "White mug", "White mug"),
        (NUMBER, "", "", "", ""),
    ],
)
def test_item_name_falls_back(
    source: ItemNameSource, number: str, name: str, description: str, expected: str
) -> None:
    line = a_line(product_number=number, product_name=name, description=description)

    assert item_name(line, source) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A:B", "A-B"), ("A\tB\r\nC", "A B C"), ("  Mug ", "Mug"), ("x" * 100, "x" * 100)],
)
def test_name_has_nothing_that_quickbooks_refuses(text: str, expected: str) -> None:
    assert clean_name(text) == expected


def test_long_names_are_cut_alike_each_time_and_stay_apart() -> None:
    one, other = "Mug " * 40 + "white", "Mug " * 40 + "black"

    assert len(clean_name(one)) <= 100
    assert clean_name(one) == clean_name(one)
    assert clean_name(one) != clean_name(other)


def test_wanted_names_are_those_the_mapping_looks_up() -> None:
    lines = [a_line(kind, description=f"My {kind.value}") for kind in LineKind]
    rules = replace(RULES, setup=None, freight=Target("account", "402"), decoration=Target("item", "15"))

    invoice = wanted_item_names(a_document(INVOICE, *lines), rules)
    bill = wanted_item_names(a_document(BILL, *lines), rules)

    assert invoice == {"mug-1", "freight", "my service", "my other"}
    assert bill == {"mug-1", "my service", "my other"}


@pytest.mark.parametrize("kind", DocumentKind)
def test_mapping_needs_no_other_items_by_name(kind: DocumentKind) -> None:
    document = a_document(kind, *[a_line(line_kind) for line_kind in LineKind])
    charges = (ListedItem("21", "Freight", True, "402"), ListedItem("22", "Set-up charge", True, "401"))
    known = lists(items=(*ITEMS, *charges))
    wanted = wanted_item_names(document, RULES)

    fewer = replace(known, items={name: item for name, item in known.items.items() if name in wanted})

    assert mapped(document, lists=fewer) == mapped(document, lists=known)
