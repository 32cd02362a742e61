"""Generated companies and their counterparts as rows: ours imported, theirs as QuickBooks answers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from webapp.companies import importing
from webapp.links.mirror_rows import columns_of, upsert
from webapp.links.records import Party
from webapp.models import Company
from webapp.quickbooks.lists import row_for

CHUNK = 500


def company_of(party: Party, role: str = "is_customer") -> dict[str, Any]:
    """One of ours as a row of an import."""
    return {
        "esp_id": f"C-{party.id}",
        "name": party.names[0],
        role: True,
        "email": ", ".join(party.emails),
        "phone": next(iter(party.phones), ""),
        "bill_postal_code": party.postal_code,
        "bill_city": party.city,
        "bill_region": party.region,
        "bill_country": party.country,
        "tax_number": party.tax_number,
    }


def entity_of(party: Party) -> dict[str, Any]:
    """One of theirs as QuickBooks answers it."""
    name, *others = party.names
    full_name = f"{party.parent_name}:{name}" if party.parent_name else name
    return {
        "Id": str(party.id),
        "DisplayName": name,
        "FullyQualifiedName": full_name,
        "CompanyName": next(iter(others), ""),
        "PrimaryEmailAddr": {"Address": ", ".join(party.emails)},
        "PrimaryPhone": {"FreeFormNumber": next(iter(party.phones), "")},
        "BusinessNumber": party.tax_number,
        "BillAddr": {
            "City": party.city,
            "CountrySubDivisionCode": party.region,
            "PostalCode": party.postal_code,
            "Country": {"US": "USA", "CA": "Canada"}.get(party.country, ""),
        },
    }


def import_companies(
    workspace_id: int, parties: Iterable[Party], role: str = "is_customer"
) -> dict[Any, int]:
    """Import ours; returns their ids by the parties'."""
    rows = {party.id: company_of(party, role) for party in parties}
    for chunk in _chunks(list(rows.values())):
        importing.save(workspace_id, importing.compare(workspace_id, chunk))
    query = Company.select(Company.esp_id, Company.id).where(Company.workspace == workspace_id)
    by_esp_id = dict(query.tuples())
    return {id_: by_esp_id[row["esp_id"]] for id_, row in rows.items()}


def mirror(workspace_id: int, realm_id: str, parties: Iterable[Party], kind: str = "customer") -> None:
    """Put theirs into the mirror."""
    rows = [columns_of(workspace_id, realm_id, row_for(kind, entity_of(party))) for party in parties]
    for chunk in _chunks(rows):
        upsert(chunk)


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
