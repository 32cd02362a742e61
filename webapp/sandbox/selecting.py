"""From a Query to SQL and to the answer's JSON, which is joined from the stored texts unread."""

import re
import sqlite3
from decimal import Decimal, InvalidOperation
from typing import Any

from . import clock, entities, faults, jsontext, rules
from .entities import Entity
from .query import Condition, Query

_TIMES = {"MetaData.CreateTime": "created", "MetaData.LastUpdatedTime": "updated"}
# Columns that hold names with upper and lower case made equal.
_FOLDED = ("name", "full_name")
LONGEST_PATTERN = 1000
# Behind every text that begins alike.
_LAST = "\U0010ffff"
# How a property of an object type is compared: by the member that carries its text.
_MEMBERS = {"ReferenceType": "value", "EmailAddress": "Address", "TelephoneNumber": "FreeFormNumber",
            "WebSiteAddress": "URI"}  # fmt: skip


def run(db: sqlite3.Connection, realm: str, query: Query) -> str:
    """Answer a query with the text of its QueryResponse; raises Fault 4001."""
    spec = entities.BY_NAME.get(_entity_name(query.entity))
    if spec is None:
        raise faults.query_error(f"invalid context declaration: {query.entity}")
    where, values = _where(spec, query)
    source = f"FROM object WHERE realm = ? AND entity = ?{where}"
    values = [realm, spec.name, *values]
    if query.count:
        count = db.execute(f"SELECT count(*) {source}", values).fetchone()[0]
        return f'{{"totalCount":{count}}}'
    # First which rows, which an index alone can say, then the texts of the one page.
    page = f"SELECT rowid {source} ORDER BY {_order(spec, query)} LIMIT ? OFFSET ?"
    texts = _texts(db, [row[0] for row in db.execute(page, [*values, query.limit, query.start - 1])])
    if not texts:
        return "{}"
    if query.fields is not None:
        texts = _projected(spec, query.fields, texts)
    return f'{{"{spec.name}":[{",".join(texts)}],"startPosition":{query.start},"maxResults":{len(texts)}}}'


def _texts(db: sqlite3.Connection, rows: list[int]) -> list[str]:
    """The stored texts of these rows, in their order."""
    wanted = "SELECT rowid, json FROM object WHERE rowid IN (SELECT value FROM json_each(?))"
    found = dict(db.execute(wanted, (jsontext.dumps(rows),)).fetchall())
    # Another process may have deleted one in between.
    return [found[row] for row in rows if row in found]


def _entity_name(name: str) -> str:
    spec = entities.BY_PATH.get(name.lower())
    return spec.name if spec else name


def _where(spec: Entity, query: Query) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for condition in query.conditions:
        clause, more = _condition(spec, condition)
        clauses.append(f" AND {clause}")
        values += more
    if not any(condition.property.lower() == "active" for condition in query.conditions):
        clauses.append(" AND active = 1")
    if spec.name_field:
        # All of them have it; the index of the list is over those that do.
        clauses.append(" AND sort IS NOT NULL")
    return "".join(clauses), values


def _condition(spec: Entity, condition: Condition) -> tuple[str, list[Any]]:
    name, kind = _property(spec, condition.property)
    if name.lower() not in {known.lower() for known in spec.filterable}:
        raise faults.query_error(f"property '{name}' is not queryable")
    if name == "Id" and condition.operator not in ("=", "IN"):
        raise faults.query_error(f"operator {condition.operator} is not allowed for property Id")
    first, _, rest = name.partition(".")
    if rules.fields(spec.name)[first].is_list:
        column = _extract("part.value", rest, kind)
        clause, values = _compare(column, kind, name, condition)
        return f"EXISTS (SELECT 1 FROM json_each(object.json, '$.{first}') AS part WHERE {clause})", values
    return _compare(_column(spec, name, kind), kind, name, condition)


def _compare(column: str, kind: str, name: str, condition: Condition) -> tuple[str, list[Any]]:
    """The SQL of one comparison, and its values."""
    values = [_value(kind, name, value, column) for value in condition.values]
    if condition.operator == "IN":
        return f"{column} IN ({','.join('?' * len(values))})", values
    if condition.operator == "LIKE":
        return _like(column, str(values[0]))
    if condition.operator == "!=":
        return f"({column} IS NULL OR {column} <> ?)", values
    return f"{column} {condition.operator} ?", values


