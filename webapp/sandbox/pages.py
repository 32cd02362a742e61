"""What the pages for people have in common: the reader's language and the headers."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Response, make_response, render_template, request

CSP = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# A page's words by language.
Words = Mapping[str, Mapping[str, str]]


def language(known: Collection[str]) -> str:
    """The language that the address or the form asks for, else the browser's, else English."""
    chosen = (request.values.get("locale") or "").lower()[:2]
    return chosen if chosen in known else request.accept_languages.best_match(known) or "en"


def page(template: str, words: Words, *, policy: str = CSP, **context: Any) -> Response:
    """A page in the reader's language, with a Content-Security-Policy."""
    chosen = language(words)
    answer = make_response(render_template(template, language=chosen, words=words[chosen], **context))
    answer.headers.update({"Content-Security-Policy": policy, **_HEADERS})
    return answer
