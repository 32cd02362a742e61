"""What an import does to documents: compare with what is stored, then insert and update in bulk.

An incoming document's fields are those of the model (companies by id); a field that it lacks stays as it is,
its lines replace the stored ones as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.accounting.drafts import DocumentKind
from webapp.clock import now
from webapp.db.bulk import insert_rows, update_rows
from webapp.db.search import fold
from webapp.models import Company, Document, DocumentLine, DocumentState, DocumentStatus
from webapp.models.document import UNSENT

CHUNK = 200
FOLDED = ("number", "order_number", "customer_po")
LINE_FIELDS = (
    "kind",
    "product_number",
    "product_name",
    "description",
    "quantity",
    "unit_price",
    "amount",
    "taxable",
    "category",
)

Key = tuple[DocumentKind, str]


@dataclass(frozen=True)
class Incoming:
    """A document as a file or another program gives it, with its lines in order."""

    fields: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What tells it from the other documents of its workspace."""
        return self.fields["kind"], self.fields["esp_id"]


@dataclass(frozen=True)
class Change:
    """A stored document, its fields that differ, and its new lines when they differ.

    Any field may be sent, as the preferences say, so that every change is one of what providers get.
    """

    document: Document
    fields: dict[str, Any]
    lines: list[dict[str, Any]] | None


@dataclass(frozen=True)
class DocumentChanges:
    """What a set of incoming documents would do."""

    new: list[Incoming]
    changed: list[Change]
    unchanged: int


def compare(workspace_id: int, incoming: Sequence[Incoming]) -> DocumentChanges:
    """Sort incoming documents into new, changed and unchanged by kind and ESP+ id."""
    new: list[Incoming] = []
    changed: list[Change] = []
    for chunk in _chunks(incoming):
        stored = _stored(workspace_id, chunk)
        lines = _stored_lines(stored.values())
        new += [one for one in chunk if one.key not in stored]
        for one in chunk:
            document = stored.get(one.key)
            change = _change(document, lines[document.id], one) if document else None
            if change is not None and (change.fields or change.lines is not None):
                changed.append(change)
    return DocumentChanges(new, changed, len(incoming) - len(new) - len(changed))


def save(workspace_id: int, changes: DocumentChanges) -> None:
    """Write the changes in the caller's transaction; sent documents that differ become "changed"."""
    for chunk in _chunks(changes.new):
        _insert(workspace_id, chunk)
    for chunk in _chunks(changes.changed):
        _update(chunk)
    for chunk in _chunks([change.document.id for change in changes.changed]):
        statuses = DocumentStatus.document.in_(chunk)
        DocumentStatus.update(needs_check=True).where(statuses & DocumentStatus.state.in_(UNSENT)).execute()
        DocumentStatus.update(state=DocumentState.CHANGED).where(
            statuses & (DocumentStatus.state == DocumentState.SENT)
        ).execute()
    renamed = [one.document.id for one in changes.changed if one.fields.keys() & {*FOLDED, "company"}]
    for chunk in _chunks(renamed):
        _refold(Document.id.in_(chunk))


def refold_of(workspace_id: int, company_ids: Sequence[int]) -> None:
    """Write the searchable text of some companies' documents anew, after a company got another name."""
    theirs = Document.company.in_(company_ids) | Document.customer.in_(company_ids)
    _refold((Document.workspace == workspace_id) & theirs)


def _stored(workspace_id: int, incoming: Sequence[Incoming]) -> dict[Key, Document]:
    esp_ids = {one.fields["esp_id"] for one in incoming}
    query = Document.select().where((Document.workspace == workspace_id) & Document.esp_id.in_(esp_ids))
    return {(document.kind, document.esp_id): document for document in query}


def _stored_lines(documents: Iterable[Document]) -> dict[int, list[DocumentLine]]:
    lines: dict[int, list[DocumentLine]] = {document.id: [] for document in documents}
    query = DocumentLine.select().where(DocumentLine.document.in_(list(lines)))
    for line in query.order_by(DocumentLine.document, DocumentLine.position):
        lines[line.document_id].append(line)
    return lines


def _change(document: Document, lines: list[DocumentLine], incoming: Incoming) -> Change:
    fields = _with_subtotal(incoming)
    differing = {name: value for name, value in fields.items() if _stored_value(document, name) != value}
    before = [tuple(getattr(line, name) for name in LINE_FIELDS) for line in lines]
    after = [tuple(line[name] for name in LINE_FIELDS) for line in incoming.lines]
    return Change(document, differing, incoming.lines if before != after else None)


def _stored_value(document: Document, name: str) -> Any:
    return getattr(document, f"{name}_id" if name in {"company", "customer"} else name)


def _with_subtotal(incoming: Incoming) -> dict[str, Any]:
    return {**incoming.fields, "subtotal": sum((line["amount"] for line in incoming.lines), Decimal(0))}


def _insert(workspace_id: int, incoming: Sequence[Incoming]) -> None:
    common = {"workspace": workspace_id, "tax": Decimal(0)}
    names = _company_names({one.fields["company"] for one in incoming})
    insert_rows(
        Document,
        [
            {**common, **_with_subtotal(one), "folded": _folded(names[one.fields["company"]], one.fields)}
            for one in incoming
        ],
    )
    ids = _ids(workspace_id, incoming)
    _insert_lines([(ids[one.key], one.lines) for one in incoming])
    insert_rows(DocumentStatus, [{"document": ids[one.key], "workspace": workspace_id} for one in incoming])


def _company_names(ids: set[int]) -> dict[int, str]:
    return dict(Company.select(Company.id, Company.name).where(Company.id.in_(ids)).tuples())


def _ids(workspace_id: int, incoming: Sequence[Incoming]) -> dict[Key, int]:
    esp_ids = {one.fields["esp_id"] for one in incoming}
    query = Document.select(Document.kind, Document.esp_id, Document.id).where(
        (Document.workspace == workspace_id) & Document.esp_id.in_(esp_ids)
    )
    return {(kind, esp_id): id_ for kind, esp_id, id_ in query.tuples()}


def _insert_lines(documents: Iterable[tuple[int, list[dict[str, Any]]]]) -> None:
    rows = [
        {"document": id_, "position": position, **line}
        for id_, lines in documents
        for position, line in enumerate(lines, 1)
    ]
    insert_rows(DocumentLine, rows)


def _update(changes: Sequence[Change]) -> None:
    moment = now()
    rows = {
        change.document.id: {
            **change.fields,
            "revision": change.document.revision + 1,
            "updated_at": moment,
        }
        for change in changes
    }
    update_rows(Document, rows)
    lines = [(change.document.id, change.lines) for change in changes if change.lines is not None]
    DocumentLine.delete().where(DocumentLine.document.in_([id_ for id_, _lines in lines])).execute()
    _insert_lines(lines)


def _refold(which: Any) -> None:
    """Write the searchable text of stored documents anew."""
    columns = (Document.id, *(getattr(Document, name) for name in FOLDED), Document.folded, Company.name)
    query = Document.select(*columns).join(Company, on=Document.company).where(which)
    rows = {}
    for id_, *words, folded, company in query.tuples():
        text = _folded(company, dict(zip(FOLDED, words, strict=True)))
        if text != folded:
            rows[id_] = {"folded": text}
    update_rows(Document, rows)


def _folded(company: str, fields: Mapping[str, Any]) -> str:
    """The searchable text: numbers first, since short words are looked for at its beginning."""
    return fold(" ".join([*(fields.get(name, "") for name in FOLDED), company]))[:1200]


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
