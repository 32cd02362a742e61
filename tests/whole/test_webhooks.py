"""A change in QuickBooks is there a moment later: webhook, worker and change feed over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories, quickbooks_side
from webapp.links import changes_feed, directory
from webapp.models import Connection

VERIFIER = "of this test"


@pytest.fixture
def settings(settings: Any) -> Any:
    return replace(settings, intuit_webhook_verifier=VERIFIER)


def comes(is_there: Callable[[], Any], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_there():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_a_customer_made_in_quickbooks_is_there_a_moment_later(
    cast: SimpleNamespace, sandbox: Any, public_url: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_feed, "CLOSEST", timedelta(0))
    row = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    sandbox.control("webhooks", url=f"{public_url}/webhooks/quickbooks", format=form, verifier=VERIFIER)
    quickbooks_side.make(sandbox, "Customer", DisplayName="Quillhaven Needlework")

    def found() -> list[Any]:
        return directory.named(cast.workspace.id, row.realm_id, "customer", ["quillhaven needlework"])

    assert comes(found)
    assert Connection.get().changes_since != row.changes_since


def test_wrongly_signed_webhooks_of_quickbooks_are_not_tried_again(
    cast: SimpleNamespace, sandbox: Any, public_url: str
) -> None:
    row = factories.connect(cast.workspace, cast.owner, sandbox.tokens("us"))
    sandbox.control("webhooks", url=f"{public_url}/webhooks/quickbooks", verifier="another")
    quickbooks_side.make(sandbox, "Customer", DisplayName="Quillhaven Needlework")
    time.sleep(1)
    assert Connection.get().changes_due_at == row.changes_due_at
