"""The QuickBooks page of four sections, and how one section is answered alone or in the page."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import access
from webapp.errors import NotFound
from webapp.htmx import is_htmx
from webapp.i18n import language
from webapp.integrations import account_view, permissions, preferences
from webapp.integrations.blueprint import integrations
from webapp.jobs import service as jobs
from webapp.links import rebuilding
from webapp.links import service as links
from webapp.models import Connection, User

PAGE = "integrations/quickbooks.html"
READ_FRAGMENTS = {
    "account_information": "integrations/account_information/_read.html",
    "permissions": "integrations/permissions/_read.html",
    "preferences": "integrations/preferences/_read.html",
}


MOST_REMEMBERED = 500
STAND_IN = "\0csrf\0"  # for the reader's token in what is remembered; no page has a NUL
_REMEMBERED: dict[bytes, str] = {}


def render_section(section: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Answer a section's fragment to HTMX, else the whole page with the fragment in the section's place.

    Args:
        section: a key of ``READ_FRAGMENTS``; the page's other sections are in read state.
        fragment: the template that shows the section.
        status: the answer's status.
        context: what the fragment needs; the page's own context stands behind it.
    """
    if is_htmx():
        return make_response(render_template(fragment, **context), status)
    whole = page_context(access.person()) | context
    return make_response(
        render_template(PAGE, fragments=READ_FRAGMENTS | {section: fragment}, open=section, **whole), status
    )


def remembered(material: tuple[object, ...], make: Callable[[], BaseResponse]) -> Response:
    """An answer to HTMX that was given before to the same question, with the reader's own token in its forms.

    Args:
        material: all that the answer is made of beside the reader's language.
        make: makes the answer when it is not remembered.
    """
    text = _recall(material, lambda: make().get_data(as_text=True).replace(generate_csrf(), STAND_IN))
    return make_response(text.replace(STAND_IN, generate_csrf()))


@integrations.app_template_global()
def part(template: str, **variables: object) -> Markup:
    """A part of a page that is made of these variables and nothing else, remembered by them.

    Args:
        template: has no form, and says nothing of who reads it but in the reader's language.
        variables: values whose ``repr`` tells all of them.
    """
    made = current_app.jinja_env.get_template(template)
    return Markup(_recall((template, variables), lambda: made.render(variables)))  # noqa: S704 - a template's


def _recall(material: tuple[object, ...], make: Callable[[], str]) -> str:
    """A text that was made before of the same material in the reader's language, or is made now."""
    written = repr((language(), request.script_root, material))
    key = blake2b(written.encode("utf-8", "surrogatepass")).digest()
    text = _REMEMBERED.get(key)
    if text is None:
        if len(_REMEMBERED) >= MOST_REMEMBERED:
            _REMEMBERED.pop(next(iter(_REMEMBERED)), None)
        text = _REMEMBERED[key] = make()
    return text


def render_page() -> Response:
    """The whole page, every section in read state."""
    whole = page_context(access.person())
    return make_response(render_template(PAGE, fragments=READ_FRAGMENTS, open=None, **whole))


def connection() -> Connection:
    """The reader's connection, living or not; raises NotFound where there never was one."""
    found = Connection.of(access.workspace_id())
    if found is None:
        raise NotFound
    return found


def page_context(user: User) -> dict[str, Any]:
    """What the page shows to a person: the head's state and each section's own context."""
    known = connection()
    return {
        "head": account_view.head_context(user, known),
        "account_information": account_view.read_context(user, known),
        "permissions": permissions.read_context(user, known),
        "preferences": preferences.read_context(user, known),
        **links_context(user, known),
    }


def links_context(user: User, connection: Connection | None) -> dict[str, Any]:
    """What the section on links shows: its rows, and whether anything can be changed there now."""
    return {
        "links_overview": links.read_context(user, connection),
        "links_editable": links.is_editable(connection),
        "links_can_be_suggested": connection is not None and connection.lists_read_at is not None,
        "links_are_counted": jobs.under_way(user.workspace_id, rebuilding.KIND) is None,
    }
