"""Commands: database, demo, worker, sandbox, people, settings."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
from flask import Flask
from flask.cli import AppGroup

from webapp import config, db
from webapp.auth import service as auth_service
from webapp.crypto import UnreadableSecret
from webapp.db import schema
from webapp.models import Role, User, Workspace
from webapp.settings.command import settings_group

database_group = AppGroup("db", help="The database's schema.")
demo_group = AppGroup("demo", help="Sample data.")
user_group = AppGroup("user", help="People who sign in.")


@database_group.command("upgrade")
def upgrade() -> None:
    """Run the migrations that have not run yet."""
    for name in schema.upgrade():
        click.echo(f"applied {name}")


@database_group.command("downgrade")
@click.argument("target", required=False)
def downgrade(target: str | None) -> None:
    """Undo the last migration, or all down to TARGET."""
    for name in schema.downgrade(target):
        click.echo(f"undone {name}")


@database_group.command("rekey")
def rekey() -> None:
    """Encrypt every stored token under the first of ENCRYPTION_KEYS; the others can be dropped then."""
    from webapp.integrations.tokens import rekey as encrypt_anew

    with db.connection():
        try:
            count = encrypt_anew()
        except UnreadableSecret as error:
            raise click.ClickException(
                "A token was written with a key that ENCRYPTION_KEYS lacks."
            ) from error
    click.echo(f"{count} connections are under the newest key.")


@demo_group.command("seed")
def seed() -> None:
    """Make the demo workspace and its people, once."""
    from webapp.demo.seed import seed as seed_demo

    with db.database.connection_context():
        seed_demo(config.current())


@user_group.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--workspace", help="The workspace's name; made when it does not exist.")
@click.option("--country", default="US", type=click.Choice(["US", "CA"]), show_default=True)
@click.option("--role", default="owner", type=click.Choice([role.value for role in Role]), show_default=True)
@click.option("--support", is_flag=True, help="Support staff: no workspace, reads connection states only.")
@click.password_option()
def create_user(
    email: str, name: str, workspace: str | None, country: str, role: str, support: bool, password: str
) -> None:
    """Make a person who can sign in with EMAIL."""
    if support == bool(workspace):
        raise click.UsageError("Give either --workspace or --support.")
    if len(password) < 10:
        raise click.UsageError("A password needs at least 10 characters.")
    with db.database.connection_context(), db.transaction():
        if User.get_or_none(User.email == email.lower()):
            raise click.UsageError(f"{email} has an account already.")
        home = None
        if workspace:
            home, _made = Workspace.get_or_create(name=workspace, defaults={"country": country})
        User.create(
            workspace=home,
            email=email.lower(),
            name=name,
            role=role,
            is_support=support,
            password_hash=auth_service.hash_password(password),
        )
    click.echo(f"{email} can sign in.")


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(once: bool) -> None:
    """Send what is queued and keep lists and states fresh, until told to stop."""
    from webapp.delivery import worker as loop

    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    loop.run(stop, once=once)


@click.command("sandbox")
@click.option("--port", default=8001, show_default=True)
@click.option("--store", help="A file that keeps the data; without it everything stays in memory.")
@click.option("--no-control", is_flag=True, help="Leave the control addresses out.")
@click.option("--throttle/--no-throttle", default=True, show_default=True, help="Intuit's published limits.")
def sandbox(port: int, store: str | None, no_control: bool, throttle: bool) -> None:
    """Serve a local QuickBooks-compatible server on 127.0.0.1."""
    from webapp.sandbox import serve
    from webapp.sandbox.store import StoreError

    try:
        serve(port, store, control=not no_control, throttle=throttle)
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (database_group, demo_group, user_group, settings_group, worker, sandbox):
        app.cli.add_command(command)
