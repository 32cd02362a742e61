"""What things cost at the least: plain programs that the project's own are compared with."""

from __future__ import annotations

from flask import Flask, Response, jsonify

flask_json = Flask(__name__)


@flask_json.get("/")
def answer() -> Response:
    """A bare Flask JSON route."""
    return jsonify(hello="world")
