"""One link's place in the database: reading it, writing over what was read, and noting it down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webapp.clock import now
from webapp.errors import Conflict
from webapp.links import directory
from webapp.links.snapshots import Snapshot
from webapp.models import Activity, Company, Link, LinkState, MemberType


@dataclass(frozen=True)
class Place:
    """Where a link stands: one company, as one member type, for one QuickBooks company."""

    workspace_id: int
    realm_id: str
    company: Company
    member_type: MemberType

    def link(self) -> Link | None:
        """The link as it is now; None when there is none."""
        return Link.get_or_none(
            (Link.workspace == self.workspace_id)
            & (Link.realm_id == self.realm_id)
            & (Link.company == self.company.id)
            & (Link.member_type == self.member_type)
        )

    def is_taken(self, remote_id: str) -> bool:
        """Whether another company is linked to this customer or vendor as the same member type."""
        others = Link.select(Link.id).where(
            (Link.workspace == self.workspace_id)
            & (Link.realm_id == self.realm_id)
            & (Link.member_type == self.member_type)
            & (Link.remote_id == remote_id)
            & (Link.state == LinkState.LINKED)
            & (Link.company != self.company.id)
        )
        return bool(others.exists())

    def write(self, current: Link | None, wanted: Snapshot, user_id: int | None) -> Snapshot:
        """Write what is wanted over ``current``; raises Conflict when that was changed meanwhile.

        A snapshot that is brought back keeps who linked and when; only the version goes on.
        """
        unchanged = current and (Link.id == current.id) & (Link.version == current.version)
        if wanted.state is None:
            if current is not None and Link.delete().where(unchanged).execute() != 1:
                raise Conflict
            return Snapshot()
        version = max(wanted.version, current.version if current else 0) + 1
        if wanted.linked_at:
            after = replace(wanted, version=version)
        else:
            after = replace(
                wanted, version=version, linked_by=user_id, linked_at=now(), known_name=self._name_of(wanted)
            )
        values = vars(after)
        if current is None:
            keys = {"workspace": self.workspace_id, "realm_id": self.realm_id}
            Link.create(**keys, company=self.company.id, member_type=self.member_type, **values)
        elif Link.update(**values).where(unchanged).execute() != 1:
            raise Conflict
        return after

    def _name_of(self, wanted: Snapshot) -> str:
        """What people know as the name of what they link."""
        kind = self.member_type.remote_kind
        entry = directory.entry(self.workspace_id, self.realm_id, kind, wanted.remote_id)
        return str(entry.name) if entry else ""

    def note(self, user_id: int, verb: str, before: Snapshot, after: Snapshot, remote_name: str) -> int:
        """Write the activity of a change and give its id, by which the change can be taken back."""
        former = directory.entry(
            self.workspace_id, self.realm_id, self.member_type.remote_kind, before.remote_id
        )
        row = Activity.create(
            workspace=self.workspace_id,
            user=user_id,
            verb=verb,
            subject_type="company",
            subject_id=self.company.id,
            facts={
                "company": self.company.name,
                "member_type": self.member_type.value,
                "realm_id": self.realm_id,
                "before": before.facts(former.name if former else ""),
                "after": after.facts(remote_name),
            },
        )
        return row.id
