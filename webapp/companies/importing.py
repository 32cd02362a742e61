"""What an import does to companies: compare with what is stored, then insert and update in bulk.

Rows are dictionaries of model fields, and of ``exemption`` for a certificate; what a row lacks stays as is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.clock import now
from webapp.companies import importing_exemptions
from webapp.companies.importing_exemptions import COLUMN, ExemptionChange
from webapp.db.bulk import insert_rows, update_rows
from webapp.db.search import fold
from webapp.documents.importing import refold_of
from webapp.links import standings, touches
from webapp.models import Company, DocumentStatus

CHUNK = 400


@dataclass(frozen=True)
class CompanyChanges:
    """What a set of rows would do: rows to insert, and stored companies with the fields that differ.

    A company of which only a certificate changes is among the changed ones, with no fields.
    """

    new: list[dict[str, Any]]
    changed: list[tuple[Company, dict[str, Any]]]
    unchanged: int
    exemptions: list[ExemptionChange] = field(default_factory=list)


def ids_by_esp_id(workspace_id: int, esp_ids: Iterable[str]) -> dict[str, int]:
    """The ids of those companies of a workspace that exist, by ESP+ id."""
    found: dict[str, int] = {}
    for chunk in _chunks(sorted(set(esp_ids))):
        query = Company.select(Company.esp_id, Company.id).where(
            (Company.workspace == workspace_id) & Company.esp_id.in_(chunk)
        )
        found.update(query.tuples())
    return found


def compare(workspace_id: int, rows: Sequence[dict[str, Any]]) -> CompanyChanges:
    """Sort rows into new, changed and unchanged by their ESP+ id."""
    stored: dict[str, Company] = {}
    for chunk in _chunks([row["esp_id"] for row in rows]):
        query = Company.select().where((Company.workspace == workspace_id) & Company.esp_id.in_(chunk))
        stored.update((company.esp_id, company) for company in query)
    new = [row for row in rows if row["esp_id"] not in stored]
    pairs = [(stored[row["esp_id"]], row) for row in rows if row["esp_id"] in stored]
    differing = [(company, _differences(company, row)) for company, row in pairs]
    exemptions = importing_exemptions.compare(workspace_id, rows)
    exempt = {change.esp_id for change in exemptions}
    changed = [(company, fields) for company, fields in differing if fields or company.esp_id in exempt]
    return CompanyChanges(new, changed, len(pairs) - len(changed), exemptions)


def save(workspace_id: int, changes: CompanyChanges) -> None:
    """Write the changes in the caller's transaction and have the documents concerned checked anew."""
    insert_rows(Company, [{"workspace": workspace_id, **row, **_derived(row)} for row in changes.new])
    moment = now()
    rows = {}
    for company, fields in changes.changed:
        whole = {name: getattr(company, name) for name in _FOLDED} | fields
        rows[company.id] = {**fields, **_derived(whole), "updated_at": moment}
    update_rows(Company, rows)
    exempt = ids_by_esp_id(workspace_id, (change.esp_id for change in changes.exemptions))
    importing_exemptions.save(workspace_id, changes.exemptions, exempt)
    renamed = [company.id for company, fields in changes.changed if "name" in fields]
    for ids in _chunks(renamed):
        refold_of(workspace_id, ids)
    new = ids_by_esp_id(workspace_id, [row["esp_id"] for row in changes.new])
    concerned = [*new.values(), *(company.id for company, _ in changes.changed)]
    touches.companies(workspace_id, concerned)
    for chunk in _chunks(changes.changed):
        DocumentStatus.mark_for_check(workspace_id, *(company.id for company, _ in chunk))
    standings.sync(workspace_id, concerned)


_FOLDED = ("name", "number", "email", "phone", "bill_city", "ship_city")


def _derived(row: dict[str, Any]) -> dict[str, str]:
    name = fold(row["name"])
    rest = (fold(row.get(field, "")) for field in _FOLDED[1:])
    words = " ".join(dict.fromkeys(filter(None, (name, *rest))))
    return {"sort_name": name[:300], "folded": words[:1200]}


def _differences(company: Company, row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in row.items() if name != COLUMN}
    return {name: value for name, value in fields.items() if getattr(company, name) != value}


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
