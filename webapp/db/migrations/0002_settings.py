"""What the documented settings need beside the first ones: classes, rules, layouts, exemptions and more."""

from __future__ import annotations

from peewee import CharField, Check, DateField, Field, ForeignKeyField, IntegerField, Model
from playhouse.migrate import SchemaMigrator


class Moment(Field):
    """A time column."""

    field_type = "TIMESTAMPTZ"


class Workspace(Model):
    class Meta:
        table_name = "workspace"


class Company(Model):
    class Meta:
        table_name = "company"


class Preferences(Model):
    class Meta:
        table_name = "preferences"


class PreferenceRule(Model):
    preferences = ForeignKeyField(Preferences, on_delete="CASCADE", backref="+")
    position = IntegerField()
    field = CharField(max_length=24)
    value = CharField(max_length=120)
    target = CharField(max_length=40, null=True)
    class_id = CharField(max_length=32, null=True)
    location_id = CharField(max_length=32, null=True)

    class Meta:
        legacy_table_names = False
        table_name = "preference_rule"
        indexes = ((("preferences", "position"), True),)
        constraints = [Check("field IN ('ship_to', 'sales_rep', 'category', 'member_type')")]


class TaxExemption(Model):
    workspace = ForeignKeyField(Workspace, on_delete="CASCADE", backref="+")
    company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
    number = CharField(max_length=60)
    regions = CharField(max_length=300)
    expires_on = DateField(null=True)
    version = IntegerField()
    updated_at = Moment()

    class Meta:
        legacy_table_names = False
        table_name = "tax_exemption"
        indexes = ((("company", "number"), True),)


MODELS = [PreferenceRule, TaxExemption]
# Columns that may not be empty have a default, with which the rows that are there already are filled.
COLUMNS = [
    ("preferences", "class_id", "VARCHAR(32)"),
    ("preferences", "location_id", "VARCHAR(32)"),
    ("preferences", "memo", "VARCHAR(24) NOT NULL DEFAULT 'all' CHECK (memo IN ('all', 'memo', 'nothing'))"),
    (
        "preferences",
        "sales_tax",
        "VARCHAR(24) NOT NULL DEFAULT 'quickbooks' CHECK (sales_tax IN ('quickbooks', 'ours'))",
    ),
    ("preferences", "start_date", "DATE"),
    ("preferences", "custom_fields", "TEXT NOT NULL DEFAULT '{}'"),
    ("preferences", "layouts", "TEXT NOT NULL DEFAULT '{}'"),
    ("document", "sales_rep", "VARCHAR(120) NOT NULL DEFAULT ''"),
    ("document_line", "category", "VARCHAR(120) NOT NULL DEFAULT ''"),
    ("document_status", "remote_line_keys", "TEXT NOT NULL DEFAULT '[]'"),
    ("delivery", "line_keys", "TEXT NOT NULL DEFAULT '[]'"),
    ("connection", "lists_progress", "TEXT NOT NULL DEFAULT '{}'"),
]


def up(migrator: SchemaMigrator, db) -> None:
    """Create the tables and add the columns."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS, safe=False)
    for table, column, definition in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {definition}')


def down(migrator: SchemaMigrator, db) -> None:
    """Take the columns and tables away again."""
    for table, column, _definition in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    with db.bind_ctx(MODELS):
        db.drop_tables(MODELS)
