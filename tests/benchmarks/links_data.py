"""A workspace with very many companies and as many customers, three in five of them linked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import Field, Model

from webapp import db
from webapp.clock import now
from webapp.db import is_sqlite
from webapp.db.search import create_search, drop_search, fold
from webapp.models import Company, DirectoryEntry, Link, Standing

FIRST = """
Harbor North Cedar Summit River Golden Maple Stone Granite Silver Prairie Coastal Lakeside Evergreen Highland
Bright Copper Willow Pioneer Heritage Atlas Beacon Cascade Delta Ember Falcon Garnet Horizon Ivory Juniper
Keystone Liberty Meridian Nova Orchard Pacific Quarry Redwood Sapphire Timber Union Valley Westfield Yarrow
Zenith Amber Birch Canyon Dogwood Elm Foxglove Grove Hazel Iron Jasper Kestrel Larch Mesa Nickel Opal
""".split()  # noqa: SIM905
SECOND = """
Ridge Creek Point Bridge Gate Hill Field Wood Crest View Hollow Meadow Brook Ford Haven Shore Landing Park
Square Tower Mill Forge Harvest Anchor Compass Lantern Wheel Feather Crown Shield Arrow Bell Candle Drum
Engine Flag Garden House Island Jewel Kettle Ladder Market Needle Office Palace Quill Rocket School Table
Umbrella Village Window Yard Academy Bakery Clinic Dental Events Fitness Gallery Hardware Insurance Law
""".split()  # noqa: SIM905
THIRD = """
Group Partners Services Supply Works Studio Company Associates Holdings Systems Industries Solutions Trading
Foundation Society Club Union Council Institute Center Agency Bureau Collective Alliance Network Ventures
""".split()  # noqa: SIM905
CITIES = ("Burlington", "Albany", "Portland", "Salem", "Dover", "Windsor", "Concord", "Bristol")
PLANTED, HITS = "Quillhaven", 40
REALM = "4620816365213508"


def name_of(number: int) -> str:
    """The name of the n-th company; words are spread so that neighbours by number are none by name."""
    spread = number * 7919
    first, second = FIRST[spread % len(FIRST)], SECOND[spread // 7 % len(SECOND)]
    return f"{first} {second} {THIRD[spread // 11 % len(THIRD)]} {number:07d}"


def fill(workspace_id: int, companies: int) -> None:
    """Make the companies, as many customers, links for three in five and suggestions for one in five."""
    planted = {place * (companies // HITS) for place in range(HITS)}
    names = [
        name_of(number).replace(" ", f" {PLANTED} ", 1) if number in planted else name_of(number)
        for number in range(companies)
    ]
    moment = now()
    for table in ("company", "directory_entry"):
        drop_search(db.database.obj, table, "folded")
    _load(Company, (_company(workspace_id, number, name, moment) for number, name in enumerate(names, 1)))
    _load(
        DirectoryEntry, (_entry(workspace_id, number, name, moment) for number, name in enumerate(names, 1))
    )
    _load(Link, (_link(workspace_id, number, moment) for number in range(1, companies + 1) if number % 5 < 3))
    _load(Standing, (_standing(workspace_id, number, name) for number, name in enumerate(names, 1)))
    db.database.execute_sql(COUNTS)
    for table in ("company", "directory_entry"):
        create_search(db.database.obj, table, "folded")
        if is_sqlite():
            db.database.execute_sql(f"INSERT INTO {table}_search({table}_search) VALUES ('rebuild')")
    db.database.execute_sql("ANALYZE")


COUNTS = """
INSERT INTO link_standing_count (workspace_id, member_type, state, companies)
SELECT workspace_id, member_type, state, count(*) FROM link_standing GROUP BY workspace_id, member_type, state
"""


def _company(workspace_id: int, number: int, name: str, moment: datetime) -> dict[str, Any]:
    city, email = CITIES[number % len(CITIES)], f"office@company{number}.example"
    phone = f"(802) 555-{number % 10_000:04d}"
    return {
        "id": number,
        "workspace": workspace_id,
        "esp_id": f"C-{number}",
        "number": str(100_000 + number),
        "name": name,
        "sort_name": fold(name),
        "folded": fold(f"{name} {100_000 + number} {email} {phone} {city}"),
        "is_customer": True,
        "email": email,
        "phone": phone,
        "bill_city": city,
        "bill_region": "VT",
        "bill_postal_code": f"{number % 100_000:05d}",
        "currency": "USD",
        "created_at": moment,
        "updated_at": moment,
    }


def _entry(workspace_id: int, number: int, name: str, moment: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "workspace": workspace_id,
        "realm_id": REALM,
        "kind": "customer",
        "remote_id": str(number),
        "name": name,
        "full_name": name,
        "folded": fold(name),
        "name_key": name.casefold(),
        "city": CITIES[number % len(CITIES)],
        "updated_at": moment,
    }


def _link(workspace_id: int, number: int, moment: datetime) -> dict[str, Any]:
    keys = {"workspace": workspace_id, "realm_id": REALM, "company": number, "member_type": "customer"}
    return {**keys, "id": number, "remote_id": str(number), "linked_at": moment}


def _standing(workspace_id: int, number: int, name: str) -> dict[str, Any]:
    state = ("linked", "linked", "linked", "suggested", "not_linked")[number % 5]
    row = {
        "id": number,
        "workspace": workspace_id,
        "company": number,
        "member_type": "customer",
        "state": state,
        "sort_name": fold(name),
        "remote_id": None if state == "not_linked" else str(number),
    }
    if state == "suggested":
        row |= {"score": 60 + number % 40, "reasons": ["same_name", "same_email_domain"]}
    return row


def _load(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write very many rows the quickest way that the database has."""
    fields = model._meta.sorted_fields
    values = ([_value(field, row) for field in fields] for row in rows)
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    table = model._meta.table_name
    connection = db.database.connection()
    if is_sqlite():
        marks = ", ".join("?" * len(fields))
        with db.transaction():
            connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', values)
        return
    with db.transaction(), connection.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in values:
            copy.write_row(row)
    db.database.execute_sql(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""
    )


def _value(field: Field, row: dict[str, Any]) -> Any:
    if field.name in row:
        return field.db_value(row[field.name])
    default = field.default
    return field.db_value(default() if callable(default) else default)
