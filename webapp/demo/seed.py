"""Fills an empty database with the demo workspace, through the same import as everyone's files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from webapp.auth.service import hash_password
from webapp.config import Settings
from webapp.db import transaction
from webapp.errors import Forbidden
from webapp.imports import service
from webapp.models import ImportKind, Role, User, Workspace

NAME: Final = "Northgate Promo Co."
PASSWORD: Final = "ledgerbridge"  # noqa: S105 - a demo on this machine only; the README prints it
PEOPLE: Final = (
    ("owner@demo.test", "Avery Quill", Role.OWNER),
    ("admin@demo.test", "Mika Orlen", Role.ADMIN),
    ("member@demo.test", "Rowan Tessel", Role.MEMBER),
)
SUPPORT: Final = ("support@demo.test", "Sol Hazeldine")
FILES: Final = (
    (ImportKind.COMPANIES, "companies.csv"),
    (ImportKind.DOCUMENTS, "documents.csv"),
)


def seed(settings: Settings) -> bool:
    """Make the demo workspace with its people, companies and documents, unless it is there already.

    Returns:
        Whether anything was made.

    Raises:
        Forbidden: the panel talks to Intuit, or others than this machine can reach it; a workspace with a
            published password has no place there.
    """
    if not (settings.is_demo and settings.is_loopback):
        raise Forbidden("the demo workspace is for a demo on this machine only")
    with transaction():
        if Workspace.select().where(Workspace.is_demo).exists():
            return False
        workspace = Workspace.create(name=NAME, country="US", is_demo=True)
        password_hash = hash_password(PASSWORD)
        email, name = SUPPORT
        User.create(workspace=None, email=email, name=name, is_support=True, password_hash=password_hash)
        people = [
            User.create(workspace=workspace, email=email, name=name, role=role, password_hash=password_hash)
            for email, name, role in PEOPLE
        ]
        for kind, filename in FILES:
            data = (Path(__file__).parent / filename).read_bytes()
            file = service.store(people[0], kind, filename, data)
            service.commit(people[0], file.id, skip_bad=False)
    return True
