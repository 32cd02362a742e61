"""The first schema: frozen models, independent of the program's own."""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator

from webapp.db.search import create_search, drop_search


class Moment(Field):
    """A time column."""

    field_type = "TIMESTAMPTZ"


class Workspace(Model):
    name = CharField(max_length=200)
    country = CharField(max_length=2)
    is_demo = BooleanField()
    created_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "workspace"


class User(Model):
    workspace = ForeignKeyField(Workspace, null=True, on_delete="CASCADE", backref="+")
    email = CharField(max_length=254, unique=True)
    name = CharField(max_length=200)
    password_hash = CharField(max_length=255)
    role = CharField(max_length=24)
    is_support = BooleanField()
    active = BooleanField()
    language = CharField(max_length=2, null=True)
    theme = CharField(max_length=6, null=True)
    created_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "users"
        constraints = [
            Check("role IN ('owner', 'admin', 'member')"),
            Check("is_support OR workspace_id IS NOT NULL"),
        ]


class Draft(Model):
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    fields = TextField()
    created_at = Moment(index=True)

    class Meta:
        legacy_table_names = False
        table_name = "draft"


class Connection(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    provider = CharField(max_length=24)
    status = CharField(max_length=24)
    status_since = Moment()
    environment = CharField(max_length=12)
    realm_id = CharField(max_length=32)
    company_name = CharField(max_length=1024)
    company = TextField()
    connected_by = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    connected_at = Moment()
    last_success_at = Moment(null=True)
    access_token = TextField(null=True)
    access_expires_at = Moment(null=True)
    refresh_token = TextField(null=True)
    refresh_expires_at = Moment(null=True)
    refresh_hard_expires_at = Moment(null=True)
    refresh_lease_until = Moment(null=True)
    next_call_at = Moment(null=True)
    paused_until = Moment(null=True)
    pause_reason = CharField(max_length=40)
    lists_read_at = Moment(null=True)
    lists_requested_at = Moment(null=True)
    lists_error = CharField(max_length=40)
    mappings_gone = IntegerField()
    version = IntegerField()

    class Meta:
        legacy_table_names = False
        table_name = "connection"
        indexes = ((("workspace", "provider"), True),)
        constraints = [
            Check("provider IN ('quickbooks', 'smartbooks')"),
            Check("status IN ('connected', 'reconnect_needed', 'paused', 'disconnected')"),
        ]


class CallCount(Model):
    connection = ForeignKeyField(Connection, on_delete="CASCADE", backref="+")
    month = CharField(max_length=7)
    reads = IntegerField()
    writes = IntegerField()

    class Meta:
        legacy_table_names = False
        table_name = "call_count"
        indexes = ((("connection", "month"), True),)


class OAuthState(Model):
    state_hash = CharField(max_length=64, unique=True)
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    in_window = BooleanField()
    expected_realm = CharField(max_length=32, null=True)
    expires_at = Moment(index=True)

    class Meta:
        legacy_table_names = False
        table_name = "o_auth_state"


class Permission(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    provider = CharField(max_length=24)
    visible_to = CharField(max_length=24)
    send_invoices = BooleanField()
    send_bills = BooleanField()
    send_purchase_orders = BooleanField()
    version = IntegerField()

    class Meta:
        legacy_table_names = False
        table_name = "permission"
        indexes = ((("workspace", "provider"), True),)
        constraints = [
            Check("provider IN ('quickbooks', 'smartbooks')"),
            Check("visible_to IN ('all', 'selected')"),
        ]


class PermittedPerson(Model):
    permission = ForeignKeyField(Permission, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")

    class Meta:
        legacy_table_names = False
        table_name = "permitted_person"
        indexes = ((("permission", "user"), True),)


class Preferences(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    realm_id = CharField(max_length=32)
    billable = BooleanField()
    item_name_source = CharField(max_length=24)
    unknown_items = CharField(max_length=24)
    fixed_item_id = CharField(max_length=32, null=True)
    income_account_id = CharField(max_length=32, null=True)
    cost_account_id = CharField(max_length=32, null=True)
    ap_account_id = CharField(max_length=32, null=True)
    freight = CharField(max_length=40, null=True)
    setup = CharField(max_length=40, null=True)
    decoration = CharField(max_length=40, null=True)
    discount_account_id = CharField(max_length=32, null=True)
    taxable_code_id = CharField(max_length=32, null=True)
    non_taxable_code_id = CharField(max_length=32, null=True)
    use_our_numbers = BooleanField()
    version = IntegerField()
    updated_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "preferences"
        indexes = ((("workspace", "realm_id"), True),)
        constraints = [
            Check("item_name_source IN ('number', 'name')"),
            Check("unknown_items IN ('service', 'non_inventory', 'fixed')"),
        ]


class ValueMapping(Model):
    preferences = ForeignKeyField(Preferences, on_delete="CASCADE", backref="+")
    field = CharField(max_length=24)
    ours = CharField(max_length=100)
    theirs_id = CharField(max_length=32)

    class Meta:
        legacy_table_names = False
        table_name = "value_mapping"
        indexes = ((("preferences", "field", "ours"), True),)
        constraints = [
            Check("field IN ('term', 'province')"),
        ]


class DirectoryEntry(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    realm_id = CharField(max_length=32)
    kind = CharField(max_length=24)
    remote_id = CharField(max_length=32)
    name = CharField(max_length=1024)
    full_name = CharField(max_length=4096)
    folded = CharField(max_length=4096)
    name_key = CharField(max_length=300)
    active = BooleanField()
    number = CharField(max_length=100)
    type = CharField(max_length=60)
    subtype = CharField(max_length=60)
    currency = CharField(max_length=3)
    email = CharField(max_length=254)
    phone = CharField(max_length=60)
    city = CharField(max_length=255)
    region = CharField(max_length=255)
    postal_code = CharField(max_length=60)
    parent_id = CharField(max_length=32)
    sync_token = CharField(max_length=20)
    income_account_id = CharField(max_length=32, null=True)
    expense_account_id = CharField(max_length=32, null=True)
    extra = TextField()
    seen_in = IntegerField()
    updated_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "directory_entry"
        indexes = (
            (("workspace", "realm_id", "kind", "remote_id"), True),
            (("workspace", "realm_id", "kind", "folded"), False),
            (("workspace", "realm_id", "kind", "name_key"), False),
        )
        constraints = [
            Check(
                "kind IN ('account', 'customer', 'vendor', 'item', 'term', 'tax_code', 'class', 'location')"
            ),
        ]


class Company(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    esp_id = CharField(max_length=60)
    number = CharField(max_length=60)
    name = CharField(max_length=300)
    sort_name = CharField(max_length=300)
    folded = CharField(max_length=1200)
    is_prospect = BooleanField()
    is_customer = BooleanField()
    is_supplier = BooleanField()
    is_decorator = BooleanField()
    email = CharField(max_length=254)
    phone = CharField(max_length=60)
    website = CharField(max_length=300)
    tax_number = CharField(max_length=60)
    currency = CharField(max_length=3)
    terms = CharField(max_length=60)
    bill_line1 = CharField(max_length=300)
    bill_line2 = CharField(max_length=300)
    bill_city = CharField(max_length=120)
    bill_region = CharField(max_length=60)
    bill_postal_code = CharField(max_length=20)
    bill_country = CharField(max_length=2)
    ship_line1 = CharField(max_length=300)
    ship_line2 = CharField(max_length=300)
    ship_city = CharField(max_length=120)
    ship_region = CharField(max_length=60)
    ship_postal_code = CharField(max_length=20)
    ship_country = CharField(max_length=2)
    created_at = Moment()
    updated_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "company"
        indexes = (
            (("workspace", "esp_id"), True),
            (("workspace", "sort_name", "id"), False),
            (("workspace", "terms"), False),
        )


class Link(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    realm_id = CharField(max_length=32)
    company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
    member_type = CharField(max_length=24)
    state = CharField(max_length=24)
    remote_id = CharField(max_length=32, null=True)
    linked_by = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    linked_at = Moment()
    version = IntegerField()

    class Meta:
        legacy_table_names = False
        table_name = "link"
        indexes = (
            (("workspace", "realm_id", "company", "member_type"), True),
            (("workspace", "realm_id", "member_type", "remote_id"), False),
        )
        constraints = [
            Check("member_type IN ('customer', 'supplier', 'decorator')"),
            Check("state IN ('linked', 'do_not_link')"),
        ]


class Document(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    kind = CharField(max_length=24)
    esp_id = CharField(max_length=60)
    number = CharField(max_length=60)
    order_number = CharField(max_length=60, index=True)
    customer_po = CharField(max_length=60)
    company = ForeignKeyField(Company, on_delete="RESTRICT", backref="+")
    customer = ForeignKeyField(Company, null=True, on_delete="RESTRICT", backref="+")
    folded = CharField(max_length=1200)
    date = DateField()
    due_date = DateField(null=True)
    in_hands_date = DateField(null=True)
    currency = CharField(max_length=3)
    terms = CharField(max_length=60)
    memo = TextField()
    ship_line1 = CharField(max_length=300)
    ship_line2 = CharField(max_length=300)
    ship_city = CharField(max_length=120)
    ship_region = CharField(max_length=60)
    ship_postal_code = CharField(max_length=20)
    ship_country = CharField(max_length=2)
    subtotal = BigIntegerField()
    tax = BigIntegerField()
    total = BigIntegerField()
    revision = IntegerField()
    created_at = Moment()
    updated_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "document"
        indexes = (
            (("workspace", "kind", "esp_id"), True),
            (("workspace", "date", "id"), False),
            (("workspace", "order_number", "kind"), False),
            (("workspace", "terms"), False),
        )
        constraints = [
            Check("kind IN ('invoice', 'bill', 'purchase_order')"),
        ]


class DocumentLine(Model):
    document = ForeignKeyField(Document, on_delete="CASCADE", backref="+")
    position = IntegerField()
    kind = CharField(max_length=24)
    product_number = CharField(max_length=100)
    product_name = CharField(max_length=300)
    description = TextField()
    quantity = BigIntegerField()
    unit_price = BigIntegerField()
    amount = BigIntegerField()
    taxable = BooleanField()

    class Meta:
        legacy_table_names = False
        table_name = "document_line"
        indexes = ((("document", "position"), True),)
        constraints = [
            Check("kind IN ('product', 'decoration', 'setup', 'freight', 'discount', 'service', 'other')"),
        ]


class DocumentStatus(Model):
    document = ForeignKeyField(Document, on_delete="CASCADE", backref="+")
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    provider = CharField(max_length=24)
    state = CharField(max_length=24)
    reasons = TextField()
    needs_check = BooleanField()
    realm_id = CharField(max_length=32)
    remote_id = CharField(max_length=32, null=True)
    remote_number = CharField(max_length=60, null=True)
    remote_total = BigIntegerField(null=True)
    remote_balance = BigIntegerField(null=True)
    remote_line_ids = TextField()
    sync_token = CharField(max_length=20)
    sent_revision = IntegerField(null=True)
    sent_billable = BooleanField()
    sent_at = Moment(null=True)
    sent_by = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")

    class Meta:
        legacy_table_names = False
        table_name = "document_status"
        indexes = (
            (("document", "provider"), True),
            (("workspace", "provider", "state"), False),
        )
        constraints = [
            Check("provider IN ('quickbooks', 'smartbooks')"),
            Check(
                "state IN ('ready', 'blocked', 'queued', 'sending', 'sent', 'failed', 'changed', 'voided')"
            ),
        ]


class Delivery(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    connection = ForeignKeyField(Connection, on_delete="CASCADE", backref="+")
    provider = CharField(max_length=24)
    realm_id = CharField(max_length=32)
    document = ForeignKeyField(Document, on_delete="CASCADE", backref="+")
    revision = IntegerField()
    operation = CharField(max_length=24)
    state = CharField(max_length=24)
    attempts = IntegerField()
    next_attempt_at = Moment()
    lease_until = Moment(null=True)
    lease_owner = CharField(max_length=64)
    request_id = CharField(max_length=50, null=True)
    payload = BlobField(null=True)
    payload_hash = CharField(max_length=64, null=True)
    billable = IntegerField()
    remote_id = CharField(max_length=32, null=True)
    error = TextField(null=True)
    created_by = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    created_at = Moment()
    finished_at = Moment(null=True)

    class Meta:
        legacy_table_names = False
        table_name = "delivery"
        indexes = (
            (("state", "next_attempt_at"), False),
            (("document", "provider", "id"), False),
        )
        constraints = [
            Check("provider IN ('quickbooks', 'smartbooks')"),
            Check("operation IN ('create')"),
            Check("state IN ('queued', 'sending', 'sent', 'failed')"),
        ]


class DeliveryAttempt(Model):
    delivery = ForeignKeyField(Delivery, on_delete="CASCADE", backref="+")
    number = IntegerField()
    started_at = Moment()
    finished_at = Moment(null=True)
    outcome = CharField(max_length=40)
    http_status = IntegerField(null=True)
    provider_code = CharField(max_length=40)
    trace_id = CharField(max_length=80)
    message = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "delivery_attempt"
        indexes = ((("delivery", "number"), True),)


class Activity(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    at = Moment()
    verb = CharField(max_length=60)
    subject_type = CharField(max_length=30)
    subject_id = IntegerField(null=True)
    facts = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "activity"
        indexes = ((("workspace", "id"), False),)


class ImportFile(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL", backref="+")
    kind = CharField(max_length=24)
    filename = CharField(max_length=255)
    content = BlobField(null=True)
    created = IntegerField()
    updated = IntegerField()
    skipped = IntegerField()
    created_at = Moment()
    finished_at = Moment(null=True)

    class Meta:
        legacy_table_names = False
        table_name = "import_file"
        indexes = ((("workspace", "id"), False),)
        constraints = [
            Check("kind IN ('companies', 'documents')"),
        ]


MODELS = [
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
    DirectoryEntry,
    Company,
    Link,
    Document,
    DocumentLine,
    DocumentStatus,
    Delivery,
    DeliveryAttempt,
    Activity,
    ImportFile,
]
SEARCHED = [("company", "folded"), ("document", "folded"), ("directory_entry", "folded")]
PARTIAL_INDEXES = [
    'CREATE UNIQUE INDEX "connection_living_company" ON "connection" ("provider", "environment", "realm_id") WHERE ("status" != \'disconnected\')',
    'CREATE INDEX "document_status_to_check" ON "document_status" ("id") WHERE "needs_check"',
    'CREATE UNIQUE INDEX "delivery_one_open_per_document" ON "delivery" ("document_id", "provider") WHERE ("state" IN (\'queued\', \'sending\'))',
]


def up(migrator: SchemaMigrator, db) -> None:
    """Create every table, index and search index."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS, safe=False)
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    for table, column in SEARCHED:
        create_search(db, table, column)


def down(migrator: SchemaMigrator, db) -> None:
    """Drop everything again."""
    for table, column in SEARCHED:
        drop_search(db, table, column)
    with db.bind_ctx(MODELS):
        db.drop_tables(MODELS)
