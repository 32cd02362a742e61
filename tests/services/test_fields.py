"""Database fields keep what is put into them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from tests import factories
from webapp import crypto, db
from webapp.clock import now
from webapp.crypto import UnreadableSecret
from webapp.db.search import fold, matches
from webapp.models import Company, Connection, DocumentLine, User


def test_time_comes_back_aware_and_in_utc(app: Flask) -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=-5)))
    home = factories.workspace(created_at=moment)
    read = type(home).get_by_id(home.id).created_at
    assert read == moment
    assert read.tzinfo is UTC or read.utcoffset() == timedelta(0)


def test_naive_time_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="naive"):
        factories.workspace(created_at=datetime(2026, 3, 1))  # noqa: DTZ001 - the point of the test


def test_time_compares_by_moment(app: Flask) -> None:
    factories.workspace(created_at=now() - timedelta(minutes=1))
    model = type(factories.workspace(created_at=now() + timedelta(minutes=1)))
    assert model.select().where(model.created_at < now()).count() == 1


@pytest.mark.parametrize("price", ["0.0000001", "6.2958333", "90000000000.0000001", "-1.5"])
def test_decimal_keeps_every_digit(app: Flask, price: str) -> None:
    home = factories.workspace()
    row = factories.document(home, factories.company(home), [{"unit_price": Decimal(price)}])
    assert DocumentLine.get(DocumentLine.document == row).unit_price == Decimal(price)


def test_decimal_with_too_many_places_is_refused(app: Flask) -> None:
    home = factories.workspace()
    with pytest.raises(ValueError, match="places"):
        factories.document(home, factories.company(home), total=Decimal("1.001"))


def test_token_is_stored_encrypted_and_cannot_be_compared(app: Flask) -> None:
    row = factories.connection(factories.workspace())
    raw = db.database.execute_sql("SELECT access_token FROM connection").fetchone()[0]
    assert raw.startswith("v1:")
    assert "at-secret" not in raw
    assert Connection.get_by_id(row.id).access_token == "at-secret"
    with pytest.raises(TypeError):
        _ = Connection.access_token == "at-secret"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quebec", ["Québec Promo & Fils"]),
        ("ébec", ["Québec Promo & Fils"]),
        ("promo quebec", ["Québec Promo & Fils"]),
        ("qu", ["Québec Promo & Fils"]),
        ("zzz", []),
        ("%", []),
        ("100%", ['100% Cotton_Tees "Inc"']),
        ("n_t", ['100% Cotton_Tees "Inc"']),
        ('"inc"', ['100% Cotton_Tees "Inc"']),
        ("'; drop table", []),
        ("\\", []),
        ("שלום", ["שלום Gifts"]),
        ("🎁🎁🎁", []),
    ],
)
def test_search_finds_any_part_of_a_word(app: Flask, text: str, found: list[str]) -> None:
    home = factories.workspace()
    for name in ("Québec Promo & Fils", '100% Cotton_Tees "Inc"', "שלום Gifts"):
        factories.company(home, name)
    condition = matches(Company, text)
    assert condition is not None
    assert [row.name for row in Company.select().where(condition)] == found


def test_search_follows_changes_and_deletions(app: Flask) -> None:
    home = factories.workspace()
    row = factories.company(home, "Old name")
    Company.update(folded=fold("New title")).where(Company.id == row.id).execute()
    assert not Company.select().where(matches(Company, "old name")).exists()
    assert Company.select().where(matches(Company, "title")).exists()
    Company.delete().where(Company.id == row.id).execute()
    assert not Company.select().where(matches(Company, "title")).exists()


def test_support_needs_no_workspace_but_everyone_else_does(app: Flask) -> None:
    factories.user(None, is_support=True)
    with pytest.raises(Exception, match=r"(?i)check"), db.transaction():
        factories.user(None, is_support=False)
    assert User.select().count() == 1


def test_search_text_is_bounded(app: Flask) -> None:
    assert matches(Company, "x" * 10_000) is not None
    assert matches(Company, "   ") is None


def test_secret_of_a_lost_key_fails_when_it_is_read_not_when_the_row_is(app: Flask) -> None:
    row = factories.connection(factories.workspace())
    crypto.configure([Fernet.generate_key().decode()])
    loaded = Connection.get_by_id(row.id)
    assert loaded.company_name == "Northgate Promo Co."
    with pytest.raises(UnreadableSecret):
        _ = loaded.access_token
    loaded.save(only=[Connection.company_name, Connection.access_token])
    raw = db.database.execute_sql("SELECT access_token FROM connection").fetchone()[0]
    assert raw.count("v1:") == 1
