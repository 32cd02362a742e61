"""Where QuickBooks tells that something changed: signed by Intuit, answered at once, read by the worker."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from webapp import config
from webapp.auth.access import public
from webapp.extensions import csrf
from webapp.integrations import webhooks as told
from webapp.links import changes_feed

webhooks = Blueprint("webhooks", __name__)

LARGEST: Final = 1024 * 1024


@webhooks.post("/webhooks/quickbooks")
@csrf.exempt
@public
def quickbooks() -> Response:
    """Note which companies have changes: 200, also for what concerns none; off without a verifier token."""
    verifier = config.current().intuit_webhook_verifier
    if not verifier:
        return Response(status=404)
    request.max_content_length = LARGEST
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return Response(status=413)
    if not told.is_signed(verifier, body, request.headers.get("intuit-signature", "")):
        return Response(status=401)
    events = told.read(body)
    if events is None:
        return Response(status=400)
    changes_feed.expect(events)
    return Response(status=200)
