"""What things cost at the least: plain programs that the project's own are compared with."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from flask import Flask, Response, jsonify, render_template, request
from jinja2 import DictLoader

flask_json = Flask(__name__)


@flask_json.get("/")
def answer() -> Response:
    """A bare Flask JSON route."""
    return jsonify(hello="world")


FORM = """<form method="post" action="/{{ row.id }}">
{% for name, options in fields %}<label for="{{ name }}">{{ name }}</label>
{% if options %}<select id="{{ name }}" name="{{ name }}">
{% for value, label in options %}
<option value="{{ value }}"{% if value == row[name] %} selected{% endif %}>{{ label }}</option>
{% endfor %}</select>
{% else %}<input id="{{ name }}" name="{{ name }}" value="{{ row[name] }}">
{% endif %}{% endfor %}<p>{{ filling }}</p><button>Save</button></form>"""
READ = """<dl>{% for name, options in fields %}<dt>{{ name }}</dt><dd>{{ row[name] }}</dd>
{% endfor %}</dl><p>{{ filling }}</p>"""


def flask_form(path: str, options: Sequence[int], form_bytes: int, read_bytes: int) -> Flask:
    """Bare Flask routes that render a form from a sqlite3 row, and save it and render what is saved.

    Nobody signs in and nothing is checked. The database is as durable as the panel's (WAL, synchronous
    normal), and is opened for each request as Flask's own documentation has it.

    Args:
        path: the database; table ``saved`` has a text column per field.
        options: how many options each field has to choose from, 0 for a plain input.
        form_bytes: how long the form is; the text that fills it up is escaped like any other.
        read_bytes: how long the answer to a save is.
    """
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"form.html": FORM, "read.html": READ})
    sizes = {"form.html": form_bytes, "read.html": read_bytes}
    filling = dict.fromkeys(sizes, "")
    names = [f"field{number}" for number in range(len(options))]
    fields = [
        (name, [(str(value), f"Choice {value}") for value in range(count)])
        for name, count in zip(names, options, strict=True)
    ]

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=normal")
        return connection

    def page(template: str, id_: int) -> str:
        connection = opened()
        row = connection.execute("SELECT * FROM saved WHERE id = ?", (id_,)).fetchone()
        connection.close()
        shown = render_template(template, fields=fields, row=dict(row), filling=filling[template])
        filling[template] = filling[template] or "x" * (sizes[template] - len(shown))
        return shown

    @app.get("/<int:id_>")
    def edit(id_: int) -> str:
        return page("form.html", id_)

    @app.post("/<int:id_>")
    def save(id_: int) -> str:
        connection = opened()
        columns = ", ".join(f"{name} = ?" for name in names)
        values = [request.form.get(name, "") for name in names]
        with connection:
            connection.execute(f"UPDATE saved SET {columns} WHERE id = ?", [*values, id_])
        connection.close()
        return page("read.html", id_)

    return app
