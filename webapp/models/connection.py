"""A workspace's tie to one accounting provider, its consent states and its metering."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, BooleanField, CharField, ForeignKeyField, IntegerField, ModelSelect

from webapp.clock import now
from webapp.db.fields import EncryptedTextField, EnumField, JsonField, UtcDateTimeField
from webapp.models.base import BaseModel, one_of
from webapp.models.user import User
from webapp.models.workspace import Workspace


class Provider(StrEnum):
    """The accounting systems that documents go to."""

    QUICKBOOKS = "quickbooks"
    SMARTBOOKS = "smartbooks"


class ConnectionStatus(StrEnum):
    """What is stored of a connection's state; "attention needed" is derived from facts, not stored."""

    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect_needed"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"


class Connection(BaseModel):
    """One workspace's tie to one provider; a company (``realm_id``) is connected to one workspace at a time.

    ``company`` holds the facts read from the provider's company (see quickbooks.lists.company_facts);
    ``lists_progress`` says how far the reading of its lists is (``list``, ``done``, ``of``, ``entries``);
    ``changes_since`` is the moment up to which the lists are known, from which changes are asked for next.
    That is due at ``changes_due_at``, reading all lists anew at ``lists_due_at``.
    ``mappings_gone`` counts the choices of the preferences that its lists do not have any more.
    """

    workspace = ForeignKeyField(Workspace, backref="connections", on_delete="CASCADE")
    provider = EnumField(Provider, default=Provider.QUICKBOOKS)
    status = EnumField(ConnectionStatus, default=ConnectionStatus.CONNECTED)
    status_since = UtcDateTimeField(default=now)
    environment = CharField(max_length=12, default="demo")
    realm_id = CharField(max_length=32)
    company_name = CharField(max_length=1024, default="")
    company = JsonField(default=dict)
    connected_by = ForeignKeyField(User, null=True, on_delete="SET NULL")
    connected_at = UtcDateTimeField(default=now)
    last_success_at = UtcDateTimeField(null=True)
    access_token = EncryptedTextField(null=True)
    access_expires_at = UtcDateTimeField(null=True)
    refresh_token = EncryptedTextField(null=True)
    refresh_expires_at = UtcDateTimeField(null=True)
    refresh_hard_expires_at = UtcDateTimeField(null=True)
    refresh_lease_until = UtcDateTimeField(null=True)
    next_call_at = UtcDateTimeField(null=True)
    paused_until = UtcDateTimeField(null=True)
    pause_reason = CharField(max_length=40, default="")
    lists_read_at = UtcDateTimeField(null=True)
    lists_requested_at = UtcDateTimeField(null=True)
    lists_error = CharField(max_length=40, default="")
    lists_progress = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    changes_since = UtcDateTimeField(null=True)
    changes_due_at = UtcDateTimeField(null=True)
    lists_due_at = UtcDateTimeField(null=True)
    mappings_gone = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("workspace", "provider"), True),)
        constraints = [one_of("provider", Provider), one_of("status", ConnectionStatus)]

    @property
    def is_usable(self) -> bool:
        """Whether calls may be made with this connection at all."""
        return self.status in {ConnectionStatus.CONNECTED, ConnectionStatus.PAUSED}

    @classmethod
    def of(cls, workspace_id: int, provider: Provider = Provider.QUICKBOOKS) -> Connection | None:
        """The workspace's connection to a provider, or None when there never was one."""
        found: Connection | None = cls.by(workspace=workspace_id, provider=provider)
        return found

    @classmethod
    def living_of(cls, realm_id: str) -> ModelSelect:
        """The connection of a company that is not disconnected, whichever workspace's it is."""
        return cls.select(cls.id).where(
            (cls.realm_id == realm_id) & (cls.status != ConnectionStatus.DISCONNECTED)
        )


Connection.add_index(
    Connection.index(
        Connection.provider,
        Connection.environment,
        Connection.realm_id,
        unique=True,
        where=(Connection.status != ConnectionStatus.DISCONNECTED),
        name="connection_living_company",
    )
)


class CallCount(BaseModel):
    """Calls of a connection in one month, by kind: ``reads`` are metered by Intuit, ``writes`` are free."""

    connection = ForeignKeyField(Connection, on_delete="CASCADE")
    month = CharField(max_length=7)
    reads = IntegerField(default=0)
    writes = IntegerField(default=0)

    class Meta:
        indexes = ((("connection", "month"), True),)


class OAuthState(BaseModel):
    """A single-use state of a consent under way, bound to who asked; only its hash is stored.

    ``expected_realm`` is the company that the person agreed to connect instead of the present one.
    """

    state_hash = CharField(max_length=64, unique=True)
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE")
    in_window = BooleanField(default=False)
    expected_realm = CharField(max_length=32, null=True)
    expires_at = UtcDateTimeField(index=True)
