"""The accounting API: `/v3/company/{realmId}/…`."""

from typing import Any

from flask import Blueprint, Response, g, request

from . import (
    authfaults,
    batch,
    cdc,
    clock,
    currencies,
    engine,
    entities,
    failures,
    faults,
    grants,
    identity,
    jsontext,
    orders,
    payment_links,
    query,
    reports,
    selecting,
    taxservice,
    writing,
)
from .books import Body, Books
from .state import sandbox

blueprint = Blueprint("api", __name__, url_prefix="/v3/company/<realm>")
_JSON = "application/json"
_QUERY_TYPES = ("application/text", "text/plain")
# What answers something else than JSON, whatever is asked for, and what has a limit of its own.
_NOT_JSON = ("api.show_pdf", "api.download")
_COUNTED = {"api.run_batch": "batch", "api.send": "e-mail"}


@blueprint.url_value_preprocessor
def take_realm(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the company of the address for every function here."""
    g.realm = (values or {}).pop("realm", "")


@blueprint.before_request
def authorize() -> Response | None:
    """Let in only a bearer of this company who asks for JSON."""
    box, realm = sandbox(), g.realm
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = box.grants.bearer(token.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        return failures.unauthorized(_now())
    if bearer.realm != realm or grants.ACCOUNTING not in bearer.scopes:
        raise authfaults.wrong_realm()
    if not _takes_json() and request.endpoint not in _NOT_JSON:
        return _xml_note()
    if box.throttle:
        kind = _COUNTED.get(request.endpoint or "", "")
        box.throttle.admit(realm, identity.CLIENT_ID, kind, box.clock.moment())
    return None


@blueprint.get("/cdc")
def changes() -> Response:
    """Answer what changed since a moment."""
    with sandbox().store.reading() as db:
        names, since = request.args.get("entities", ""), request.args.get("changedSince", "")
        found = cdc.run(db, g.realm, names, since, _now())
    return _answer("CDCResponse", found)


@blueprint.route("/query", methods=["GET", "POST"])
def run_query() -> Response:
    """Answer a query sent in the address or as a text body."""
    text = _query_text()
    with sandbox().store.reading() as db:
        found = selecting.run(db, g.realm, query.parse(text))
    return _answer("QueryResponse", found)


@blueprint.get("/reports/<name>")
def report(name: str) -> Response:
    """Answer a report; it may open an account that its figures need."""
    with sandbox().store.writing() as db:
        found = reports.run(Books(db, g.realm, _now()), name, request.args)
    return Response(jsontext.dumps(found), mimetype=_JSON)


@blueprint.get("/<path>")
def read_fixed(path: str) -> Response:
    """Read what goes by no id: preferences, and the rate of a currency on a day."""
    spec = entity_of(path)
    if spec.name == "ExchangeRate":
        return _read_rate()
    if spec.family != "fixed":
        raise faults.unsupported(request.path)
    return _read(spec, "1")


@blueprint.get("/<path>/<object_id>")
def read(path: str, object_id: str) -> Response:
    """Read one object by its id; CompanyInfo goes by the realm."""
    spec = entity_of(path)
    if spec.family == "fixed" and object_id == g.realm:
        object_id = "1"
    elif spec.name != "TaxCode":
        engine.check_id(object_id)
    return _read(spec, object_id)


@blueprint.post("/<path>")
def write(path: str) -> Response:
    """Create, update, delete or void an object."""
    spec = entity_of(path)
    arguments, box = request.args, sandbox()
    operation, options = arguments.get("operation", "").lower(), arguments.get("include", "").lower()
    order = orders.Order(spec, _json_body(), operation, options)
    orders.prepare(box.store, g.realm, box.clock.now(), order)

    def act(books: Books) -> bytes:
        return writing.wrap(spec.name, writing.answered(books, spec, order.carry_out(books)), books.now)

    return perform(act)


@blueprint.post("/taxservice/taxcode")
def create_tax_code() -> Response:
    """Make a tax code with its rates; unlike everything else it is answered bare."""
    body = _json_body()

    def act(books: Books) -> bytes:
        made = taxservice.create(books, body)
        return jsontext.dumps({**made, "time": clock.answer_time(books.now)}).encode()

    return perform(act)


@blueprint.post("/batch")
def run_batch() -> Response:
    """Carry out up to 30 items, each for itself."""
    requestid = writing.check_requestid(request.args.get("requestid"), batch.LONGEST_REQUESTID)
    answer = batch.run(sandbox(), g.realm, requestid, _json_body())
    return Response(answer, mimetype=_JSON)


def perform(act: writing.Action) -> Response:
    """Run a write under the requestid of the address and answer what it gives."""
    requestid = writing.check_requestid(request.args.get("requestid"))
    key = writing.Key.of(requestid, *_request_parts()) if requestid is not None else None
    status, answer = writing.perform(sandbox(), g.realm, key, act)
    return Response(answer, status, mimetype=_JSON)


def _request_parts() -> tuple[bytes, ...]:
    """What makes a request the same one when it is sent again."""
    arguments = sorted(pair for pair in request.args.items(multi=True) if pair[0] != "requestid")
    return request.path.encode(), repr(arguments).encode(), request.get_data()


def entity_of(path: str) -> entities.Entity:
    """The entity that a segment of an address names; raises Fault 500 for none."""
    spec = entities.BY_PATH.get(path.lower())
    if spec is None:
        raise faults.unsupported(request.path)
    return spec


def _read_rate() -> Response:
    arguments = {name.lower(): value for name, value in request.args.items()}
    if not arguments.get("sourcecurrencycode"):
        raise faults.required("sourcecurrencycode")
    with sandbox().store.reading() as db:
        books = Books(db, g.realm, _now())
        day = arguments.get("asofdate")
        rate = currencies.rate_of(books, arguments["sourcecurrencycode"], day)
    return _answer("ExchangeRate", jsontext.dumps(rate))


def _now() -> int:
    return sandbox().clock.now()


def _read(spec: entities.Entity, object_id: str) -> Response:
    with sandbox().store.reading() as db:
        text = Books(db, g.realm, _now()).text(spec.name, object_id)
    if text is None:
        raise faults.not_found()
    if spec.name == "Invoice" and "invoicelink" in request.args.get("include", "").lower():
        text = payment_links.with_link(g.realm, text)
    return _answer(spec.name, text)


def _answer(key: str, text: str) -> Response:
    return Response(writing.wrap(key, text, _now()), mimetype=_JSON)


def _json_body() -> Body:
    if _JSON not in (request.content_type, request.mimetype):
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


def _takes_json() -> bool:
    """Whether JSON was asked for by name; Intuit answers XML to everything else, also to any type at all."""
    if request.headers.get("Accept") == _JSON:
        return True
    accepted = request.accept_mimetypes
    return any(name.partition(";")[0].lower() == _JSON and quality > 0 for name, quality in accepted)


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