def _like(column: str, pattern: str) -> tuple[str, list[Any]]:
    """A pattern knows the percent sign only; one with a fixed beginning is a range of the index."""
    if len(pattern) > LONGEST_PATTERN:
        raise faults.query_error(f"a pattern has at most {LONGEST_PATTERN} characters")
    beginning = pattern.removesuffix("%")
    if column in _FOLDED and beginning and beginning != pattern and "%" not in beginning:
        return f"({column} >= ? AND {column} < ?)", [beginning, beginning + _LAST]
    return f"{column} LIKE ? ESCAPE '\\'", [re.sub(r"([_\\])", r"\\\1", pattern)]


def _property(spec: Entity, name: str) -> tuple[str, str]:
    """The property's own spelling and kind; raises Fault 4001 when the entity has no such property.

    A reference may be named with its `.value` or without.
    """
    type_name, spelled = spec.name, []
    for part in name.split("."):
        known = {key.lower(): key for key in rules.fields(type_name)} if rules.is_type(type_name) else {}
        key = known.get(part.lower())
        if key is None:
            raise faults.query_error(f"Property {name} not found for Entity {spec.name}")
        if type_name == "ReferenceType" and key == "value":
            break
        type_name = rules.fields(type_name)[key].kind
        spelled.append(key)
    return ".".join(spelled), type_name


def _column(spec: Entity, name: str, kind: str) -> str:
    """The SQL expression that a property is compared by."""
    if name in _TIMES:
        return _TIMES[name]
    if name == "Id":
        return "id"
    if name == "Active":
        return "active"
    if name == "DocNumber":
        return "number"
    if name == "FullyQualifiedName":
        return "full_name"
    if name == spec.name_field:
        return "name"
    return _extract("json", name, kind)


def _extract(text: str, path: str, kind: str) -> str:
    member = f".{_MEMBERS[kind]}" if kind in _MEMBERS else ""
    collation = "" if kind in ("decimal", "int", "boolean") else " COLLATE NOCASE"
    return f"json_extract({text}, '$.{path}{member}'){collation}"


def _value(kind: str, name: str, value: str, column: str) -> Any:
    """A literal as SQLite compares it with the column."""
    if name in _TIMES:
        try:
            return clock.instant(value)
        except (ValueError, OverflowError):
            raise faults.query_error(f"{value} is not a date and time") from None
    if kind in ("decimal", "int"):
        try:
            return float(Decimal(value))
        except (InvalidOperation, OverflowError):
            raise faults.query_error(f"{value} is not a number") from None
    if kind == "boolean":
        if value.lower() not in ("true", "false"):
            raise faults.query_error(f"{value} is not true or false")
        return value.lower() == "true"
    return value.casefold() if column in _FOLDED else value


def _order(spec: Entity, query: Query) -> str:
    if not query.order:
        # Beside a condition the plus sign keeps SQLite from walking the whole list in its order.
        plus = "+" if query.conditions else ""
        if spec.family == "transaction":
            return f"{plus}updated DESC, {plus}seq DESC"
        return f"{plus}sort, CAST(id AS INTEGER)" if spec.name_field else "CAST(id AS INTEGER)"
    terms = []
    for property_name, direction in query.order:
        name, kind = _property(spec, property_name)
        column = "CAST(id AS INTEGER)" if name == "Id" else _column(spec, name, kind)
        terms.append(f"{column} {direction}")
    return ", ".join([*terms, "CAST(id AS INTEGER)"])


def _projected(spec: Entity, names: list[str], texts: list[str]) -> list[str]:
    """The objects cut down to some properties, marked as sparse."""
    keys = [_property(spec, name)[0].partition(".")[0] for name in names]
    keep = ("Id", *keys)
    projected = []
    for text in texts:
        whole = jsontext.loads(text)
        part = {"domain": "QBO", "sparse": True, **{key: whole[key] for key in keep if key in whole}}
        projected.append(jsontext.dumps(part))
    return projected
