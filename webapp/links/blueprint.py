"""The blueprint of Link companies, and what its addresses begin with."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

links = Blueprint("links", __name__)

MEMBER: Final = "<any(customers, suppliers, decorators):member>"
TABLE: Final = f"/settings/integrations/quickbooks/links/{MEMBER}"
CONFLICTS: Final = "/links/conflicts"
# Short, since a page of the table names fifty of them twice
ROW: Final = f"/links/{MEMBER}/<id:company_id>"
