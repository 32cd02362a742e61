"""Whether documents can be sent, and everything that stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from webapp.accounting.drafts import DocumentKind
from webapp.accounting.mapping import Mapped, map_document
from webapp.accounting.names import wanted_item_names
from webapp.accounting.provider import ProviderCompany, ProviderLists
from webapp.accounting.sources import MappingRules, Parties, PurchaseOrderTie, Reason
from webapp.documents import orders
from webapp.documents.sources import source_of
from webapp.integrations import preferences
from webapp.links import service as links
from webapp.models import Connection, ConnectionStatus, Document, DocumentState

NOT_CONNECTED = Reason("not_connected", "connection")
RECONNECT_NEEDED = Reason("reconnect_needed", "connection")


@dataclass(frozen=True)
class Evaluation:
    """A document's state before sending; ``mapped`` is None when there is no company to map to."""

    state: DocumentState
    reasons: tuple[Reason, ...]
    mapped: Mapped | None


@dataclass(frozen=True)
class Surroundings:
    """What documents of one workspace are mapped with; the mappings are by document id."""

    connection: Connection
    rules: MappingRules
    company: ProviderCompany
    lists: ProviderLists
    parties: Mapping[int, Parties] = field(default_factory=dict)
    ties: Mapping[int, PurchaseOrderTie] = field(default_factory=dict)
    billed_orders: frozenset[str] = frozenset()


def surroundings(connection: Connection, documents: Sequence[Document]) -> Surroundings:
    """Read what mapping these documents needs, in a number of queries that does not grow with theirs.

    Args:
        connection: the workspace's living connection.
        documents: documents of that workspace, from ``sources.load``.
    """
    workspace_id, realm_id = connection.workspace_id, connection.realm_id
    rules = preferences.rules_for(workspace_id, realm_id)
    names = set().union(*(wanted_item_names(source_of(document), rules) for document in documents))
    return Surroundings(
        connection=connection,
        rules=rules,
        company=preferences.company_of(connection),
        lists=preferences.lists_for(workspace_id, realm_id, rules, names),
        parties=links.parties_for_many(documents, realm_id),
        ties=orders.ties_for(workspace_id, realm_id, documents),
        billed_orders=orders.billed(workspace_id, realm_id, documents) if rules.billable else frozenset(),
    )


def evaluate(document: Document, around: Surroundings | None) -> Evaluation:
    """Map a document and gather all reasons against sending it.

    A connection that needs reconnecting keeps new documents back; what is queued already waits instead, so
    the outbox uses ``map_in`` and ``mapping_reasons`` alone.

    Args:
        document: from ``sources.load``.
        around: its ``surroundings``; None when the workspace has no living connection.
    """
    if around is None:
        return Evaluation(DocumentState.BLOCKED, (NOT_CONNECTED,), None)
    mapped = map_in(document, around)
    reasons = mapping_reasons(document, around, mapped)
    if around.connection.status == ConnectionStatus.RECONNECT_NEEDED:
        reasons = (RECONNECT_NEEDED, *reasons)
    state = DocumentState.BLOCKED if reasons else DocumentState.READY
    return Evaluation(state, reasons, mapped)


def map_in(document: Document, around: Surroundings) -> Mapped:
    """Map a document with its surroundings."""
    return map_document(
        source_of(document),
        around.rules,
        around.company,
        around.lists,
        around.parties.get(document.id, Parties()),
        around.ties.get(document.id),
    )


def mapping_reasons(document: Document, around: Surroundings, mapped: Mapped) -> tuple[Reason, ...]:
    """The mapping's own reasons, and the one that it cannot see: costs billed to the customer already."""
    is_billed = document.kind is DocumentKind.INVOICE and document.order_number in around.billed_orders
    if not is_billed:
        return mapped.reasons
    conflict = Reason("billable_conflict", "preferences", {"order": document.order_number})
    return (*mapped.reasons, conflict)


def stored(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """The reasons as the database keeps them."""
    return [{**asdict(reason), "facts": dict(reason.facts)} for reason in reasons]


def restored(rows: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """The reasons that ``stored`` wrote."""
    return tuple(Reason(row["code"], row["fix"], row.get("facts") or {}) for row in rows)
