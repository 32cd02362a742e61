from __future__ import annotations

from typing import Any

import pytest

from webapp.imports.columns import Column, match
from webapp.imports.folding import fold_key
from webapp.imports.kinds import COMPANY_COLUMNS, DOCUMENT_COLUMNS
from webapp.imports.problems import ImportProblem
from webapp.imports.reading import read
from webapp.imports.template import template

KINDS = pytest.mark.parametrize(
    "columns", [COMPANY_COLUMNS, DOCUMENT_COLUMNS], ids=["companies", "documents"]
)


@KINDS
@pytest.mark.parametrize("language", ["en", "fr"])
def test_template_has_every_column_and_is_matched_whole(columns: tuple[Column, ...], language: str) -> None:
    data = template(columns, language)
    header = read(data + b"x\r\n").header
    matching = match(header, columns)
    assert list(matching.places) == [column.key for column in columns]
    assert matching.ignored == ()


@KINDS
def test_no_heading_means_two_columns(columns: tuple[Column, ...]) -> None:
    owners: dict[str, str] = {}
    for column in columns:
        for heading in (column.en, column.fr, column.key, *column.also):
            assert owners.setdefault(fold_key(heading), column.key) == column.key


@pytest.mark.parametrize(
    "header",
    [
        ["ESP+ ID", "Name", "Member types"],
        ["member TYPES", " name ", "esp + id"],
        ["ID ESP+", "Nom", "Types de membre"],
        ["esp_id", "NOM", "Types  de  membre"],
    ],
)
def test_columns_are_found_in_any_order_case_and_language(header: list[str]) -> None:
    matching = match(header, COMPANY_COLUMNS)
    assert matching.places.keys() == {"esp_id", "name", "types"}


def test_accents_do_not_matter() -> None:
    header = ["ID ESP+", "nom", "types de membre", "TELEPHONE", "numero", "adresse de livraison, etat"]
    assert {"phone", "number", "ship_region"} <= match(header, COMPANY_COLUMNS).places.keys()


def test_unknown_columns_are_named_and_blank_ones_are_not() -> None:
    header = ["ESP+ ID", "Name", "", "Member types", "Favourite colour", ""]
    assert match(header, COMPANY_COLUMNS).ignored == ("Favourite colour",)


@pytest.mark.parametrize(
    ("header", "code", "facts"),
    [
        (["ESP+ ID", "Name"], "missing_columns", {"columns": ("types",)}),
        (["Colour"], "missing_columns", {"columns": ("esp_id", "name", "types")}),
        (["ESP+ ID", "Name", "Nom", "Member types"], "duplicate_column", {"heading": "Nom"}),
    ],
)
def test_header_that_does_not_fit_says_why(header: list[str], code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ImportProblem) as caught:
        match(header, COMPANY_COLUMNS)
    assert (caught.value.code, caught.value.detail) == (code, facts)
