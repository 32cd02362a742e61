"""One company's accounting API: reads, queries and writes, with typed errors and exact money.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/invoice
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote as quote_path

import requests
from requests.auth import AuthBase

from webapp.quickbooks import jsontext, query
from webapp.quickbooks.changes import Changes, changes_in
from webapp.quickbooks.endpoints import Endpoints
from webapp.quickbooks.errors import AuthExpired, UnexpectedAnswer, Unreachable
from webapp.quickbooks.faults import header, parse_fault

Entity = dict[str, Any]
CallKind = Literal["read", "write"]

MINOR_VERSION = "75"
LONGEST_QUERY_IN_URL = 2000
# These are voided by an update, everything else by an operation of its own
VOIDED_BY_UPDATE = frozenset({"Payment", "SalesReceipt", "BillPayment"})


@dataclass(frozen=True)
class _Call:
    kind: CallKind
    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"


class QuickBooksClient:
    """Calls for one company. Not for use by several threads at once; close it, or use it in ``with``.

    Every method raises the errors of ``webapp.quickbooks.errors``, each with Intuit's ``trace_id``.

    Args:
        endpoints: which environment.
        realm_id: the company.
        access_token: the token, or what gives the newest one.
        on_unauthorized: refreshes and gives a new token; asked once per call, after which it is repeated.
        before_call: asked before each request, repeats too; it may wait.
        on_call: told ``read`` or ``write`` after each call that succeeded, which is what Intuit meters.
        timeout: seconds to connect and to wait for an answer.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        realm_id: str,
        access_token: str | Callable[[], str],
        *,
        on_unauthorized: Callable[[], str] | None = None,
        before_call: Callable[[], None] | None = None,
        on_call: Callable[[str], None] | None = None,
        timeout: tuple[float, float] = (5, 60),
    ) -> None:
        self.realm_id = realm_id
        self.last_trace_id: str | None = None
        self._base = f"{endpoints.api_base}/{quote_path(realm_id, safe='')}"
        self._access_token = access_token
        self._on_unauthorized = on_unauthorized
        self._before_call = before_call
        self._on_call = on_call
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = not endpoints.is_local

    def __enter__(self) -> QuickBooksClient:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def company_info(self) -> Entity:
        """The company's name, country and addresses."""
        return self.read("CompanyInfo", self.realm_id)

    def preferences(self) -> Entity:
        """How the company is set up: numbers, tax, currencies, classes."""
        answer = self._answered(_Call("read", "GET", "preferences"))
        return _entity_of(answer, "Preferences", self.last_trace_id)

    def read(self, entity: str, remote_id: str) -> Entity:
        """One object by its id; ``ObjectNotFound`` when there is none."""
        path = f"{entity.lower()}/{quote_path(remote_id, safe='')}"
        answer = self._answered(_Call("read", "GET", path))
        return _entity_of(answer, entity, self.last_trace_id)

    def query(
        self,
        entity: str,
        where: str | None = None,
        order_by: str = "Id",
        page_size: int = query.LARGEST_PAGE,
        *,
        include_inactive: bool = False,
        start: int = 1,
    ) -> Iterator[Entity]:
        """The objects that satisfy ``where`` (see ``webapp.quickbooks.query``), fetched page by page.

        Pages are offsets, so an object that moves between two pages is given only once; one that moves
        the other way can be missed. ``start`` is the place of the first one, from 1 on.
        """
        where = query.all_of(where, query.INCLUDE_INACTIVE if include_inactive else None)
        seen: set[str] = set()
        # A larger page comes back short, which would look like the last one
        page_size = min(page_size, query.LARGEST_PAGE)
        while True:
            rows = self._select(entity, query.select(entity, where, order_by, start, page_size))
            fresh = [row for row in rows if str(row.get("Id")) not in seen]
            seen.update(str(row.get("Id")) for row in fresh)
            yield from fresh
            if len(rows) < page_size or not fresh:
                return
            start += len(rows)

    def query_one(
        self, entity: str, where: str | None = None, *, include_inactive: bool = False
    ) -> Entity | None:
        """The first object by id that satisfies ``where``, or None."""
        return next(self.query(entity, where, page_size=1, include_inactive=include_inactive), None)

    def count(self, entity: str, where: str | None = None, *, include_inactive: bool = False) -> int:
        """How many objects satisfy ``where``."""
        where = query.all_of(where, query.INCLUDE_INACTIVE if include_inactive else None)
        return int(self._query(query.count(entity, where)).get("totalCount", 0))

    def changes(self, entities: Collection[str], since: datetime) -> Changes:
        """What of these entities changed since a moment, in one answer that has 1,000 objects at most.

        Looks 30 days back at most, and not at TaxCode, TaxRate, TaxAgency, TimeActivity and JournalCode.
        https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
        """
        params = {"entities": ",".join(entities), "changedSince": since.isoformat(timespec="seconds")}
        found = changes_in(self._answered(_Call("read", "GET", "cdc", params)))
        if found is None:
            raise UnexpectedAnswer("an answer without changes", trace_id=self.last_trace_id, http_status=200)
        return found

    def create(self, entity: str, body: Entity | bytes, request_id: str) -> Entity:
        """Make an object and give what QuickBooks made of it.

        The same ``request_id`` again gives the first answer again and makes nothing, so a call whose
        outcome is unknown is repeated with the same id and the same bytes.
        """
        return self.post_bytes(entity, _bytes(body), request_id)

    def update(self, entity: str, body: Entity | bytes, request_id: str) -> Entity:
        """Change an object; ``body`` has its ``Id`` and newest ``SyncToken``.

        What is left out is cleared unless the body says ``"sparse": True``. Repeats as in ``create``.
        """
        return self.post_bytes(entity, _bytes(body), request_id)

    def void(self, entity: str, body: Entity | bytes, request_id: str) -> Entity:
        """Set a transaction's amounts to nothing and keep it; ``body`` has ``Id`` and ``SyncToken``."""
        if entity in VOIDED_BY_UPDATE:
            return self.post_bytes(entity, _bytes(body), request_id, operation="update", include="void")
        return self.post_bytes(entity, _bytes(body), request_id, operation="void")

    def delete(self, entity: str, body: Entity | bytes, request_id: str) -> Entity:
        """Delete a transaction; ``body`` has ``Id`` and ``SyncToken``. The answer's status is ``Deleted``."""
        return self.post_bytes(entity, _bytes(body), request_id, operation="delete")

    def post_bytes(
        self,
        entity: str,
        payload: bytes,
        request_id: str,
        *,
        operation: str | None = None,
        include: str | None = None,
    ) -> Entity:
        """Send exactly these bytes, so that a repeat is the same request to the last byte."""
        options = {"requestid": request_id, "operation": operation, "include": include}
        params = {name: value for name, value in options.items() if value}
        answer = self._answered(_Call("write", "POST", entity.lower(), params, payload))
        return _entity_of(answer, entity, self.last_trace_id)

    def _select(self, entity: str, text: str) -> list[Entity]:
        # The key is missing when no object satisfies the condition
        rows = self._query(text).get(entity, [])
        return rows if isinstance(rows, list) else []

    def _query(self, text: str) -> Entity:
        if len(text) <= LONGEST_QUERY_IN_URL:
            call = _Call("read", "GET", "query", {"query": text})
        else:
            call = _Call("read", "POST", "query", {}, text.encode(), "application/text")
        return _entity_of(self._answered(call), "QueryResponse", self.last_trace_id)

    def _answered(self, call: _Call) -> Entity:
        token = self._access_token() if callable(self._access_token) else self._access_token
        try:
            answer = self._send(call, token)
        except AuthExpired:
            if self._on_unauthorized is None:
                raise
            token = self._on_unauthorized()
            if not callable(self._access_token):
                self._access_token = token
            answer = self._send(call, token)
        if self._on_call:
            self._on_call(call.kind)
        return answer

    def _send(self, call: _Call, token: str) -> Entity:
        self.last_trace_id = None
        if self._before_call:
            self._before_call()
        try:
            response = self._session.request(
                call.method,
                f"{self._base}/{call.path}",
                params={**call.params, "minorversion": MINOR_VERSION},
                data=call.body,
                headers={"Accept": "application/json", "Content-Type": call.content_type},
                auth=_Bearer(token),
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            place = call.path.partition("/")[0]
            raise Unreachable(f"{call.method} {place}: {type(error).__name__}") from error
        self.last_trace_id = header(response.headers, "intuit_tid")
        return _answer(response)


class _Bearer(AuthBase):
    """Sets the token. As an auth object, so that requests does not put a .netrc entry in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _answer(response: requests.Response) -> Entity:
    """The JSON object of an answer; a status of 200 can carry a fault too."""
    text = response.content.decode("utf-8", errors="replace")
    if response.status_code != 200:
        raise parse_fault(response.status_code, response.headers, text)
    try:
        answer = jsontext.load(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "Fault" in answer or "fault" in answer:
        raise parse_fault(response.status_code, response.headers, text)
    return answer


def _entity_of(answer: Entity, entity: str, trace_id: str | None) -> Entity:
    """The object in an answer, which stands under its entity's name beside the time."""
    found = answer.get(entity)
    if not isinstance(found, dict):
        raise UnexpectedAnswer(f"an answer without {entity}", trace_id=trace_id, http_status=200)
    return found


def _bytes(body: Entity | bytes) -> bytes:
    return body if isinstance(body, bytes) else jsontext.dump(body)
