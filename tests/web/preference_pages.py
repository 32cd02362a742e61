"""The pages of QuickBooks Accounts and Settings: addresses, a filled form, reading answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.html import soup
from webapp.integrations import preferences
from webapp.integrations.preference_fields import term_field

PAGE = "/settings/integrations/quickbooks"
URL = f"{PAGE}/preferences"
EDIT = f"{URL}/edit"
REFRESH = f"{PAGE}/lists/refresh"
NET_30 = term_field("net 30")


def typed(**changes: Any) -> dict[str, Any]:
    """A filled form of the US company; a change to None leaves the field out."""
    fields = {
        "version": "0",
        "item_name_source": "number",
        "unknown_items": "non_inventory",
        "fixed_item_id": "",
        "income_account_id": "2",
        "cost_account_id": "7",
        "ap_account_id": "33",
        "discount_account_id": "86",
        "decoration": "account:3",
        "setup": "item:10",
        "freight": "item:13",
        "taxable_code_id": "TAX",
        "non_taxable_code_id": "NON",
        "memo": "all",
        "sales_tax": "quickbooks",
        "numbers": "ours",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def saved(world: SimpleNamespace) -> preferences.Saved:
    return preferences.read(world.workspace.id, world.connection.realm_id)


def selected(answer: Any, name: str) -> str:
    chosen = soup(answer).find(id=name).find("option", selected=True)
    return chosen["value"] if chosen else ""


def section(answer: Any) -> str:
    return " ".join(soup(answer).find(id="preferences").get_text(" ").split())
