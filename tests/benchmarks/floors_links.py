"""The least that a page of companies costs: bare Flask, Jinja and sqlite3, paged by key, with trigrams."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Flask, render_template, request
from jinja2 import DictLoader

PAGE = """<!doctype html><html lang="en"><head><title>Companies</title></head><body><h1>Companies</h1>
<form><input name="q" value="{{ q }}"><button>Search</button></form>
{% include "rows.html" %}
{% if rows %}<a href="?after={{ rows[-1].id }}.{{ rows[-1].sort_name }}">Next</a>{% endif %}</body></html>"""
ROWS = """<table><tbody>
{% for row in rows %}<tr id="row-{{ row.id }}">
<th>{{ row.name }} <span>{{ row.number }} {{ row.city }} {{ row.email }}</span></th>
<td>{{ row.remote_name }}</td><td>{{ row.state }}</td><td><a href="/{{ row.id }}/edit">Edit</a></td></tr>
{% endfor %}</tbody></table>"""
COLUMNS = "id, name, sort_name, number, city, email, remote_name, state"


def flask_page(path: str) -> Flask:
    """A page of 50 companies and its rows alone at ``/rows``; nobody signs in.

    path: an SQLite file with a table ``company`` and its FTS5 trigram index ``company_search``.
    """
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE, "rows.html": ROWS})

    def read() -> dict[str, Any]:
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        where, values = "1", []
        text, after = request.args.get("q", ""), request.args.get("after", "")
        if text:
            where = "id IN (SELECT rowid FROM company_search WHERE company_search MATCH ?)"
            values.append('"' + text + '"')
        if after:
            number, _dot, name = after.partition(".")
            where += " AND (sort_name, id) > (?, ?)"
            values += [name, int(number)]
        statement = f"SELECT {COLUMNS} FROM company WHERE {where} ORDER BY sort_name, id LIMIT 50"
        rows = connection.execute(statement, values).fetchall()
        connection.close()
        return {"rows": [dict(row) for row in rows], "q": text}

    @app.get("/")
    def page() -> str:
        return render_template("page.html", **read())

    @app.get("/rows")
    def rows() -> str:
        return render_template("rows.html", **read())

    return app


def prepare(path: str, companies: list[tuple[Any, ...]]) -> None:
    """Make the file: rows of ``COLUMNS``."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE company (id INTEGER PRIMARY KEY, name TEXT, sort_name TEXT, number TEXT, city TEXT,"
            " email TEXT, remote_name TEXT, state TEXT, folded TEXT)"
        )
        marks = ", ".join("?" * 9)
        connection.executemany(
            f"INSERT INTO company VALUES ({marks})",
            ((*row, f"{row[2]} {row[3]} {row[4]} {row[5]}".lower()) for row in companies),
        )
        connection.execute("CREATE INDEX company_sort ON company (sort_name, id)")
        connection.execute(
            "CREATE VIRTUAL TABLE company_search USING fts5(folded, content='company', content_rowid='id',"
            " tokenize='trigram')"
        )
        connection.execute("INSERT INTO company_search(company_search) VALUES ('rebuild')")
        connection.execute("ANALYZE")
    connection.close()
