"""The accounting API: `/v3/company/{realmId}/…`."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request

from . import clock, engine, entities, failures, faults, grants, jsontext, query, selecting
from .books import Body, Books
from .state import sandbox

blueprint = Blueprint("api", __name__, url_prefix="/v3/company/<realm>")
LONGEST_REQUESTID = 50
_JSON = "application/json"
_QUERY_TYPES = ("application/text", "text/plain")


@blueprint.url_value_preprocessor
def take_realm(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the company of the address for every function here."""
    g.realm = (values or {}).pop("realm", "")


@blueprint.before_request
def authorize() -> Response | None:
    """Let in only a bearer of this company who asks for JSON."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = sandbox().grants.bearer(token.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        return failures.unauthorized(_now())
    if bearer.realm != g.realm or grants.ACCOUNTING not in bearer.scopes:
        raise faults.wrong_realm()
    if _JSON not in request.headers.get("Accept", ""):
        return _xml_note()
    return None


@blueprint.route("/query", methods=["GET", "POST"])
def run_query() -> Response:
    """Answer a query sent in the address or as a text body."""
    text = _query_text()
    with sandbox().store.reading() as db:
        found = selecting.run(db, g.realm, query.parse(text))
    return _answer("QueryResponse", found)


@blueprint.get("/<path>")
def read_fixed(path: str) -> Response:
    """Read what there is only one of: preferences."""
    spec = _entity(path)
    if spec.family != "fixed":
        raise faults.unsupported(request.path)
    return _read(spec, "1")


@blueprint.get("/<path>/<object_id>")
def read(path: str, object_id: str) -> Response:
    """Read one object by its id; CompanyInfo goes by the realm."""
    spec = _entity(path)
    if spec.family == "fixed" and object_id == g.realm:
        object_id = "1"
    elif spec.name != "TaxCode":
        engine.check_id(object_id)
    return _read(spec, object_id)


@blueprint.post("/<path>")
def write(path: str) -> Response:
    """Create, update, delete or void an object."""
    spec = _entity(path)
    body = _json_body()
    operation = request.args.get("operation", "").lower()
    include = request.args.get("include", "").lower()
    allow_duplicates = "allowduplicatedocnum" in include

    def act(books: Books) -> Body:
        if operation == "delete":
            return engine.delete(books, spec, body)
        if operation == "void" or include == "void":
            return engine.void(books, spec, body)
        return engine.save(books, spec, body, allow_duplicates)

    if operation not in ("", "create", "update", "delete", "void"):
        raise faults.unsupported(f"operation={operation}")
    status, answer = perform(_requestid(), lambda books: _wrap(spec.name, jsontext.dumps(act(books))))
    return Response(answer, status, mimetype=_JSON)


def perform(requestid: str | None, action: Callable[[Books], bytes]) -> tuple[int, bytes]:
    """Run a write and keep its answer under its requestid, in one transaction.

    The same requestid again gets the same status and the same bytes, and nothing is done twice: also when the
    two come at once, since writes run one after the other. Refusals are kept too.
    action: from the Books to the answer's bytes.
    """
    store, now = sandbox().store, _now()
    with store.writing() as db:
        if requestid is not None:
            kept = db.execute(
                "SELECT status, body FROM replay WHERE realm = ? AND requestid = ?", (g.realm, requestid)
            ).fetchone()
            if kept:
                return kept[0], kept[1]
        try:
            with store.savepoint(db):
                status, answer = 200, action(Books(db, g.realm, now))
        except faults.Fault as fault:
            status, answer = fault.status, fault.body(clock.answer_time(now))
        if requestid is not None:
            db.execute("INSERT INTO replay VALUES (?, ?, ?, ?)", (g.realm, requestid, status, answer))
    return status, answer


def _now() -> int:
    return sandbox().clock.now()


def _entity(path: str) -> entities.Entity:
    spec = entities.BY_PATH.get(path.lower())
    if spec is None:
        raise faults.unsupported(request.path)
    return spec


def _read(spec: entities.Entity, object_id: str) -> Response:
    with sandbox().store.reading() as db:
        text = Books(db, g.realm, _now()).text(spec.name, object_id)
    if text is None:
        raise faults.not_found()
    return _answer(spec.name, text)


def _answer(key: str, text: str) -> Response:
    return Response(_wrap(key, text), mimetype=_JSON)


def _wrap(key: str, text: str) -> bytes:
    return f'{{"{key}":{text},"time":"{clock.answer_time(_now())}"}}'.encode()


def _json_body() -> Body:
    if request.mimetype != _JSON:
        raise faults.media_type(request.mimetype)
    try:
        body = jsontext.loads(request.get_data())
    except jsontext.JsonError as error:
        raise faults.bad_property(f"Unexpected JSON: {error}") from error
    if not isinstance(body, dict):
        raise faults.bad_property("The body must be an object;")
    return body


def _query_text() -> str:
    if request.method == "GET":
        text = request.args.get("query", "")
    elif request.mimetype in _QUERY_TYPES:
        text = request.get_data().decode("utf-8", "replace")
    else:
        raise faults.media_type(request.mimetype)
    if not text.strip():
        raise faults.required("query")
    return text


def _requestid() -> str | None:
    requestid = request.args.get("requestid")
    if requestid is not None and not 1 <= len(requestid) <= LONGEST_REQUESTID:
        raise faults.bad_requestid()
    return requestid


def _xml_note() -> Response:
    """Intuit answers XML unless JSON is asked for; this server says in XML that it has only JSON."""
    detail = "This server answers JSON only: send the header Accept: application/json"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="{clock.answer_time(_now())}">'
        f'<Fault type="ValidationFault"><Error code="500"><Message>Unsupported Operation</Message>'
        f"<Detail>{detail}</Detail></Error></Fault></IntuitResponse>"
    )
    return Response(body, 406, mimetype="application/xml")
