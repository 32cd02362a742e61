"""The gallery's invented workspace: rows that live as long as one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from webapp.clock import now
from webapp.db.search import fold
from webapp.gallery.samples import read_lists
from webapp.jobs import service as jobs
from webapp.links import rebuilding, standings
from webapp.models import (
    CallCount,
    Company,
    Connection,
    ConnectionStatus,
    Link,
    LinkState,
    MemberType,
    Role,
    Suggestion,
    User,
    Workspace,
)

REALM: Final = "9999000000000001"  # of no company, since a company is connected once
NOBODY: Final = "-"  # a hash that no password has
PEOPLE: Final = (
    ("owner", "Avery Quill", Role.OWNER),
    ("admin", "Mika Orlen", Role.ADMIN),
    ("member", "Rowan Tessel", Role.MEMBER),
    ("second", "Delphine Marchetti-Beaulieu", Role.MEMBER),
    ("third", "Jo Abara", Role.MEMBER),
)
COMPANIES: Final = (
    ("Alder & Finch Events", "Net 30", "customer", "1"),
    ("Harborlight Credit Union", "Net 45", "customer", ""),
    ("Théâtre du Vieux-Port", "2 % 10, net 30", "customer", ""),
    ("Corvid Street Books", "Net 30", "customer", "do_not_link"),
    ("Brightside Drinkware", "", "supplier", ""),
    ("Needle & Thread Embroidery", "", "decorator", ""),
)


class World:
    """One workspace, its people by what they are, and later its connection."""

    def __init__(self, language: str) -> None:
        self.home = Workspace.create(name="Northgate Promo Co.", country="US")
        self.people = {key: self.add_person(key, name, role, language) for key, name, role in PEOPLE}

    @property
    def connection(self) -> Connection:
        """The connection as it stands now."""
        connection = Connection.of(self.home.id)
        if connection is None:
            raise LookupError("the world is not connected yet")
        return connection

    def add_person(self, key: str, name: str, role: Role = Role.MEMBER, language: str = "en") -> User:
        """A person who can be asked for as, but cannot sign in."""
        return User.create(
            workspace=self.home,
            email=f"{key}.{self.home.id}@gallery.invalid",
            name=name,
            role=role,
            language=language,
            password_hash=NOBODY,
        )


Act = Callable[[World], None]
"""Something that happens in the world before it is looked at."""


def connected(world: World) -> None:
    """QuickBooks is connected and its lists are read."""
    _connect(world, "us")


def canadian(world: World) -> None:
    """The same with a Canadian company."""
    _connect(world, "ca")


def just_connected(world: World) -> None:
    """QuickBooks is connected, and nothing of it is read yet."""
    _connect(world, "us")
    Connection.update(lists_read_at=None, last_success_at=None).where(_of(world)).execute()


def _connect(world: World, company: str) -> None:
    moment = now()
    Connection.create(
        workspace=world.home,
        realm_id=REALM,
        connected_by=world.people["owner"],
        connected_at=moment - timedelta(days=40),
        last_success_at=moment - timedelta(minutes=3),
        access_token="none",  # noqa: S106 - opens nothing
        access_expires_at=moment + timedelta(minutes=57),
        refresh_token="none",  # noqa: S106 - opens nothing
        refresh_expires_at=moment + timedelta(days=99),
        refresh_hard_expires_at=moment + timedelta(days=1785),
    )
    read_lists(world.connection, company)
    CallCount.create(connection=world.connection, month=moment.strftime("%Y-%m"), reads=18_422, writes=904)


def altered(**columns: Any) -> Act:
    """The connection's columns are these; a timedelta is a moment from now."""

    def alter(world: World) -> None:
        moments = {
            name: now() + value if isinstance(value, timedelta) else value for name, value in columns.items()
        }
        Connection.update(**moments).where(_of(world)).execute()

    return alter


def disconnected(world: World) -> None:
    """The connection was ended."""
    gone = dict.fromkeys(("access_token", "access_expires_at", "refresh_token", "refresh_expires_at"))
    ended = altered(status=ConnectionStatus.DISCONNECTED, status_since=timedelta(hours=-2), **gone)
    ended(world)


def companies(world: World) -> None:
    """Companies of each member type, one of them linked."""
    for number, (name, terms, kind, remote) in enumerate(COMPANIES):
        company = Company.create(
            workspace=world.home,
            esp_id=f"C-{number}",
            number=str(1000 + number),
            name=name,
            sort_name=fold(name),
            folded=fold(name),
            terms=terms,
            **{f"is_{kind}": True},
        )
        if remote:
            _link(world, company, MemberType(kind), remote)
    _count(world)


def all_linked(world: World) -> None:
    """Every company is linked."""
    done = {link.company_id for link in Link.select().where(Link.workspace == world.home)}
    for company in Company.select().where(Company.workspace == world.home):
        kind = next(kind for kind in MemberType if getattr(company, f"is_{kind}"))
        if company.id not in done:
            _link(world, company, kind, str(company.id % 10 + 1))
    _count(world)


def suggested(world: World) -> None:
    """One company waits with a suggestion, another has a link to what is not in QuickBooks any more."""
    waiting, gone = Company.select().where((Company.workspace == world.home) & (Company.terms > "")).limit(2)
    Suggestion.create(
        workspace=world.home,
        realm_id=REALM,
        member_type=MemberType.CUSTOMER,
        company=gone,
        place=0,
        remote_id="2",
        score=97,
    )
    Link.update(remote_id="none").where(Link.company == waiting).execute()
    _count(world)


def counting(world: World) -> None:
    """The companies are being counted anew."""
    jobs.start_once(world.home.id, rebuilding.KIND)


def _count(world: World) -> None:
    standings.sync(world.home.id, standings.ids_after(world.home.id, 0, 1000))


def _link(world: World, company: Company, kind: MemberType, remote: str) -> None:
    is_linked = remote != LinkState.DO_NOT_LINK
    Link.create(
        workspace=world.home,
        realm_id=REALM,
        company=company,
        member_type=kind,
        remote_id=remote if is_linked else None,
        state=LinkState.LINKED if is_linked else LinkState.DO_NOT_LINK,
    )


def crowd(world: World) -> None:
    """Five hundred people more."""
    first = ("Ada", "Benoît", "Chidi", "Dagny", "Émile", "Farah", "Goran", "Hélène", "Imre", "Jun")
    last = (
        "Abbott",
        "Bélanger",
        "Castellanos",
        "Dubois",
        "Eze",
        "Fortin",
        "Gagnon",
        "Haddad",
        "Ibarra",
        "Joly",
    )
    for number in range(500):
        world.add_person(
            f"crowd{number}", f"{first[number % 10]} {last[number // 10 % 10]} {number // 100 + 1}"
        )


def _of(world: World) -> Any:
    return Connection.workspace == world.home
