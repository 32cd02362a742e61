"""The page at `/`: the companies, the recent calls, and buttons for the failures and the clock."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from . import clock, control, failures, identity, oauth, pages
from .home_words import WORDS
from .sample import COMPANIES
from .state import sandbox

blueprint = Blueprint("home", __name__)
SHOWN_CALLS = 50
HOUR, DAY = 3600, 86_400


@blueprint.before_request
def only_from_here() -> control.Answer | None:
    """Let anybody on this computer see the page, and only the page itself press its buttons."""
    return control.refuse_others(pages_too=request.method == "GET")


@blueprint.get("/")
def show() -> Response:
    """Show the page."""
    return _page()


@blueprint.post("/")
def act() -> BaseResponse:
    """Do what a button says and show the page anew; 422 with a reason for what cannot be done."""
    action = _ACTIONS.get(request.form.get("action", ""), _order)
    try:
        done = action()
    except failures.FailureError:
        answer = _page(problem="bad_fault", typed=request.form)
        answer.status_code = 422
        return answer
    return redirect(url_for("home.show", locale=pages.language(WORDS), done=done), 303)


def _page(**context: Any) -> Response:
    box = sandbox()
    done = request.args.get("done", "")
    return pages.page(
        "home.html",
        WORDS,
        policy=f"{pages.CSP}; form-action 'self'",
        base=request.host_url.rstrip("/"),
        client=(identity.CLIENT_ID, oauth.CLIENT_SECRET),
        companies=COMPANIES.values(),
        kinds=failures.KINDS,
        waiting=box.failures.waiting(),
        calls=list(islice(reversed(box.request_log.copy()), SHOWN_CALLS)),
        now=datetime.fromtimestamp(box.clock.now(), clock.COMPANY_ZONE).isoformat(" "),
        throttled=box.throttle is not None,
        done=done if done in _DONE else "",
        **{"problem": "", "typed": {}, **context},
    )


def _order() -> str:
    form = request.form
    wish: dict[str, Any] = {"kind": form.get("kind"), "times": _number(form.get("times", "1"))}
    wish |= {name: form[name].strip() for name in ("entity", "method") if form.get(name, "").strip()}
    sandbox().failures.order(wish)
    return "ordered"


def _number(text: str) -> int | str:
    """The number that was typed, or the text itself, which is then refused."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text


def _forget() -> str:
    sandbox().failures.clear()
    return "forgotten"


def _advance(seconds: int) -> Callable[[], str]:
    def advance() -> str:
        sandbox().clock.advance(seconds)
        return "advanced"

    return advance


def _reset() -> str:
    sandbox().reset()
    return "restored"


_ACTIONS: dict[str, Callable[[], str]] = {
    "forget": _forget,
    "hour": _advance(HOUR),
    "day": _advance(DAY),
    "reset": _reset,
}
_DONE = ("ordered", "forgotten", "advanced", "restored")
