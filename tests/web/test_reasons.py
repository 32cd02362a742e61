"""Every reason against sending has its words and leads to the place where it is put right."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_login import login_user

from webapp.accounting.sources import Reason

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
ACCOUNTS = ("income_account", "cost_account", "ap_account", "discount_account")
SETTINGS = "/settings/integrations/quickbooks"
EDIT = f"{SETTINGS}/preferences/edit?field="

# ruff: noqa: E501
REASONS: list[tuple[str, str, dict[str, str], str, str]] = [
    ("not_connected", "connection", {}, "QuickBooks is not connected.", "/settings/integrations"),
    ("reconnect_needed", "connection", {}, "no longer accepts our sign-in", SETTINGS),
    ("may_not_send", "permissions", {}, "Users may not send", f"{SETTINGS}/permissions/edit"),
    ("already_in_provider", "document", {}, "a document of this number", "/documents/import"),
    ("billable_conflict", "preferences", {"order": "SO-7"}, "order SO-7 went out as billable", EDIT + "billable"),
    ("party_not_linked", "links", {"company": "Acme & Co"}, "Acme & Co is not linked", f"{SETTINGS}#links"),
    (
        "party_gone", "conflict", {"company": "Acme & Co"}, "Acme & Co is linked to what QuickBooks does not use",
        "/links/conflicts?q=Acme",
    ),
    (
        "party_not_linked", "links", {"company": "Acme", "currency": "CAD"},
        "The document is in CAD, which is not the home currency", f"{SETTINGS}#links",
    ),
    (
        "party_currency", "links", {"company": "Acme", "currency": "CAD", "theirs": "USD"},
        "The document is in CAD, Acme in QuickBooks in USD.", f"{SETTINGS}#links",
    ),
    (
        "customer_not_linked", "links", {"company": "Acme"}, "customer Acme is not linked",
        f"{SETTINGS}/links/customers?q=Acme",
    ),
    (
        "mapping_gone", "preferences", {"field": "setup", "name": "4310 Set-up income"},
        "Set-up charge: 4310 Set-up income can no longer be used.", EDIT + "setup",
    ),
    (
        "mapping_gone", "preferences", {"field": "province_tax_codes", "name": "ON"},
        "Sales tax codes by province: Ontario can no longer be used.", EDIT + "province-ON",
    ),
    ("mapping_gone", "preferences", {"field": "terms", "name": "net 45"}, "Payment terms: net 45", EDIT + "term-"),
    ("mapping_gone", "preferences", {"field": "class_id", "name": "Gala"}, "Class: Gala can no longer", EDIT + "class_id"),
    ("mapping_gone", "preferences", {"field": "location_id", "name": "9"}, "Location: 9 can no", EDIT + "location_id"),
    (
        "mapping_gone", "preferences", {"field": "custom_fields", "name": "invoice:in_hands_date"},
        "The custom field for In-hands date can no longer be used.", EDIT,
    ),
    ("mapping_gone", "preferences", {"field": "rules", "name": "<a>Di"}, "names something that can no", EDIT + "rules"),
    ("mapping_gone", "preferences", {"field": "rules", "name": "decorator"}, "The rule for Decorators", EDIT + "rules"),
    (
        "custom_field_too_long", "document", {"name": "sales_rep", "text": "<a> Dana Reyes", "limit": "31"},
        "Dana Reyes” has more than 31 characters.", "/documents/import",
    ),
    *(
        (f"{name}_missing", "preferences", {}, "is chosen.", f"{EDIT}{name}_id") for name in ACCOUNTS
    ),
    ("line_kind_not_mapped", "preferences", {"kind": "freight"}, "Freight: no item", EDIT + "freight"),
    ("fixed_item_missing", "preferences", {"name": ""}, "The one item for unknown items", EDIT + "fixed_item_id"),
    ("item_inactive", "preferences", {"name": "Mug"}, "The item Mug is inactive", f"{SETTINGS}#preferences"),
    ("item_not_for_sale", "preferences", {"name": "Mug"}, "Mug has no income account", f"{SETTINGS}#preferences"),
    (
        "item_posts_elsewhere", "preferences", {"name": "Freight", "account": "Sales"},
        "Freight posts to another account than Sales", EDIT,
    ),
    ("item_name_missing", "document", {"line": "3"}, "Line 3 has neither", "/documents/import"),
    ("term_not_mapped", "preferences", {"term": "Net 45"}, "The payment term Net 45 is not mapped.", EDIT + "term-"),
    (
        "tax_code_missing", "preferences", {"province": "ON", "field": "province_tax_codes"},
        "No tax code is chosen for Ontario.", EDIT + "province-ON",
    ),
    (
        "tax_code_missing", "document", {"province": "", "field": "province_tax_codes"},
        "The ship-to address has no province.", "/documents/import",
    ),
    (
        "tax_code_missing", "preferences", {"province": "", "field": "non_taxable_code_id"},
        "lines that are not taxable", EDIT + "non_taxable_code_id",
    ),
    (
        "tax_code_missing", "preferences", {"province": "", "field": "taxable_code_id"},
        "for taxable lines", EDIT + "taxable_code_id",
    ),
    (
        "ship_to_incomplete", "document", {"missing": "city postal_code"}, "Missing: city, postal code.",
        "/documents/import",
    ),
    (
        "before_start_date", "preferences", {"date": "2026-11-01"},
        "older than the start date November 1, 2026", EDIT + "start_date",
    ),
    (
        "exempt_but_taxed", "document", {"number": "CT-<88>", "tax": "72.75"}, "yet the invoice charges 72.75",
        "/documents/import",
    ),
    ("discount_not_allowed", "connection", {}, "Discounts are turned off", SETTINGS),
    ("books_closed", "document", {"date": "2026-10-31"}, "closed up to October 31, 2026", "/documents/import"),
    (
        "currency_mismatch", "document", {"currency": "CAD", "home_currency": "USD"},
        "The document is in CAD, QuickBooks in USD.", "/documents/import",
    ),
    ("no_lines", "document", {}, "no lines that can be sent", "/documents/import"),
    (
        "email_too_long", "document", {"email": "<a>@example.test", "limit": "100"}, "more than 100 characters",
        "/documents/import",
    ),
    ("number_too_long", "document", {"number": "N-1", "limit": "21"}, "N-1 is too long", "/documents/import"),
    (
        "totals_differ", "document",
        {"lines": "1000.00", "tax": "0.00", "total": "1000.01", "difference": "0.01"},
        "the difference is 0.01", "/documents/import",
    ),
    ("adopted", "document", {"number": "7"}, "Number, company, date and total were the same", ""),
    ("adopted", "document", {"number": "7", "by": "party"}, "Company, date and total were the same", ""),
    ("total_differs", "document", {"ours": "1.00", "theirs": "1.01", "difference": "0.01"}, "another total", ""),
    ("ties_lost", "document", {"lines": "2"}, "2 lines are not tied.", ""),
]  # fmt: skip

TEMPLATE = (
    '{% from "components/reasons.html" import reason_text, fix_link %}'
    "{{ reason_text(reason) }}|{{ fix_link(reason, member) }}"
)


def rendered(
    app: Flask, user: Any, reason: Reason | dict[str, Any], language: str = "en", member: str | None = None
) -> tuple[str, str]:
    user.language = language
    with app.test_request_context():
        login_user(user)
        words, link = render_template_string(TEMPLATE, reason=reason, member=member).split("|")
    return words, link


@pytest.mark.parametrize(("code", "fix", "facts", "words", "url"), REASONS)
def test_reason_has_words_and_a_place_to_fix_it(
    world: SimpleNamespace, app: Flask, code: str, fix: str, facts: dict[str, str], words: str, url: str
) -> None:
    for reason in (Reason(code, fix, facts), {"code": code, "fix": fix, "facts": facts}):
        text, link = rendered(app, world.owner, reason)
        assert words.replace("&", "&amp;") in text
        assert "Something else" not in text
        assert "<a>" not in text
        if url:
            assert f'href="{url}' in link
        else:
            assert not link.strip()
    french, _link = rendered(app, world.owner, Reason(code, fix, facts), "fr")
    assert french != text


def test_every_code_in_the_program_is_in_the_table() -> None:
    source = "".join(path.read_text() for path in WEBAPP.rglob("*.py") if "sandbox" not in path.parts)
    found = set(re.findall(r'reasons\.add\(\s*"(\w+)"|\bReason\(\s*"(\w+)"', source))
    codes = {code for pair in found for code in pair if code}
    assert codes <= {row[0] for row in REASONS}


def test_an_unknown_code_is_still_shown(world: SimpleNamespace, app: Flask) -> None:
    text, _link = rendered(app, world.owner, {"code": "new_thing", "fix": "preferences", "facts": {}})
    assert "new_thing" in text


def test_a_member_is_told_who_can_change_the_settings(world: SimpleNamespace, app: Flask) -> None:
    for code, fix in (("cost_account_missing", "preferences"), ("reconnect_needed", "connection")):
        _text, link = rendered(app, world.member, Reason(code, fix))
        assert "<a" not in link
        assert "owner or admin" in link
    _text, link = rendered(app, world.member, Reason("no_lines", "document"))
    assert "<a" in link


def test_a_party_leads_to_its_own_row_when_the_table_is_known(world: SimpleNamespace, app: Flask) -> None:
    reason = Reason("party_not_linked", "links", {"company": "Ink Works"})
    _text, link = rendered(app, world.owner, reason, member="suppliers")
    assert f'href="{SETTINGS}/links/suppliers?q=Ink+Works"' in link
