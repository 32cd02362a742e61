"""French stands beside English for every text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "webapp/translations/fr/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def french() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that the code and the templates ask for."""
    pot = tmp_path_factory.mktemp("i18n") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
    command += ["-k", "_l", "-k", "lazy_gettext", "-o", str(pot), "."]
    subprocess.run(command, cwd=ROOT, check=True)
    with pot.open("rb") as file:
        return read_po(file)


def forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_every_text_is_translated(used: Catalog, french: Catalog) -> None:
    known = {message.id: message for message in french if message.id}
    missing = [
        message.id
        for message in used
        if message.id and not (message.id in known and all(forms(known[message.id].string)))
    ]
    assert missing == []


def test_no_translation_is_left_over(used: Catalog, french: Catalog) -> None:
    asked = {message.id for message in used}
    assert [message.id for message in french if message.id and message.id not in asked] == []


def test_placeholders_are_the_same_in_both_languages(french: Catalog) -> None:
    for message in french:
        if message.id:
            wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
            assert set(PLACEHOLDER.findall(forms(message.string)[-1])) == wanted, message.id


def test_invoice_and_bill_never_share_a_french_label(french: Catalog) -> None:
    for english, word in (("Invoice", "Facture client"), ("Bill", "Facture fournisseur")):
        message = french.get(english)
        assert message is None or message.string == word
    for message in french:
        if (
            message.id
            and isinstance(message.string, str)
            and message.string.strip().lower() in {"facture", "factures"}
        ):
            pytest.fail(f"{message.id} is translated as a bare {message.string}")
