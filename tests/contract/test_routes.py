"""Rules that every address keeps."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import PanelClient
from webapp import create_app
from webapp.config import Settings

# Signed by who calls, who has no session
SIGNED = {"webhooks.quickbooks"}
PUBLIC = {"static", "auth.sign_in", "auth.set_language", "support.healthz", *SIGNED}
SAMPLES = {"member": "customers", "kind": "companies"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    values = {name: SAMPLES.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_only_a_few_addresses_are_public(app: Flask) -> None:
    public = {
        rule.endpoint for rule in rules(app) if getattr(app.view_functions[rule.endpoint], "is_public", False)
    }
    assert public <= PUBLIC


def test_every_other_address_refuses_a_stranger(
    world: SimpleNamespace, app: Flask, client: PanelClient
) -> None:
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in methods(rule):
            answer = client.open(address(app, rule), method=method)
            assert answer.status_code in {303, 401}, (method, rule.rule, answer.status_code)


def test_every_change_needs_the_csrf_token(world: SimpleNamespace, app: Flask, client: PanelClient) -> None:
    client.sign_in(world.owner)
    for rule in rules(app):
        if rule.endpoint in SIGNED:
            continue
        for method in set(methods(rule)) - {"GET"}:
            answer = client.open(address(app, rule), method=method, csrf=False)
            assert answer.status_code == 400, (method, rule.rule, answer.status_code)


def test_support_reaches_no_page_of_a_workspace(
    world: SimpleNamespace, app: Flask, client: PanelClient
) -> None:
    client.sign_in(world.support)
    for rule in rules(app):
        if rule.endpoint in PUBLIC or rule.endpoint.split(".")[0] in {"auth", "support"}:
            continue
        for method in methods(rule):
            answer = client.open(address(app, rule), method=method)
            assert answer.status_code == 404, (method, rule.rule, answer.status_code)


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/activity", "/nowhere", "/static/app.css"])
def test_every_answer_carries_the_security_headers(
    world: SimpleNamespace, client: PanelClient, path: str
) -> None:
    client.sign_in(world.owner)
    with client.get(path) as answer:
        headers = answer.headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if not path.startswith("/static"):
        assert "HX-Request" in headers["Vary"]
        assert headers["Cache-Control"] == "no-store"


def test_health_tells_when_migrations_are_missing(app: Flask, client: PanelClient) -> None:
    assert client.get("/healthz").status_code == 200
    from webapp.db import schema

    schema._runner().History.delete().execute()
    try:
        assert client.get("/healthz").status_code == 503
    finally:
        schema._runner().up(fake=True)


def test_factory_needs_no_database_and_no_network(settings: Settings, encryption_key: str) -> None:
    nowhere = Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none", secret_key="x", encryption_keys=(encryption_key,)
    )
    with create_app(nowhere).test_client().get("/static/app.css") as answer:
        assert answer.status_code == 200
