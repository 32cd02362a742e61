"""Rules that every template keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.html"))
FRAGMENTS = [path for path in TEMPLATES if path.name.startswith("_")]
REQUEST = re.compile(r"<[^<>]*?\shx-(?:get|post|put|patch|delete)=[^<>]*>", re.S)


def source(path: Path) -> str:
    return (ROOT / path).read_text()


def without_jinja(text: str) -> str:
    """The markup with Jinja's tags emptied, so that a ``>`` inside them ends no element."""
    return re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_template_compiles(path: Path) -> None:
    app = Flask("compile", template_folder=str(ROOT))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.parse(source(path))


@pytest.mark.parametrize("path", FRAGMENTS, ids=str)
def test_fragment_extends_nothing(path: Path) -> None:
    assert "{% extends" not in source(path)


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_is_inline(path: Path) -> None:
    text = without_jinja(source(path))
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "inline script"
    assert not re.search(r"<style|\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_needs_eval(path: Path) -> None:
    text = source(path)
    assert "hx-on" not in text
    assert "js:" not in text
    assert not re.search(r'hx-trigger="[^"]*\[', text)


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_requesting_element_names_its_target_and_swap(path: Path) -> None:
    for element in REQUEST.findall(without_jinja(source(path))):
        assert "hx-target=" in element, element
        assert "hx-swap=" in element, element


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_form_works_without_javascript(path: Path) -> None:
    for form in re.findall(r"<form\b[^<>]*>", without_jinja(source(path))):
        if 'id="toast-template"' in source(path) and "hidden" in form:
            continue  # the toast's form gets its action from the server's answer
        assert "action=" in form, form
        assert "method=" in form, form


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_posting_form_carries_the_csrf_token(path: Path) -> None:
    text = source(path)
    for match in re.finditer(r'<form\b[^>]*method="post".*?</form>', text, re.S):
        assert "csrf" in match.group(), match.group()[:120]
