"""Support's table of connections, and the health address for machines."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from peewee import PeeweeException
from playhouse.pool import MaxConnectionsExceeded

from webapp.auth import access
from webapp.db import connection, schema
from webapp.errors import NotFound
from webapp.support import service

support = Blueprint("support", __name__)


@support.get("/support/connections")
def connections() -> ResponseReturnValue:
    """Every workspace's connection with its status and one next step; for support staff only."""
    if not access.person().is_support:
        raise NotFound
    return render_template("support/connections.html", rows=service.connections(), area="support")


@support.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """200 when the database answers and every migration has run, else 503."""
    try:
        with connection():
            current = schema.is_current()
    except (PeeweeException, MaxConnectionsExceeded):
        return jsonify(status="no database"), 503
    return (jsonify(status="ok"), 200) if current else (jsonify(status="migrations missing"), 503)
