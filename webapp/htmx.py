"""What HTMX asks of the server: fragments instead of pages, 422 for invalid forms, toasts, redirects.

Branches on ``HX-Request`` only, never on element ids, so that every address means one thing.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask import redirect as http_redirect
from werkzeug.wrappers import Response as BaseResponse


def is_htmx() -> bool:
    """Whether HTMX sent the request and swaps a fragment."""
    return request.headers.get("HX-Request") == "true"


def render(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Render the fragment for HTMX, the whole page otherwise."""
    return make_response(render_template(fragment if is_htmx() else page, **context), status)


def invalid(page: str, fragment: str, **context: Any) -> Response:
    """Answer 422 with the same form, its typed values and its errors."""
    return render(page, fragment, status=422, **context)


def done(fragment: str, url: str, message: str, undo: str | None = None, **context: Any) -> BaseResponse:
    """Answer a change that was saved: the read fragment and a toast, or a redirect to the page.

    ``undo`` is the address that takes the change back (a POST); it is offered in the toast.
    """
    if not is_htmx():
        flash(message, "undo:" + undo if undo else "message")
        return http_redirect(url, 303)
    return toast(make_response(render_template(fragment, **context)), message, undo)


def toast(response: Response, message: str, undo: str | None = None) -> Response:
    """Have the page show a short message; JSON keeps the header ASCII."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"message": message, "undo": undo}})
    return response


def redirect(url: str) -> BaseResponse:
    """Send the whole page elsewhere: 303, or ``HX-Redirect`` since HTMX would swap a redirect's target."""
    if is_htmx():
        return Response(status=200, headers={"HX-Redirect": url})
    return http_redirect(url, 303)
