"""What people do in QuickBooks itself: changes made at the sandbox, past the panel."""

from __future__ import annotations

from typing import Any

import requests

from tests.conftest import Sandbox

AT_ONCE = 30


def call(sandbox: Sandbox, path: str, body: dict[str, Any], company: str = "us") -> dict[str, Any]:
    """Post to the company's API; the whole answer."""
    grant = sandbox.tokens(company)
    answer = requests.post(
        f"{sandbox.url}/v3/company/{grant['realmId']}/{path}",
        json=body,
        params={"minorversion": "75"},
        headers={"Authorization": f"Bearer {grant['access_token']}", "Accept": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def make(sandbox: Sandbox, entity: str, company: str = "us", **fields: Any) -> str:
    """Make an object; its id."""
    return call(sandbox, entity.lower(), fields, company)[entity]["Id"]


def change(
    sandbox: Sandbox, entity: str, remote_id: str, company: str = "us", **fields: Any
) -> dict[str, Any]:
    """Change some fields of an object."""
    where = f"SELECT * FROM {entity} WHERE Id = '{remote_id}' AND Active IN (true, false)"
    (found,) = sandbox.query(where, company)
    body = {"Id": remote_id, "SyncToken": found["SyncToken"], "sparse": True, **fields}
    return call(sandbox, entity.lower(), body, company)[entity]


def make_many(sandbox: Sandbox, entity: str, names: list[str]) -> None:
    """Make very many customers or vendors."""
    for start in range(0, len(names), AT_ONCE):
        items = [
            {"bId": str(number), "operation": "create", entity: {"DisplayName": name}}
            for number, name in enumerate(names[start : start + AT_ONCE])
        ]
        call(sandbox, "batch", {"BatchItemRequest": items})
