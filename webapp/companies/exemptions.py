"""Tax exemptions of customers: who holds which certificate, for which states and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from peewee import IntegrityError

from webapp.accounting.sources import Exemption
from webapp.clock import now
from webapp.companies import queries
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.models import Activity, Company, DocumentStatus, TaxExemption, User, record

MOST: Final = 100
SOON: Final = timedelta(days=30)
ADDED: Final = "exemption.added"
CHANGED: Final = "exemption.changed"
REMOVED: Final = "exemption.removed"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says; ``regions`` are state codes in order, none for all of them."""

    number: str
    regions: tuple[str, ...] = ()
    expires_on: date | None = None

    @classmethod
    def of(cls, row: TaxExemption) -> Certificate:
        """What a stored certificate says."""
        return cls(row.number, tuple(row.regions.split()), row.expires_on)

    @property
    def columns(self) -> dict[str, Any]:
        """The values of its row."""
        return {"number": self.number, "regions": " ".join(self.regions), "expires_on": self.expires_on}

    @property
    def facts(self) -> dict[str, str]:
        """The values as the activity keeps them."""
        expires_on = self.expires_on.isoformat() if self.expires_on else ""
        return {"number": self.number, "states": " ".join(self.regions), "expires_on": expires_on}


@dataclass(frozen=True)
class Standing:
    """A certificate as the page shows it: one that has expired does nothing any more."""

    id: int
    version: int
    certificate: Certificate
    is_expired: bool
    expires_soon: bool


def standings(company: Company, today: date | None = None) -> list[Standing]:
    """A customer's certificates by number."""
    today = today or now().date()
    rows = TaxExemption.select().where(TaxExemption.company == company.id).order_by(TaxExemption.number)
    return [_standing(row, today) for row in rows.limit(2 * MOST)]


def by_company(company_ids: Iterable[int]) -> dict[int, tuple[Exemption, ...]]:
    """The certificates of these customers as the mapping reads them, in one query."""
    ids = set(company_ids)
    found: dict[int, tuple[Exemption, ...]] = dict.fromkeys(ids, ())
    if ids:
        for row in TaxExemption.select().where(TaxExemption.company.in_(ids)).order_by(TaxExemption.number):
            exemption = Exemption(row.number, frozenset(row.regions.split()), row.expires_on)
            found[row.company_id] += (exemption,)
    return found


def find(company: Company, exemption_id: int) -> TaxExemption:
    """A certificate of the company; raises NotFound."""
    row = TaxExemption.get_or_none((TaxExemption.id == exemption_id) & (TaxExemption.company == company.id))
    if row is None:
        raise NotFound
    return row


def add(user: User, company_id: int, certificate: Certificate) -> None:
    """Keep a new certificate.

    Raises:
        NotFound: the person's workspace has no such company.
        Forbidden: the person is neither owner nor admin.
        Invalid: ``number`` is ``taken``, or ``too_many``.
    """
    company = _managed(user, company_id)
    try:
        with transaction():
            if TaxExemption.select().where(TaxExemption.company == company.id).count() >= MOST:
                raise Invalid({"number": ["too_many"]})
            row = TaxExemption.create(
                workspace=company.workspace_id, company=company.id, **certificate.columns
            )
            _record(user, company, row, ADDED, {}, certificate.facts)
    except IntegrityError as error:
        raise Invalid({"number": ["taken"]}) from error


def change(user: User, company_id: int, exemption_id: int, certificate: Certificate, version: int) -> bool:
    """Keep what a certificate says now; False when nothing differs, and then nothing is written.

    Args:
        user: who saves; an owner or admin.
        company_id: the customer.
        exemption_id: which certificate.
        certificate: what it says now.
        version: the version that was on the screen.

    Raises:
        NotFound, Forbidden: as ``add``.
        Conflict: somebody changed or removed it meanwhile.
        Invalid: ``number`` is ``taken``.
    """
    company = _managed(user, company_id)
    try:
        with transaction():
            row = _unchanged(company, exemption_id, version)
            before = Certificate.of(row)
            if before == certificate:
                return False
            values = {**certificate.columns, "version": version + 1, "updated_at": now()}
            _only_once(TaxExemption.update(**values), row)
            _record(user, company, row, CHANGED, before.facts, certificate.facts)
    except IntegrityError as error:
        raise Invalid({"number": ["taken"]}) from error
    return True


def remove(user: User, company_id: int, exemption_id: int, version: int) -> None:
    """Forget a certificate; raises as ``change``."""
    company = _managed(user, company_id)
    with transaction():
        row = _unchanged(company, exemption_id, version)
        _only_once(TaxExemption.delete(), row)
        _record(user, company, row, REMOVED, Certificate.of(row).facts, {})


def last_change(company: Company, exemption_id: int, since: datetime | None) -> tuple[str, datetime] | None:
    """Who changed or removed a certificate last and when; None when an import did, or nobody is known.

    Args:
        company: the customer.
        exemption_id: which certificate.
        since: when the certificate was written last; None when it is gone.
    """
    rows = (
        Activity.select(Activity, User)
        .left_outer_join(User)
        .where((Activity.workspace == company.workspace_id) & Activity.verb.startswith("exemption."))
        .where((Activity.subject_type == "company") & (Activity.subject_id == company.id))
        .order_by(Activity.id.desc())
        .limit(MOST)
    )
    row = next((one for one in rows if one.facts.get("exemption") == exemption_id), None)
    if row is None or (since is not None and row.at < since):
        return None
    return (row.user.name if row.user else "", row.at)


def _managed(user: User, company_id: int) -> Company:
    if user.workspace_id is None:
        raise NotFound
    company = queries.find(user.workspace_id, company_id)
    if not user.manages:
        raise Forbidden
    return company


def _unchanged(company: Company, exemption_id: int, version: int) -> TaxExemption:
    try:
        row = find(company, exemption_id)
    except NotFound as error:
        raise Conflict from error
    if row.version != version:
        raise Conflict
    return row


def _only_once(statement: Any, row: TaxExemption) -> None:
    """Write unless another did since the row was read; raises Conflict."""
    seen = (TaxExemption.id == row.id) & (TaxExemption.version == row.version)
    if statement.where(seen).execute() != 1:
        raise Conflict


def _record(
    user: User, company: Company, row: TaxExemption, verb: str, before: dict[str, str], after: dict[str, str]
) -> None:
    """Write the activity, and have the customer's documents checked anew."""
    facts = {"company": company.name, "number": (after or before)["number"], "exemption": row.id}
    subject = ("company", company.id)
    record(company.workspace_id, user.id, verb, subject, **facts, before=before, after=after)
    DocumentStatus.mark_for_check(company.workspace_id, company.id)


def _standing(row: TaxExemption, today: date) -> Standing:
    end = row.expires_on
    is_expired = end is not None and end < today
    expires_soon = end is not None and today <= end <= today + SOON
    return Standing(row.id, row.version, Certificate.of(row), is_expired, expires_soon)
