"""Reads both sides as matching takes them: our companies, and customers or vendors of the mirror."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from webapp.db import rows
from webapp.links.contacts import tax_number
from webapp.links.names import plain
from webapp.links.records import Party
from webapp.links.standings import FLAGS
from webapp.models import MemberType

BATCH: Final = 500
MOST_LINKS: Final = 20_000  # of one batch of entries
COUNTRIES: Final = {
    **dict.fromkeys(("canada", "can"), "CA"),
    **dict.fromkeys(("usa", "us", "u.s.", "u.s.a.", "united states", "united states of america"), "US"),
    **dict.fromkeys(("etats-unis", "etats unis"), "US"),
}

OURS: Final = """
SELECT c.id, c.name, c.email, c.phone, c.tax_number, c.bill_postal_code, c.bill_city, c.bill_region,
       c.bill_country, c.ship_postal_code, c.ship_city, c.ship_region, c.ship_country
FROM company c
WHERE c.workspace_id = ? AND c.{flag} AND {which} AND NOT EXISTS (
  SELECT 1 FROM link l LEFT JOIN directory_entry e ON e.workspace_id = l.workspace_id
    AND e.realm_id = l.realm_id AND e.kind = ? AND e.remote_id = l.remote_id
  WHERE l.workspace_id = c.workspace_id AND l.realm_id = ? AND l.company_id = c.id AND l.member_type = ?
    AND (l.state = 'do_not_link' OR e.active))
ORDER BY c.id LIMIT ?
"""
THEIRS: Final = """
SELECT e.remote_id, e.name, e.full_name, e.email, e.phone, e.postal_code, e.city, e.region, e.extra
FROM directory_entry e
WHERE e.workspace_id = ? AND e.realm_id = ? AND e.kind = ? AND e.active AND {which}
ORDER BY e.remote_id LIMIT ?
"""
REFUSED: Final = """
SELECT company_id, remote_id FROM link_suggestion
WHERE realm_id = ? AND member_type = ? AND dismissed AND company_id IN ({marks})
"""
LINKED: Final = """
SELECT l.remote_id, l.member_type, c.name, c.email FROM link l JOIN company c ON c.id = l.company_id
WHERE l.workspace_id = ? AND l.realm_id = ? AND l.member_type IN ({types}) AND l.remote_id IN ({marks})
  AND l.state = 'linked' ORDER BY l.id LIMIT ?
"""


@dataclass(frozen=True)
class Scope:
    """What is matched with what: a workspace's companies of one member type, and a list of QuickBooks."""

    workspace_id: int
    realm_id: str
    member_type: MemberType


def ours_after(scope: Scope, company_id: int) -> list[Party]:
    """The next companies by id that may be linked yet: no link, or one to what QuickBooks does not use."""
    return _ours(scope, "c.id > ?", [company_id], BATCH)


def ours(scope: Scope, ids: Collection[int]) -> list[Party]:
    """Those of some companies that may be linked yet."""
    return _ours(scope, f"c.id IN ({_marks(ids)})", ids, len(ids)) if ids else []


def theirs_after(scope: Scope, remote_id: str) -> list[Party]:
    """The next customers or vendors in use by id."""
    return _theirs(scope, "e.remote_id > ?", [remote_id], BATCH)


def theirs(scope: Scope, remote_ids: Collection[str]) -> list[Party]:
    """Those of some customers or vendors that are in use."""
    which = f"e.remote_id IN ({_marks(remote_ids)})"
    return _theirs(scope, which, remote_ids, len(remote_ids)) if remote_ids else []


def _ours(scope: Scope, which: str, values: Iterable[Any], limit: int) -> list[Party]:
    kind = scope.member_type.remote_kind
    link = [kind, scope.realm_id, scope.member_type.value]
    statement = OURS.format(flag=FLAGS[scope.member_type], which=which)
    found = rows(statement, [scope.workspace_id, *values, *link, limit])
    refused = _refused(scope, [row[0] for row in found])
    return [_company(row, frozenset(refused.get(row[0], ()))) for row in found]


def _company(row: tuple[Any, ...], refused: frozenset[int | str]) -> Party:
    """A company; those under one tax number are branches of one business."""
    id_, name, email, phone, tax, *places = row
    billing, shipping = places[:4], places[4:]
    postal, city, region, country = billing if any(billing[:2]) else shipping
    return Party(
        id_,
        (name,),
        emails=(email,) if email else (),
        phones=(phone,) if phone else (),
        postal_code=postal,
        city=city,
        region=region,
        country=country,
        tax_number=tax,
        group=tax_number(tax),
        refused=refused,
    )


def _refused(scope: Scope, ids: Collection[int]) -> dict[int, list[str]]:
    if not ids:
        return {}
    statement = REFUSED.format(marks=_marks(ids))
    found: dict[int, list[str]] = {}
    for company_id, remote_id in rows(statement, [scope.realm_id, scope.member_type.value, *ids]):
        found.setdefault(company_id, []).append(remote_id)
    return found


def _theirs(scope: Scope, which: str, values: Iterable[str], limit: int) -> list[Party]:
    kind = scope.member_type.remote_kind
    place = [scope.workspace_id, scope.realm_id, kind]
    found = rows(THEIRS.format(which=which), [*place, *values, limit])
    linked = _linked(scope, [row[0] for row in found])
    return [_entry(row, scope.member_type, linked.get(row[0], [])) for row in found]


def _entry(row: tuple[Any, ...], member_type: MemberType, linked: list[tuple[str, str, str]]) -> Party:
    remote_id, name, full_name, email, phone, postal, city, region, extra = row
    known = json.loads(extra)
    names = (name, known.get("company_name"), known.get("check_name"))
    parent = (full_name or "").rpartition(":")[0]
    return Party(
        remote_id,
        tuple(dict.fromkeys(str(one) for one in names if one)),
        emails=(email,) if email else (),
        phones=tuple(filter(None, (phone, *known.get("phones", ())))),
        postal_code=postal,
        city=city,
        region=region,
        country=_country(known.get("country", "")),
        tax_number=known.get("tax_number", ""),
        parent_name=parent.rpartition(":")[2],
        linked_names=tuple(name for _, name, _ in linked),
        linked_emails=tuple(email for _, _, email in linked if email),
        taken=any(as_type == member_type.value for as_type, _, _ in linked),
    )


def _linked(scope: Scope, remote_ids: Collection[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What is linked to some customers or vendors, as whichever member type: that, the name, the e-mail."""
    if not remote_ids:
        return {}
    types = [one.value for one in MemberType if one.remote_kind == scope.member_type.remote_kind]
    statement = LINKED.format(types=_marks(types), marks=_marks(remote_ids))
    place = [scope.workspace_id, scope.realm_id, *types]
    found: dict[str, list[tuple[str, str, str]]] = {}
    for remote_id, *one in rows(statement, [*place, *remote_ids, MOST_LINKS]):
        found.setdefault(remote_id, []).append((one[0], one[1], one[2]))
    return found


def _country(text: str) -> str:
    """A country's code, which QuickBooks gives in whatever words were typed."""
    words = plain(text).strip()
    return COUNTRIES.get(words, words.upper())


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values))
