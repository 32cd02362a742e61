"""The table of Link companies as a page, and what each of its addresses begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from webapp.auth import access
from webapp.errors import Conflict, NotFound
from webapp.inputs import row_id, search_text
from webapp.integrations import permissions
from webapp.links import service, table
from webapp.links.forms import reasons, words
from webapp.links.rows import Page, Row, RowState
from webapp.models import Connection, MemberType, User

MEMBERS = {
    "customers": MemberType.CUSTOMER,
    "suppliers": MemberType.SUPPLIER,
    "decorators": MemberType.DECORATOR,
}


@dataclass(frozen=True)
class Desk:
    """Who works on which table: what every view of this module begins with."""

    user: User
    connection: Connection | None
    member: str

    @property
    def member_type(self) -> MemberType:
        """The member type that the address names."""
        return MEMBERS[self.member]

    @property
    def place(self) -> tuple[int, str, MemberType]:
        """Workspace, QuickBooks company and member type; without a company there are no links."""
        realm_id = self.connection.realm_id if self.connection else ""
        return self.user.workspace_id, realm_id, self.member_type

    @property
    def view(self) -> dict[str, Any]:
        """The search, filter and page of the table that the reader came from."""
        given = {"q": search_text(request.args.get("q")), "state": request.args.get("state", "")}
        given |= {name: request.args.get(name, "").replace("\0", "") for name in ("after", "before")}
        return {name: value for name, value in given.items() if value}

    @property
    def editable(self) -> bool:
        """Whether links can be changed now."""
        return service.is_editable(self.connection)

    @property
    def living(self) -> Connection:
        """The connection that links are written for; raises Conflict when there is none."""
        if self.connection is None:
            raise Conflict
        return self.connection

    def row(self, company_id: int) -> Row:
        """A row of the table; raises NotFound."""
        found = table.row(*self.place, company_id)
        if found is None:
            raise NotFound
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        """What each template of this module needs."""
        common = {
            "member": self.member,
            "words": words(self.member_type),
            "reasons": reasons,
            "view": self.view,
            "editable": self.editable,
        }
        return common | more


def sit_down(member: str) -> Desk:
    """The desk of who asks; raises NotFound for support staff and for whom the integration is hidden."""
    workspace_id = access.workspace_id()
    permissions.require_visible(access.person())
    return Desk(access.person(), Connection.of(workspace_id), member)


def address(desk: Desk, company_id: int | None = None) -> str:
    """Where the table is, in the view that the reader came from, at a row."""
    anchor = f"row-{company_id}" if company_id else None
    return url_for("links.index", member=desk.member, _anchor=anchor, **desk.view)


def whole_page(
    desk: Desk, opened: Row | None = None, context: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """The whole page; with one row opened, which is shown even if the view does not hold it."""
    view = desk.view
    state = RowState(view["state"]) if view.get("state") in set(RowState) else None
    after, before = (_cursor(view.get(name)) for name in ("after", "before"))
    page = service.page(*desk.place, state, view.get("q", ""), after, before)
    rows = page.rows
    if opened and opened.company_id not in {row.company_id for row in rows}:
        rows = (opened, *rows)
    whole = desk.context(
        rows=rows,
        opened=opened.company_id if opened else None,
        counts=page.counts,
        total=sum(page.counts.values()),
        state=state,
        pages=_pages(page, view),
        connection=desk.connection,
    )
    return make_response(render_template("links/index.html", **whole | (context or {})), status)


def _pages(page: Page, view: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    """The views that Previous and Next lead to."""
    same = {name: value for name, value in view.items() if name in {"q", "state"}}
    return {
        "previous": same | {"before": _text(page.previous)} if page.previous else None,
        "next": same | {"after": _text(page.next)} if page.next else None,
    }


def _text(cursor: tuple[str, int]) -> str:
    return f"{cursor[1]}.{cursor[0]}"


def _cursor(text: str | None) -> tuple[str, int] | None:
    number, _dot, name = (text or "").partition(".")
    id_ = row_id(number)
    return None if id_ is None else (name, id_)
