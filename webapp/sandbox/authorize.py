"""The consent page: choose a sample company and connect, or cancel."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from . import grants, identity, pages
from .sample import COMPANIES
from .state import sandbox

blueprint = Blueprint("authorize", __name__)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CARRIED = ("client_id", "response_type", "scope", "redirect_uri", "state", "nonce", "locale")
_WORDS = {
    "en": {
        "title": "Connect to a sample company",
        "about": "This is a local QuickBooks-compatible server with invented data. "
        "No Intuit account is involved.",
        "scope": "The application asks to read and change accounting data.",
        "company": "Company",
        "allow": "Connect",
        "deny": "Cancel",
        "problem": "This connection request cannot be used",
        "unknown_client": "The client id is not the one of this server: sandbox-client.",
        "bad_redirect": "The redirect address is missing or does not lead back to this computer.",
        "no_state": "The request carries no state, which Intuit requires.",
        "bad_type": "Only response_type=code is served.",
        "bad_company": "Choose one of the companies.",
    },
    "fr": {
        "title": "Se connecter à une entreprise fictive",
        "about": "Ceci est un serveur local compatible avec QuickBooks; ses données sont inventées "
        "et aucun compte Intuit n’est utilisé.",
        "scope": "L’application demande à lire et à modifier les données comptables.",
        "company": "Entreprise",
        "allow": "Connecter",
        "deny": "Annuler",
        "problem": "Cette demande de connexion est inutilisable",
        "unknown_client": "L’identifiant client n’est pas celui de ce serveur : sandbox-client.",
        "bad_redirect": "L’adresse de retour manque ou ne ramène pas à cet ordinateur.",
        "no_state": "La demande ne contient pas de « state », qu’Intuit exige.",
        "bad_type": "Seul response_type=code est accepté.",
        "bad_company": "Choisissez une des entreprises.",
    },
}


@blueprint.get("/connect/oauth2")
def page() -> BaseResponse:
    """Show the consent page, or say why the request is refused."""
    refusal = _refusal(request.args)
    return refusal or _page("authorize.html", fields=_carried(request.args), companies=COMPANIES)


@blueprint.post("/connect/oauth2")
def decide() -> BaseResponse:
    """Send the user back to the application with a code, or with access_denied."""
    form = request.form
    refusal = _refusal(form)
    if refusal:
        return refusal
    if form.get("decision") != "allow":
        return _back(form, error="access_denied")
    company = COMPANIES.get(form.get("company", ""))
    if company is None:
        return _problem("bad_company")
    code = sandbox().grants.consent(company.realm, form["scope"], form["redirect_uri"], form.get("nonce"))
    return _back(form, code=code, realmId=company.realm)


def _refusal(values: MultiDict[str, str]) -> BaseResponse | None:
    """The answer to a request that cannot be granted, or None.

    A request whose sender is not known is answered with a page, never with a redirect.
    """
    if values.get("client_id") != identity.CLIENT_ID:
        return _problem("unknown_client")
    if not _is_loopback(values.get("redirect_uri", "")):
        return _problem("bad_redirect")
    if values.get("response_type") != "code":
        return _problem("bad_type")
    if not values.get("state"):
        return _problem("no_state")
    scopes = values.get("scope", "").split()
    if not scopes or not grants.SCOPES.issuperset(scopes):
        return _back(values, error="invalid_scope")
    return None


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and parts.port != 0
    except ValueError:
        return False


def _back(values: MultiDict[str, str], **parameters: str) -> BaseResponse:
    """Redirect to the application, keeping what its address has of its own query."""
    parts = urlsplit(values["redirect_uri"])
    added = urlencode({**parameters, "state": values["state"]})
    query = f"{parts.query}&{added}" if parts.query else added
    answer = redirect(urlunsplit(parts._replace(query=query, fragment="")), 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _carried(values: MultiDict[str, str]) -> dict[str, str]:
    return {name: values[name] for name in _CARRIED if name in values}


def _problem(reason: str) -> Response:
    answer = _page("problem.html", reason=reason)
    answer.status_code = 400
    return answer


def _page(template: str, **context: Any) -> Response:
    return pages.page(template, _WORDS, **context)
