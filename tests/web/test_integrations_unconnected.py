"""Addresses of the settings where nothing was ever connected, as a kept tab or a bookmark asks for them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from tests.conftest import HTMX, PanelClient


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every address of the settings without variables, with each method that it takes."""
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/settings/integrations", "/links")) and not rule.arguments
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_no_address_breaks_down_before_anything_is_connected(
    world: SimpleNamespace, app: Flask, client: PanelClient, headers: dict[str, str]
) -> None:
    client.sign_in(world.owner)
    asked = addresses(app)
    assert len(asked) > 15
    found = {
        (method, address): client.open(address, method=method, headers=headers).status_code
        for method, address in asked
    }
    assert {key: status for key, status in found.items() if status >= 500} == {}
