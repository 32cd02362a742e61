"""The blueprint that all section routes hang on."""

from __future__ import annotations

from flask import Blueprint

integrations = Blueprint("integrations", __name__, url_prefix="/settings/integrations")
