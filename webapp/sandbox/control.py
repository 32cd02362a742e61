"""The control addresses: tokens without a browser, sample data, failures, the request log and the clock."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import choices, grants, jsontext, sample
from .books import Body, Books
from .failures import FailureError
from .state import sandbox
from .webhooks import WebhookError

blueprint = Blueprint("control", __name__, url_prefix="/control")
REDIRECT_URI = "http://localhost/control"
PREFERENCES = ("AccountingInfoPrefs", "CurrencyPrefs", "OtherPrefs", "SalesFormsPrefs", "TaxPrefs",
               "VendorAndPurchasesPrefs")  # fmt: skip
Answer = Response | tuple[Response, int]


class ControlError(ValueError):
    """A control request that cannot be understood; answered with its words and status 400."""


@blueprint.before_request
def only_from_here() -> Answer | None:
    """Refuse other machines, and pages of other sites in a browser on this one."""
    return refuse_others()


def refuse_others(pages_too: bool = False) -> Answer | None:
    """The refusal of a call from another machine or from another site's page; None for all others.

    Browsers say where a call comes from in Sec-Fetch-Site, older ones in Origin; programs say neither.
    pages_too: let pages of other sites lead here.
    """
    address = request.remote_addr or ""
    if not (address.startswith("127.") or address == "::1"):
        return jsonify(error="The control addresses answer this computer only"), 403
    foreign = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    if not pages_too and (foreign or origin != request.host_url.rstrip("/")):
        return jsonify(error="The control addresses do not answer web pages"), 403
    return None


@blueprint.post("/tokens")
def tokens() -> Answer:
    """Grant and exchange in one step: `{"company": "us"|"ca"}`."""
    company = _company(_wish("company"))
    scope = f"{grants.ACCOUNTING} openid profile email phone address"
    grants_book = sandbox().grants
    code = grants_book.consent(company.realm, scope, REDIRECT_URI)
    granted = grants_book.exchange(code, REDIRECT_URI)
    return jsonify(realmId=granted.realm, access_token=granted.access, refresh_token=granted.refresh)


@blueprint.post("/reset")
def reset() -> Answer:
    """Restore sample data and real time; forget failures, webhooks, the request log and remembered answers.

    Tokens stay good.
    """
    sandbox().reset()
    return jsonify(companies=list(sample.COMPANIES))


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
def faults() -> Answer:
    """Order a failure, list those still to come, or forget them."""
    failures = sandbox().failures
    if request.method == "POST":
        failures.order(_wish("kind", "times", "method", "entity", "seconds"))
    if request.method == "DELETE":
        failures.clear()
    return jsonify(faults=failures.waiting())


@blueprint.route("/webhooks", methods=["GET", "POST", "DELETE"])
def webhooks() -> Answer:
    """Say where to send notifications, list those that were sent, or stop sending."""
    sender = sandbox().webhooks
    if request.method == "POST":
        sender.aim(_wish("url", "format", "verifier", "minute_seconds"))
    if request.method == "DELETE":
        sender.forget()
    return jsonify(url=sender.target.url if sender.target else None, deliveries=sender.deliveries())


@blueprint.get("/requests")
def requests() -> Answer:
    """What came in since the last reset, oldest first."""
    return jsonify(list(sandbox().request_log.copy()))


@blueprint.route("/clock", methods=["GET", "POST"])
def move_clock() -> Answer:
    """Move the server's clock: `{"advance": seconds}`."""
    clock = sandbox().clock
    if request.method == "POST":
        seconds = _wish("advance").get("advance")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or abs(seconds) > 10**10:
            raise ControlError("advance must be a whole number of seconds")
        clock.advance(seconds)
    return jsonify(now=clock.now())


@blueprint.route("/choices", methods=["GET", "POST"])
def decide() -> Answer:
    """Decide what Intuit's documents leave open: `{"batch_items": "50"}`; GET lists the choices."""
    wish = _wish(*choices.CHOICES)
    with sandbox().store.writing() as db:
        for name, value in wish.items():
            choices.make(db, name, str(value))
        return jsonify(choices.all_made(db))


@blueprint.post("/preferences")
def preferences() -> Answer:
    """Change a company's preferences: `{"company": "us", "AccountingInfoPrefs": {"BookCloseDate": "…"}}`."""
    wish = _wish("company", *PREFERENCES)
    company, box = _company(wish), sandbox()
    with box.store.writing() as db:
        books = Books(db, company.realm, box.clock.now())
        changed = books.get("Preferences", "1")
        for section, values in _sections().items():
            changed[section] = {**changed.get(section, {}), **values}
        books.change("Preferences", changed)
    return jsonify(company=company.realm)


@blueprint.errorhandler(ControlError)
@blueprint.errorhandler(FailureError)
@blueprint.errorhandler(choices.ChoiceError)
@blueprint.errorhandler(WebhookError)
def refuse(error: ValueError) -> Answer:
    """Say what is wrong with a control request."""
    return jsonify(error=str(error)), 400


def _wish(*names: str) -> dict[str, Any]:
    """The JSON object of the request, with no other keys than these; an empty body is an empty object."""
    wish = request.get_json(silent=True) if request.content_length else {}
    if not isinstance(wish, dict):
        raise ControlError("The body must be a JSON object, with Content-Type: application/json")
    unknown = set(wish) - set(names)
    if unknown:
        raise ControlError(f"unknown: {', '.join(sorted(unknown))}")
    return wish


def _sections() -> Body:
    """The preferences of the request, read as the books keep them: with exact decimals."""
    body = jsontext.loads(request.get_data()) if request.content_length else {}
    sections = {name: values for name, values in body.items() if name in PREFERENCES}
    if not all(isinstance(values, dict) for values in sections.values()):
        raise ControlError("every section of preferences must be an object")
    return sections


def _company(wish: dict[str, Any]) -> sample.Company:
    key = wish.get("company", "us")
    if key not in sample.COMPANIES:
        raise ControlError(f"company must be one of {', '.join(sample.COMPANIES)}")
    return sample.COMPANIES[key]
