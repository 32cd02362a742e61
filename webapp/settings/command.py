"""Settings without a browser: ``flask settings show``, ``set``, ``export`` and ``import``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from webapp import db
from webapp.clock import now
from webapp.errors import Conflict
from webapp.inputs import row_id
from webapp.integrations.settings_file import service, toml
from webapp.integrations.settings_file.catalogue import Refused
from webapp.integrations.settings_file.one import path_named, with_setting
from webapp.integrations.settings_file.reading import ABSENT, Refusal
from webapp.integrations.settings_file.service import SettingsRefused, State
from webapp.integrations.settings_file.tables import RULES, flat
from webapp.integrations.settings_file.toml import name_of, one_line, shown
from webapp.integrations.settings_file.values import GROUPS
from webapp.integrations.settings_file.view import lines
from webapp.models import Workspace

STANDARD: Final = "-"
MOST_NAMED: Final = 20
MOST_REFUSALS: Final = 100
NOT_CHOSEN: Final = "(not chosen)"
NOTHING_DIFFERS: Final = "Nothing differs from what is saved."
HOW_TO_READ: Final = (
    "Accounts, items and the like go by their names in QuickBooks; id:79 where a name is not one's alone.",
    "What is left out is not chosen, or has its default; a section that is left out stays as it is.",
)

settings_group = click.Group("settings", help="A workspace's settings, without a browser.")

of_workspace = click.option("--workspace", help="Its name or id; not needed when there is only one.")
confirming = click.option(
    "--confirm-billable",
    "confirmed",
    is_flag=True,
    help="Turn billable on although invoices may be sent too.",
)


@settings_group.command("show")
@click.argument("name", required=False)
@of_workspace
def show(name: str | None, workspace: str | None) -> None:
    """Print what is saved, what is proposed and not saved, and what has gone from QuickBooks.

    NAME is one setting or some that belong together: income_account, terms, permissions.
    """
    with db.connection():
        state = service.read(_workspace(workspace))
        found = lines(state)
    if name is not None:
        start = path_named(name)
        found = [line for line in found if line.path[: len(start)] == start]
        if not found and start[-1] not in {*GROUPS, RULES}:
            raise click.UsageError(f"There is no setting {shown(name)} here; show without a name has all.")
    else:
        click.echo("\n".join([*_heading(state), ""]))
    for line in found:
        value = NOT_CHOSEN if line.value is None else shown(line.value)
        click.echo(f"{name_of(line.path)} = {value}" + (f"  # {line.note}" if line.note else ""))


@settings_group.command("set")
@click.argument("name")
@click.argument("value", required=False)
@click.option("--clear", is_flag=True, help="Leave it unchosen, or at its default.")
@confirming
@of_workspace
def set_one(name: str, value: str | None, clear: bool, confirmed: bool, workspace: str | None) -> None:
    """Save one setting, named as show names it.

    What is in QuickBooks' lists goes by its name or as id:79, freight and the like as item:NAME or
    account:NAME; several people or kinds of document with commas between.
    """
    if clear == (value is not None):
        raise click.UsageError("Give either a value or --clear.")
    with db.connection():
        before = service.read(_workspace(workspace))
        try:
            wanted = with_setting(service.tables(before), path_named(name), value)
        except Refused as refused:
            raise click.UsageError(f"{shown(name)} {refused}.") from refused
        _report(before, _saved(before, wanted, confirmed=confirmed))


@settings_group.command("export")
@click.argument("file", default=STANDARD)
@of_workspace
def export(file: str, workspace: str | None) -> None:
    """Write the settings to FILE, or to standard output; there is no secret among them."""
    with db.connection():
        state = service.read(_workspace(workspace))
        tables = service.tables(state)
    moment = f"Exported {now():%Y-%m-%d %H:%M} UTC"
    data = toml.write(tables, [*_heading(state), moment, *HOW_TO_READ]).encode()
    try:
        with click.open_file(file, "wb") as opened:
            opened.write(data)
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror}") from error


@settings_group.command("import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Save without asking.")
@confirming
@of_workspace
def import_(file: str, dry_run: bool, yes: bool, confirmed: bool, workspace: str | None) -> None:
    """Save the settings in FILE (- is standard input): all of them or, when one is refused, none."""
    if file == STANDARD and not (yes or dry_run):
        raise click.UsageError("Say --yes or --dry-run: with the file on standard input nobody can be asked.")
    wanted = _tables(file)
    with db.connection():
        before = service.read(_workspace(workspace))
        if not _report(before, _saved(before, wanted, confirmed=confirmed, keep=False)):
            return
        if dry_run:
            click.echo("Nothing was saved: this was a dry run.")
            return
        if not yes:
            click.confirm("Save this?", abort=True)
        _saved(before, wanted, confirmed=confirmed)
    click.echo("Saved.")


def _workspace(text: str | None) -> Workspace:
    found = Workspace.select().order_by(Workspace.id).limit(MOST_NAMED)
    if text is not None:
        wanted = text if text.isprintable() else ""
        found = found.where((Workspace.name == wanted) | (Workspace.id == row_id(text)))
    rows = list(found)
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise click.UsageError("There is no such workspace." if text else "There is no workspace yet.")
    names = ", ".join(f"{shown(row.name)} ({row.id})" for row in rows)
    raise click.UsageError(f"Say which one with --workspace and its id: {names}")


def _tables(file: str) -> dict[str, Any]:
    try:
        with click.open_file(file, "rb") as opened:
            data = opened.read(toml.LARGEST + 1)
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be read: {error.strerror}") from error
    try:
        return toml.read(data)
    except toml.Unreadable as error:
        raise click.ClickException(f"The file was refused: {error}. Nothing was saved.") from error


def _saved(before: State, wanted: Mapping[str, Any], *, confirmed: bool, keep: bool = True) -> State:
    try:
        return service.save(before, wanted, confirmed=confirmed, keep=keep)
    except SettingsRefused as refused:
        told = [_sentence(refusal) for refusal in refused.refusals]
        head = f"{len(told)} refused; nothing was saved."
        more = [f"and {len(told) - MOST_REFUSALS} more"] if len(told) > MOST_REFUSALS else []
        raise click.ClickException("\n  ".join([head, *told[:MOST_REFUSALS], *more])) from refused
    except Conflict as conflict:
        raise click.ClickException(
            "Somebody saved meanwhile; nothing was saved here. Look again."
        ) from conflict


def _sentence(refusal: Refusal) -> str:
    value = "" if refusal.value is ABSENT else f" = {shown(refusal.value)}"
    return f"{name_of(refusal.path)}{value}: {one_line(refusal.why)}"


def _report(before: State, after: State) -> bool:
    """Print what differs; whether anything does."""
    old, new = (flat(service.tables(state)) for state in (before, after))
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    for path in paths:
        was, is_ = (shown(values[path]) if path in values else NOT_CHOSEN for values in (old, new))
        click.echo(f"{name_of(path)}: {was} → {is_}")
    if not paths:
        click.echo(NOTHING_DIFFERS)
    return bool(paths)


def _heading(state: State) -> list[str]:
    connection = state.connection
    heading = [f"Workspace: {one_line(state.workspace.name)} (id {state.workspace.id})"]
    if connection is None:
        return [*heading, "QuickBooks: not connected"]
    company = f"{one_line(connection.company_name)} (company id {connection.realm_id})"
    return [*heading, f"QuickBooks: {company}, {connection.status.value.replace('_', ' ')}"]
