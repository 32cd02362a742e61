"""The table of Link companies as a page, and what each of its addresses begins with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask import Response, make_response, render_template, request, url_for

from webapp import htmx
from webapp.auth import access
from webapp.errors import Conflict, NotFound
from webapp.inputs import row_id, search_text
from webapp.integrations import permissions
from webapp.links import conflicts, service, table
from webapp.links.forms import reasons, words
from webapp.links.routes_look import Table, columns_of
from webapp.links.rows import Cursor, Page, Row, Sort, View
from webapp.links.table import text_of
from webapp.models import Connection, MemberType, StandingState, User

MEMBERS = {
    "customers": MemberType.CUSTOMER,
    "suppliers": MemberType.SUPPLIER,
    "decorators": MemberType.DECORATOR,
}
VIEW: Final = ("state", "sort", "columns", "after", "before")
LONGEST: Final = 400


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

    @cached_property
    def view(self) -> dict[str, str]:
        """The search, filter, order, columns and page of the table that the reader came from."""
        given = {"q": search_text(request.args.get("q"))}
        given |= {name: ",".join(request.args.getlist(name)).replace("\0", "")[:LONGEST] for name in VIEW}
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

    def at(self, company_id: int) -> tuple[User, Connection, int, MemberType]:
        """Who links what, as the verbs of the service take it."""
        return self.user, self.living, company_id, self.member_type

    def row(self, company_id: int) -> Row:
        """A row of the table; raises NotFound."""
        found = table.row(*self.place, company_id)
        if found is None:
            raise NotFound
        return found

    def version(self, company_id: int) -> str:
        """What stands for a row's link as it is now, so that a change by somebody else is seen."""
        return service.token(*self.place, company_id)

    def context(self, **more: Any) -> dict[str, Any]:
        """What each template of this module needs."""
        common = {
            "member": self.member,
            "words": words(self.member_type),
            "view": self.view,
            "reasons": reasons,
            "table": Table(
                address=url_for("links.index", member=self.member),
                rows=url_for("links.read", member=self.member, company_id=1).removesuffix("/1"),
                view=self.view,
                editable=self.editable,
                columns=columns_of(self.view.get("columns", "")),
            ),
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
    view: dict[str, Any] = {**desk.view}
    return url_for("links.index", member=desk.member, _anchor=anchor, **view)


def whole_page(
    desk: Desk, opened: Row | None = None, context: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """The whole page, or the table alone; with one row opened, which is shown even where the view ends."""
    given = desk.view
    page = service.page(*desk.place, _view(given))
    rows = page.rows
    place = next(
        (place for place, row in enumerate(rows) if opened and row.company_id == opened.company_id), -1
    )
    whole = desk.context(
        rows=rows,
        opened_row=opened,
        rows_before=rows[: max(place, 0)],
        rows_after=rows[place + 1 :],
        counts=page.counts,
        total=sum(page.counts.values()) if page.counts else 0,
        state=given.get("state") if given.get("state") in set(StandingState) else None,
        sort=_view(given).sort.value,
        pages=_pages(page, given),
        connection=desk.connection,
        is_empty=not rows and not given and not any((page.counts or {}).values()),
    )
    template = "links/_table.html"
    if not htmx.is_htmx():
        template = "links/index.html"
        whole["conflicts"] = sum(conflicts.counts(desk.user.workspace_id).values())
    return make_response(render_template(template, **whole | (context or {})), status)


def _view(given: dict[str, str]) -> View:
    """The view that an address names; what it does not understand counts as not said."""
    state, sort = given.get("state"), given.get("sort")
    order = Sort(sort) if sort in set(Sort) else Sort.NAME
    return View(
        text=given.get("q", ""),
        state=StandingState(state) if state in set(StandingState) else None,
        sort=order,
        after=_cursor(given.get("after"), order),
        before=_cursor(given.get("before"), order),
    )


def _pages(page: Page, given: dict[str, str]) -> dict[str, dict[str, str] | None]:
    """The views that Previous and Next lead to."""
    same = {name: value for name, value in given.items() if name not in {"after", "before"}}
    return {
        "previous": same | {"before": text_of(page.previous)} if page.previous else None,
        "next": same | {"after": text_of(page.next)} if page.next else None,
    }


def _cursor(text: str | None, sort: Sort) -> Cursor | None:
    number, _dot, place = (text or "").partition(".")
    id_ = row_id(number)
    if id_ is None:
        return None
    if sort is not Sort.SCORE:
        return place, id_
    score = row_id(place)
    return None if score is None else (score, id_)
