"""While the database is away: words instead of a broken page, and a health address that says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import HTMX, PanelClient
from tests.html import soup
from webapp import create_app
from webapp.config import Settings
from webapp.models import User

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def client(encryption_key: str) -> Iterator[PanelClient]:
    """The client of a panel, as hosts run it, whose database does not answer."""
    app: Flask = create_app(
        Settings(
            database_url=NOWHERE, secret_key="x", encryption_keys=(encryption_key,), log_level="CRITICAL"
        )
    )
    app.test_client_class = PanelClient
    return app.test_client()


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize("address", ["/documents", "/sign-in", "/settings/integrations/quickbooks"])
def test_a_page_says_that_something_broke(client: PanelClient, address: str, is_signed_in: bool) -> None:
    if is_signed_in:
        client.sign_in(User(id=1))
    answer = client.get(address)
    assert answer.status_code == 503
    assert soup(answer).h1.get_text(strip=True) == "Something broke on our side"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fragment_becomes_a_toast(client: PanelClient) -> None:
    answer = client.sign_in(User(id=1)).get("/documents", headers=HTMX)
    assert answer.status_code == 503
    assert "Something broke" in answer.headers["HX-Trigger"]


def test_health_says_that_there_is_no_database(client: PanelClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "no database"})
