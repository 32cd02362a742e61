"""What QuickBooks will get, in the names that people know from QuickBooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.accounting.amounts import total_of
from webapp.accounting.custom_fields import definitions
from webapp.accounting.drafts import DocumentDraft, DocumentKind, LineDraft, TaxMode
from webapp.accounting.postings import NEW_ITEM
from webapp.integrations import preferences
from webapp.links import directory
from webapp.models import Connection, ListKind

Names = Mapping[ListKind, Mapping[str, str]]


@dataclass(frozen=True)
class PreviewLine:
    """One line as QuickBooks gets it; ``is_new`` when its item is still to be created."""

    draft: LineDraft
    target: str
    is_new: bool
    tax_code: str
    billable_to: str
    class_name: str


@dataclass(frozen=True)
class Preview:
    """A document as QuickBooks gets it: the draft, and the names behind its ids."""

    draft: DocumentDraft
    party: str
    term: str
    class_name: str
    location: str
    custom_fields: tuple[tuple[str, str], ...]
    lines: tuple[PreviewLine, ...]
    subtotal: Decimal
    has_tax: bool


def preview_of(draft: DocumentDraft, connection: Connection) -> Preview:
    """Look up the names behind a draft's ids in our mirror of QuickBooks' lists."""
    names = _names(draft, connection)
    party = ListKind.CUSTOMER if draft.kind is DocumentKind.INVOICE else ListKind.VENDOR
    return Preview(
        draft=draft,
        party=_name(names, party, draft.party_id),
        term=_name(names, ListKind.TERM, draft.term_id),
        class_name=_name(names, ListKind.CLASS, draft.class_id),
        location=_name(names, ListKind.LOCATION, draft.location_id),
        custom_fields=_custom_fields(draft, connection),
        lines=tuple(_line(line, names) for line in draft.lines),
        subtotal=total_of(line.amount for line in draft.lines),
        has_tax=draft.tax_mode is not TaxMode.NONE,
    )


def _custom_fields(draft: DocumentDraft, connection: Connection) -> tuple[tuple[str, str], ...]:
    names = definitions(preferences.company_of(connection), draft.kind)
    return tuple((names[field.definition_id], field.value) for field in draft.custom_fields)


def _line(line: LineDraft, names: Names) -> PreviewLine:
    is_new = bool(line.item_id and line.item_id.startswith(NEW_ITEM))
    if is_new:
        target = str(line.item_id).removeprefix(NEW_ITEM)
    elif line.item_id:
        target = _name(names, ListKind.ITEM, line.item_id)
    else:
        target = _name(names, ListKind.ACCOUNT, line.account_id)
    return PreviewLine(
        draft=line,
        target=target,
        is_new=is_new,
        tax_code=_name(names, ListKind.TAX_CODE, line.tax_code_id),
        billable_to=_name(names, ListKind.CUSTOMER, line.billable_customer_id),
        class_name=_name(names, ListKind.CLASS, line.class_id),
    )


def _names(draft: DocumentDraft, connection: Connection) -> Names:
    party = ListKind.CUSTOMER if draft.kind is DocumentKind.INVOICE else ListKind.VENDOR
    wanted: dict[ListKind, set[str | None]] = {
        ListKind.CUSTOMER: {line.billable_customer_id for line in draft.lines},
        ListKind.VENDOR: set(),
        ListKind.TERM: {draft.term_id},
        ListKind.ITEM: {line.item_id for line in draft.lines},
        ListKind.ACCOUNT: {line.account_id for line in draft.lines},
        ListKind.TAX_CODE: {line.tax_code_id for line in draft.lines},
        ListKind.CLASS: {draft.class_id, *(line.class_id for line in draft.lines)},
        ListKind.LOCATION: {draft.location_id},
    }
    wanted[party].add(draft.party_id)
    return {
        kind: {
            remote_id: entry.full_name or entry.name
            for remote_id, entry in directory.entries(
                connection.workspace_id, connection.realm_id, kind, {one for one in ids if one}
            ).items()
        }
        for kind, ids in wanted.items()
    }


def _name(names: Names, kind: ListKind, remote_id: str | None) -> str:
    """The name, or the id itself where the list has none: US companies may not list TAX and NON."""
    return names[kind].get(remote_id, remote_id) if remote_id else ""
