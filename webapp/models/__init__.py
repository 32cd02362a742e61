"""The nouns of the program; ``ALL`` lists every table in an order that satisfies foreign keys."""

from __future__ import annotations

from webapp.models.activity import Activity, record
from webapp.models.base import BaseModel
from webapp.models.company import Company, Link, LinkState, MemberType, TaxExemption
from webapp.models.conflict import ConflictKind, LinkConflict
from webapp.models.connection import CallCount, Connection, ConnectionStatus, OAuthState, Provider
from webapp.models.delivery import OPEN_DELIVERIES, Delivery, DeliveryAttempt, DeliveryState, Operation
from webapp.models.directory import DirectoryEntry, ListKind
from webapp.models.document import Document, DocumentLine, DocumentState, DocumentStatus
from webapp.models.imports import ImportFile, ImportKind
from webapp.models.job import OPEN_JOBS, Job, JobItem, JobState
from webapp.models.permission import Permission, PermittedPerson, Visibility
from webapp.models.preferences import MappedField, PreferenceRule, Preferences, ValueMapping
from webapp.models.standing import Side, Standing, StandingCount, StandingState, Suggestion, Touched
from webapp.models.user import Draft, Role, User
from webapp.models.workspace import Workspace

ALL: tuple[type[BaseModel], ...] = (
    Workspace,
    User,
    Draft,
    Connection,
    CallCount,
    OAuthState,
    Permission,
    PermittedPerson,
    Preferences,
    ValueMapping,
    PreferenceRule,
    DirectoryEntry,
    Company,
    TaxExemption,
    Link,
    Standing,
    StandingCount,
    Suggestion,
    Touched,
    LinkConflict,
    Document,
    DocumentLine,
    DocumentStatus,
    Job,
    JobItem,
    Delivery,
    DeliveryAttempt,
    Activity,
    ImportFile,
)

__all__ = [
    "ALL",
    "OPEN_DELIVERIES",
    "OPEN_JOBS",
    "Activity",
    "BaseModel",
    "CallCount",
    "Company",
    "ConflictKind",
    "Connection",
    "ConnectionStatus",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryState",
    "DirectoryEntry",
    "Document",
    "DocumentLine",
    "DocumentState",
    "DocumentStatus",
    "Draft",
    "ImportFile",
    "ImportKind",
    "Job",
    "JobItem",
    "JobState",
    "Link",
    "LinkConflict",
    "LinkState",
    "ListKind",
    "MappedField",
    "MemberType",
    "OAuthState",
    "Operation",
    "Permission",
    "PermittedPerson",
    "PreferenceRule",
    "Preferences",
    "Provider",
    "Role",
    "Side",
    "Standing",
    "StandingCount",
    "StandingState",
    "Suggestion",
    "TaxExemption",
    "Touched",
    "User",
    "ValueMapping",
    "Visibility",
    "Workspace",
    "record",
]
