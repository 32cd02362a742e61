"""What an import does to tax exemptions: a company's row may bring one certificate, known by its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webapp.clock import now
from webapp.db.bulk import update_rows
from webapp.models import Company, TaxExemption

CHUNK: Final = 400
COLUMN: Final = "exemption"
"""The key under which a row has its certificate: ``number``, and what else the file says of it."""


@dataclass(frozen=True)
class ExemptionChange:
    """One certificate to insert, or the stored one with the fields that differ."""

    esp_id: str
    fields: dict[str, Any]
    stored: TaxExemption | None = None


def compare(workspace_id: int, rows: Sequence[dict[str, Any]]) -> list[ExemptionChange]:
    """The certificates that the rows add or change."""
    incoming = {row["esp_id"]: _columns(row[COLUMN]) for row in rows if COLUMN in row}
    stored: dict[tuple[str, str], TaxExemption] = {}
    for chunk in _chunks(list(incoming)):
        query = TaxExemption.select(TaxExemption, Company.esp_id.alias("esp_id")).join(Company)
        mine = (TaxExemption.workspace == workspace_id) & Company.esp_id.in_(chunk)
        stored.update(((row.esp_id, row.number), row) for row in query.where(mine).objects())
    changes = (_change(esp_id, new, stored.get((esp_id, new["number"]))) for esp_id, new in incoming.items())
    return [change for change in changes if change is not None]


def save(workspace_id: int, changes: Sequence[ExemptionChange], ids: dict[str, int]) -> None:
    """Write the changes in the caller's transaction; ``ids`` are the companies' by ESP+ id."""
    new = [change for change in changes if change.stored is None]
    for chunk in _chunks(new):
        rows = [{"workspace": workspace_id, "company": ids[one.esp_id], **one.fields} for one in chunk]
        # one that a person adds at the same time stays
        TaxExemption.insert_many(rows).on_conflict_ignore().execute()
    moment = now()
    update_rows(
        TaxExemption,
        {
            one.stored.id: {**one.fields, "version": one.stored.version + 1, "updated_at": moment}
            for one in changes
            if one.stored is not None
        },
    )


def _columns(exemption: dict[str, Any]) -> dict[str, Any]:
    columns = dict(exemption)
    if "regions" in columns:
        columns["regions"] = " ".join(columns["regions"])
    return columns


def _change(esp_id: str, new: dict[str, Any], stored: TaxExemption | None) -> ExemptionChange | None:
    if stored is None:
        return ExemptionChange(esp_id, {"regions": "", "expires_on": None, **new})
    differing = {name: value for name, value in new.items() if getattr(stored, name) != value}
    return ExemptionChange(esp_id, differing, stored) if differing else None


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
