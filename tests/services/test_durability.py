"""What must be known before somebody else is told is on the disk by then."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from webapp import db

FULL, NORMAL = 2, 1


def synchronous() -> Any:
    return db.database.execute_sql("PRAGMA synchronous").fetchone()[0]


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


def test_sqlite_writes_a_durable_transaction_through_and_others_not(app: Flask) -> None:
    assert synchronous() == NORMAL
    with db.durable_transaction():
        assert db.database.in_transaction()
        assert synchronous() == FULL
    assert synchronous() == NORMAL


def test_the_setting_comes_back_after_an_error(app: Flask) -> None:
    with pytest.raises(RuntimeError), db.durable_transaction():
        raise RuntimeError
    assert synchronous() == NORMAL
    assert not db.database.in_transaction()
