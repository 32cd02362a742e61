"""The sandbox as a Flask application: parts put together, and what every answer has in common."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from . import api_files, attachments, authorize, choices, clock, failures, faults, home, oauth, viewer
from . import control as control_addresses
from .state import Sandbox, sandbox

LARGEST_BODY = 1_000_000
ROTATE_AFTER = 86_400
# What is no call to Intuit.
_UNLOGGED = ("/app/", "/control", "/static", "/favicon", "/download")


def create_sandbox(
    store: str | None = None,
    *,
    control: bool = True,
    rotate_after: int = ROTATE_AFTER,
    throttle: bool = False,
) -> Flask:
    """Build the sandbox application.

    store: an SQLite file that survives restarts, or None for memory. control: serve the control addresses.
    rotate_after: seconds after which a refresh token changes its value; 0 changes it on every use.
    throttle: refuse calls beyond Intuit's published limits.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["sandbox"] = Sandbox(store, rotate_after, throttle)
    app.before_request(_refuse_strangers)
    app.before_request(_fail_on_order)
    app.after_request(_finish)
    app.register_error_handler(faults.Fault, _answer_fault)
    app.register_error_handler(RecursionError, _answer_nesting)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_breakdown)
    app.register_blueprint(oauth.blueprint)
    app.register_blueprint(authorize.blueprint)
    app.register_blueprint(api_files.blueprint)
    app.add_url_rule("/download/<token>", "download", _download)
    app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
    if control:
        app.register_blueprint(control_addresses.blueprint)
        app.register_blueprint(home.blueprint)
        app.register_blueprint(viewer.blueprint)
    return app


def _refuse_strangers() -> Response | None:
    """Answer loopback names only, so that no other site reaches the server by a name of its own."""
    number = secrets.token_hex(16)
    g.intuit_tid = f"1-{number[:8]}-{number[8:]}"
    try:
        host = urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname
    except ValueError:
        host = None
    if host not in authorize.LOOPBACK:
        return Response("This server answers localhost only.\n", 421, mimetype="text/plain")
    return None


def _fail_on_order() -> Response | None:
    entity = failures.entity_of(request.path)
    if entity is None:
        return None
    box = sandbox()
    failure = box.failures.take(request.method, entity)
    return failures.begin(failure, box.clock.now()) if failure else None


def _finish(response: Response) -> Response:
    """Number the answer, log the call, and cut the connection where a failure was ordered."""
    number, path = g.intuit_tid, request.path
    response.headers["intuit_tid"] = number
    if response.status_code == 429:
        _tell_to_wait(response)
    dropped = g.get("drop", False)
    if path != "/" and not path.startswith(_UNLOGGED):
        query = request.query_string
        sandbox().request_log.append(
            {
                "method": request.method,
                "path": path,
                "query": query.decode("utf-8", "replace"),
                "status": None if dropped else response.status_code,
                "requestid": request.args.get("requestid") if query else None,
                "intuit_tid": number,
            }
        )
    if dropped:
        failures.cut_connection()
    return response


def _tell_to_wait(response: Response) -> None:
    """Intuit documents no Retry-After; the choice `retry_after` adds one."""
    with sandbox().store.reading() as db:
        seconds = choices.made(db, "retry_after")
    if seconds:
        response.headers["Retry-After"] = seconds


def _download(token: str) -> Response:
    """Give back an uploaded file; the address itself is the permission, as it is at Intuit."""
    found = attachments.find(sandbox().store, token)
    if found is None:
        return Response("There is no such file.\n", 404, mimetype="text/plain")
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers.update({"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"})
    return answer


def _answer_fault(fault: faults.Fault) -> Response:
    time = clock.answer_time(sandbox().clock.now())
    return Response(fault.body(time), fault.status, mimetype="application/json")


def _answer_http_error(error: HTTPException) -> Response | HTTPException:
    """Under the API every refusal is a fault body; elsewhere the framework's own page will do."""
    if not request.path.startswith("/v3/") or error.code is None or error.code < 400:
        return error
    if error.code == 413:
        return _answer_fault(faults.too_large(request.max_content_length or LARGEST_BODY))
    return _answer_fault(faults.unsupported(request.path))


def _answer_nesting(error: RecursionError) -> Response:
    return _answer_fault(faults.bad_property("Nesting this deep"))


def _answer_breakdown(error: Exception) -> Response:
    current_app.logger.exception("The sandbox failed on %s %s", request.method, request.path)
    return _answer_fault(faults.system_fault())
