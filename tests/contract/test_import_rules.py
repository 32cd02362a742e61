"""The direction of imports, as ARCHITECTURE.md draws it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEBAPP = ROOT / "webapp"
MAY_IMPORT_FLASK = {
    "__init__.py", "htmx.py", "security.py", "error_pages.py", "extensions.py", "i18n.py", "cli.py",
    "db/__init__.py", "auth/access.py", "auth/drafts.py", "integrations/page.py", "integrations/blueprint.py",
    "links/blueprint.py",
}  # fmt: skip


def modules() -> list[Path]:
    return [path for path in sorted(WEBAPP.rglob("*.py")) if "sandbox" not in path.parts]


def features() -> list[Path]:
    return [path for path in modules() if path != WEBAPP / "__init__.py"]  # the factory registers all routes


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return names


def test_contracts_of_import_linter_hold() -> None:
    # In a process of its own: it silences every logger that was there before it.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; exit(lint_imports())"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(WEBAPP)))
def test_flask_is_imported_only_at_the_edge(path: Path) -> None:
    name = str(path.relative_to(WEBAPP))
    is_edge = name in MAY_IMPORT_FLASK or path.name.startswith(("routes", "forms"))
    flask = {module for module in imported(path) if module.split(".")[0].startswith("flask")}
    if path.parent.name == "models":
        flask.discard("flask_login")  # the user model carries its mixin
    assert is_edge or not flask


@pytest.mark.parametrize("path", features(), ids=lambda path: str(path.relative_to(WEBAPP)))
def test_no_feature_imports_the_routes_or_forms_of_another(path: Path) -> None:
    package = path.relative_to(WEBAPP).parts[0]
    foreign = {
        module
        for module in imported(path)
        if module.startswith("webapp.")
        and module.split(".")[1] != package
        and module.split(".")[-1].startswith(("routes", "forms"))
    }
    if path.name == "error_pages.py":
        foreign.discard("webapp.auth.forms")  # the sign-in form stands in for an expired one
    assert not foreign
