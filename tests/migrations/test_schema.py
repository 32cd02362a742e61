"""The migrations and the models describe the same database."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import IntegrityError, SqliteDatabase

from tests import factories
from tests.conftest import POSTGRES, close_database
from webapp import db
from webapp.db import schema
from webapp.db.search import SEARCHED, create_search
from webapp.models import ALL, Delivery, DeliveryAttempt, Preferences

# A column that was added later stands elsewhere in the table's text, so tables are compared by their parts.
SQLITE_QUERIES = {
    "objects": """SELECT type, name, tbl_name, CASE type WHEN 'table' THEN '' ELSE sql END
                  FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'""",
    "columns": """SELECT tables.name, columns.name, columns.type, columns."notnull", columns.dflt_value,
                         columns.pk
                  FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
                  WHERE tables.type = 'table'""",
    "references": """SELECT tables.name, keys."from", keys."table", keys."to", keys.on_delete
                     FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
                     WHERE tables.type = 'table'""",
    "tables": "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
}
CHECK = re.compile(r"CHECK \(((?:[^()]|\([^()]*\))*)\)")
POSTGRES_QUERIES = {
    "columns": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
                         column_default
                  FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid)
                      FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT event_object_table, trigger_name FROM information_schema.triggers",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    request.getfixturevalue("postgres_url")
    name = f"ledgerbridge_schema_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    close_database()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def catalogue() -> dict[str, list[Any]]:
    """Everything the database knows of its own structure, the migration history left out."""
    database = db.database.obj
    if isinstance(database, SqliteDatabase):
        found = {name: database.execute_sql(query).fetchall() for name, query in SQLITE_QUERIES.items()}
        found["tables"] = [(name, sorted(CHECK.findall(sql))) for name, sql in found["tables"]]
    else:
        found = {name: database.execute_sql(query).fetchall() for name, query in POSTGRES_QUERIES.items()}
    return {
        name: sorted(str(row) for row in rows if "schema_migration" not in str(row))
        for name, rows in found.items()
    }


def test_migrations_give_what_the_models_describe(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    applied = schema.upgrade()
    with db.database.connection_context():
        migrated = catalogue()
    schema.downgrade(applied[0])
    with db.database.connection_context():
        assert [row for rows in catalogue().values() for row in rows] == []
        db.database.create_tables(ALL, safe=False)
        for table, column in SEARCHED:
            create_search(db.database.obj, table, column)
        assert catalogue() == migrated


def test_migrations_go_up_again_after_going_down(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    applied = schema.upgrade()
    assert schema.downgrade() == applied[-1:]
    assert schema.upgrade() == applied[-1:]
    with db.database.connection_context():
        assert schema.is_current()


def test_rows_from_before_a_column_get_its_default(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    applied = schema.upgrade()
    schema.downgrade("0002_settings")
    moment = "2026-01-02T03:04:05+00:00"
    with db.database.connection_context():
        db.database.execute_sql(
            "INSERT INTO workspace (id, name, country, is_demo, created_at) "
            f"VALUES (1, 'W', 'US', false, '{moment}')"
        )
        db.database.execute_sql(
            "INSERT INTO preferences (id, workspace_id, realm_id, billable, item_name_source, unknown_items, "
            "use_our_numbers, version, updated_at) "
            f"VALUES (1, 1, '9', true, 'number', 'service', true, 3, '{moment}')"
        )
    assert schema.upgrade() == applied[applied.index("0002_settings") :]
    with db.database.connection_context():
        row = Preferences.get_by_id(1)
    assert (row.billable, row.version) == (True, 3)
    assert (row.memo, row.sales_tax, row.custom_fields, row.layouts) == ("all", "quickbooks", {}, {})


def test_deliveries_and_their_attempts_outlive_the_outbox_taking_companies(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    schema.upgrade()
    with db.database.connection_context():
        home = factories.workspace()
        company = factories.company(home)
        link = factories.connection(home, access_token=None, refresh_token=None)
        sent = factories.delivery(link, factories.document(home, company))
        of_company = {"company": company, "member_type": "customer", "remote_kind": "customer"}
        theirs = Delivery.create(workspace=home, connection=link, realm_id="9", **of_company)
        for one in (sent, theirs):
            DeliveryAttempt.create(delivery=one, number=1)
    schema.downgrade("0005_companies_in_outbox")
    with db.database.connection_context():
        kept = db.database.execute_sql("SELECT id, document_id FROM delivery").fetchall()
        assert list(kept) == [(sent.id, sent.document_id)]
        assert [row.delivery_id for row in DeliveryAttempt.select()] == [sent.id]
    schema.upgrade()
    with db.database.connection_context():
        assert Delivery.get_by_id(sent.id).document_id == sent.document_id
        assert DeliveryAttempt.get().delivery_id == sent.id


def test_delivery_has_a_document_or_a_company_and_one_at_a_time(empty_url: str) -> None:
    db.database.initialize(db.database_for(empty_url))
    schema.upgrade()
    with db.database.connection_context():
        home = factories.workspace()
        document = factories.document(home, factories.company(home))
        link = factories.connection(home, access_token=None, refresh_token=None)
        party = {"company": document.company_id, "member_type": "supplier", "remote_kind": "vendor"}
        common = {"workspace": home, "connection": link, "realm_id": "9"}
        for wrong in ({**party, "document": document}, {}, {"company": document.company_id}):
            with pytest.raises(IntegrityError), db.transaction():
                Delivery.create(**common, **wrong)
        Delivery.create(**common, **party)
        with pytest.raises(IntegrityError), db.transaction():
            Delivery.create(**common, **{**party, "member_type": "decorator"})
        Delivery.create(**common, **{**party, "member_type": "customer", "remote_kind": "customer"})
        Delivery.create(**common, **party, state="failed")
